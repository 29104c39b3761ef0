import Testing

struct RoomJoiningTests {
    @Test func `whoever has the ID can join, also twice`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let room = try await people[0].makeRoom(name: "kopi")
            for _ in 0..<2 {
                expectRedirect(try await people[1].post("/room/join", ["room_id": "\(room)"]), to: "/room/\(room)")
                let program = try await people[1].post("/room/join", ["room_id": " \(room) "], as: .json)
                #expect(program.status == 200)
                #expect(program.text == #"{"id":\#(room),"type":"group","name":"kopi","members":2}"#)
            }
            #expect(try await site.int("SELECT count(*) FROM room_members") == 2)
            expectPage(try await people[1].get("/room/\(room)"), 200, "Members: 2")
        }
    }

    @Test func `a room that is not there cannot be joined`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            for id in ["9223372036854775807", "1"] {
                let page = try await alice.post("/room/join", ["room_id": id])
                expectPage(page, 404, "Selamat datang, alice!", "join-error", "value=\"\(id)\"")
                try expectProblem(try await alice.post("/room/join", ["room_id": id], as: .json), 404)
            }
        }
    }

    @Test(arguments: ["", "0", "-1", "+3", "9223372036854775808", "abc", "1.5", "1e3", "7 7", "१", "<b>\"\u{338}"])
    func `what is no ID is refused on the page where it was typed`(_ typed: String) async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let page = try await alice.post("/room/join", ["room_id": typed])
            expectPage(page, 422, "Selamat datang, alice!", "join-error", "value=\"\(Escaping.escaped(typed))\"")
            try expectProblem(try await alice.post("/room/join", ["room_id": typed], as: .json), 422, field: "room_id")
            try expectProblem(try await alice.post("/room/join", as: .json), 422, field: "room_id")
        }
    }

    @Test func `of twenty who join a dm at once exactly one gets in, and the place is free again after leaving`()
        async throws
    {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom("dm")
            let guests = try await atOnce(20) { try await site.person("guest\($0)") }
            let statuses = try await atOnce(20) {
                try await guests[$0].post("/room/join", ["room_id": "\(room)"]).status
            }
            #expect(statuses.filter { $0 == 303 }.count == 1)
            #expect(statuses.filter { $0 == 409 }.count == 19)
            #expect(try await alice.messages(in: room)["room"]["members"].int == 2)

            let inside = try #require(statuses.firstIndex(of: 303))
            let outside = try #require(statuses.firstIndex(of: 409))
            let refused = try await guests[outside].post("/room/join", ["room_id": "\(room)"])
            expectPage(refused, 409, "join-error", "value=\"\(room)\"")
            #expect(try await guests[outside].get("/room/\(room)").status == 403)

            try await guests[inside].leave(room)
            try await guests[outside].join(room)
            #expect(try await guests[outside].get("/room/\(room)").status == 200)
            #expect(try await guests[inside].post("/room/join", ["room_id": "\(room)"]).status == 409)
        }
    }

    @Test func `a group has no such limit, and those who join at once are all counted`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let guests = try await atOnce(20) { try await site.person("guest\($0)") }
            let statuses = try await atOnce(20) {
                try await guests[$0].post("/room/join", ["room_id": "\(room)"]).status
            }
            #expect(statuses.allSatisfy { $0 == 303 })
            #expect(try await alice.messages(in: room)["room"]["members"].int == 21)
        }
    }
}
