import Testing

/// `viewer`: a page of one person must not act for another who has logged in in the same browser since.
struct OtherPersonTests {
    /// A room with alice and budi in it; `acting` is the browser where budi is logged in now.
    private func withRoom(
        _ body: (_ room: Int64, _ acting: Client, _ alice: Int64, _ budi: Int64) async throws -> Void
    ) async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "budi")
            let room = try await people[0].makeRoom()
            try await people[1].join(room)
            try await body(room, people[1], try await people[0].id(), try await people[1].id())
        }
    }

    @Test func `a message of another person's page is not stored`() async throws {
        try await withRoom { room, budi, alice, _ in
            let form = ["content": "from alice's page", "viewer": "\(alice)"]
            try expectProblem(try await budi.post("/room/\(room)/send", form, as: .json), 409)
            expectPage(
                try await budi.post("/room/\(room)/send", form), 409, "yang masuk sekarang orang lain",
                "from alice&#39;s page</textarea>")
            #expect(try await budi.contents(in: room) == [])
        }
    }

    @Test func `nor is it answered with what that person has stored under the same client_id`() async throws {
        try await withRoom { room, budi, alice, _ in
            let id = "f81d4fae-7dec-41d0-a765-00a0c91e6bf6"
            try await budi.say("budi's", in: room, clientID: id)
            let form = ["content": "alice's", "client_id": id, "viewer": "\(alice)"]
            try expectProblem(try await budi.post("/room/\(room)/send", form, as: .json), 409)
            #expect(try await budi.contents(in: room) == ["budi's"])
        }
    }

    @Test func `one's own is stored, also beside another's in the same commit`() async throws {
        try await withRoom { room, client, alice, budi in
            let statuses = try await atOnce(20) { index in
                let form = ["content": "\(index)", "viewer": "\(index % 2 == 0 ? budi : alice)"]
                return try await client.post("/room/\(room)/send", form, as: .json).status
            }
            #expect(statuses == (0..<20).map { $0 % 2 == 0 ? 201 : 409 })
            #expect(try await client.messages(in: room)["messages"].elements.count == 10)
        }
    }

    @Test(arguments: ["", "after=0&", "after=0&wait=20&", "before=9&"])
    func `another person's page is told nothing`(_ query: String) async throws {
        try await withRoom { room, client, alice, budi in
            let target = "/room/\(room)/messages?\(query)viewer="
            try expectProblem(try await client.get("\(target)\(alice)", as: .json), 409)
            #expect(try await client.get("\(target)\(alice)").status == 409)
            try await client.say("hello", in: room)
            #expect(try await client.getJSON("\(target)\(budi)")["messages"].elements.count == 1)
        }
    }

    @Test func `nor where a request for the right person's page has just been held`() async throws {
        try await withRoom { room, client, alice, budi in
            let target = "/room/\(room)/messages?after=0&wait=1&viewer="
            // So many that both event loops know budi now.
            let own = try await atOnce(20) { _ in try await client.get("\(target)\(budi)", as: .json).status }
            #expect(own.allSatisfy { $0 == 200 })
            let others = try await atOnce(20) { _ in try await client.get("\(target)\(alice)", as: .json).status }
            #expect(others.allSatisfy { $0 == 409 })
        }
    }

    @Test(arguments: ["0", "-1", "budi", "", "9223372036854775808"])
    func `a viewer that is no id is refused`(_ viewer: String) async throws {
        try await withRoom { room, client, _, _ in
            let form = ["content": "hello", "viewer": viewer]
            try expectProblem(try await client.post("/room/\(room)/send", form, as: .json), 422, field: "viewer")
            let response = try await client.get("/room/\(room)/messages?viewer=\(viewer)", as: .json)
            try expectProblem(response, 422, field: "viewer")
        }
    }
}
