import Testing

/// `client_id`: a message that is sent again is stored once.
struct ExactlyOnceTests {
    private static let id = "f81d4fae-7dec-41d0-a765-00a0c91e6bf6"

    @Test func `the same id again gives the stored message, and stores nothing`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let first = try await alice.say("once", in: room, clientID: Self.id)
            for id in [Self.id, Self.id.uppercased()] {
                let form = ["content": "once", "client_id": id]
                let again = try await alice.post("/room/\(room)/send", form, as: .json)
                #expect(again.status == 200)
                #expect(try again.json() == first)
                expectRedirect(try await alice.post("/room/\(room)/send", form), to: "/room/\(room)")
            }
            #expect(try await alice.contents(in: room) == ["once"])
        }
    }

    @Test func `a form sent twice is one message`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for _ in 0..<2 {
                expectRedirect(
                    try await alice.post("/room/\(room)/send", ["content": "once", "client_id": Self.id]),
                    to: "/room/\(room)")
            }
            #expect(try await alice.contents(in: room) == ["once"])
        }
    }

    @Test func `also after a restart`() async throws {
        try await TestSite.withSchema { schema in
            var cookie: String?
            var first = JSON.null
            var room: Int64 = 0
            try await TestSite.start(on: schema).runThenStop { site in
                let alice = try await site.person("alice")
                room = try await alice.makeRoom()
                first = try await alice.say("once", in: room, clientID: Self.id)
                cookie = alice.cookie
            }
            try await TestSite.start(on: schema).runThenStop { site in
                let alice = site.visitor(cookie: cookie)
                #expect(try await alice.name() == "alice", "the session outlives the restart, too")
                let form = ["content": "once", "client_id": Self.id]
                let again = try await alice.post("/room/\(room)/send", form, as: .json)
                #expect(again.status == 200)
                #expect(try again.json() == first)
                expectRedirect(try await alice.post("/room/\(room)/send", form), to: "/room/\(room)")
                #expect(try await alice.contents(in: room) == ["once"])
            }
        }
    }

    @Test func `twenty at once with the same id are one row, over two processes`() async throws {
        try await TestSite.with { site in
            try await site.withOtherProcess { other in
                let alice = try await site.person("alice")
                let room = try await alice.makeRoom()
                let responses = try await atOnce(20) { index in
                    try await alice.at(index.isMultiple(of: 2) ? site : other).post(
                        "/room/\(room)/send", ["content": "once", "client_id": Self.id], as: .json)
                }
                #expect(responses.filter { $0.status == 201 }.count == 1)
                #expect(responses.filter { $0.status == 200 }.count == 19)
                #expect(Set(try responses.map { try $0.json() }).count == 1, "all are told of the same message")
                #expect(try await site.int("SELECT count(*) FROM messages") == 1)
            }
        }
    }

    @Test func `the same id of two senders are two messages`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let room = try await people[0].makeRoom()
            try await people[1].join(room)
            try await people[0].say("alice's", in: room, clientID: Self.id)
            try await people[1].say("bob's", in: room, clientID: Self.id)
            #expect(try await people[0].contents(in: room) == ["alice's", "bob's"])
        }
    }

    @Test func `without an id, or with an empty one, each is a message of its own`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for id in [nil, nil, "", ""] { try await alice.say("hi", in: room, clientID: id) }
            #expect(try await alice.contents(in: room).count == 4)
        }
    }

    @Test func `what is no UUID is refused`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for id in ["1", "f81d4fae7dec41d0a76500a0c91e6bf6", Self.id + "0", "{\(Self.id)}", " ", "<b>"] {
                let form = ["content": "what was typed", "client_id": id]
                try expectProblem(try await alice.post("/room/\(room)/send", form, as: .json), 422, field: "client_id")
                expectPage(try await alice.post("/room/\(room)/send", form), 422, "what was typed</textarea>")
            }
            #expect(try await alice.contents(in: room).isEmpty)
        }
    }
}
