import PostgreSQL
import Testing

struct RoomLeavingTests {
    @Test func `whoever leaves is out, and may come back to what was said`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let room = try await alice.makeRoom()
            try await bob.join(room)
            expectRedirect(try await bob.post("/room/\(room)/leave"), to: "/dashboard?left=\(room)")
            #expect(try await bob.get("/room/\(room)").status == 403)
            #expect(try await bob.getJSON("/my-rooms")["rooms"].elements.isEmpty)
            #expect(try await alice.messages(in: room)["room"]["members"].int == 1)
            try await alice.say("bob missed this", in: room)

            try await bob.join(room)
            #expect(try await bob.contents(in: room) == ["bob missed this"])
            let program = try await bob.post("/room/\(room)/leave", as: .json)
            #expect(program.status == 200)
            #expect(try program.json() == .object([:]))
        }
    }

    @Test func `leaving twice is refused`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            try await alice.leave(room)
            expectPage(try await alice.post("/room/\(room)/leave"), 403)
            try expectProblem(try await alice.post("/room/\(room)/leave", as: .json), 403)
            try expectProblem(try await alice.post("/room/1/leave", as: .json), 404)
            #expect(try await site.int("SELECT member_count FROM rooms") == 0)
        }
    }

    @Test func `a room stays when all have left, with what was said in it`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom(name: "kopi")
            try await alice.say("still here", in: room)
            try await alice.leave(room)
            #expect(try await site.int("SELECT count(*) FROM room_members") == 0)
            try await alice.join(room)
            #expect(try await alice.contents(in: room) == ["still here"])
        }
    }

    @Test func `rooms cannot be deleted even in SQL`() async throws {
        try await TestSite.with { site in
            let room = try await site.person("alice").makeRoom()
            let error = await #expect(throws: PostgresError.self) {
                try await site.query("DELETE FROM rooms WHERE id = $1", [.int(room)])
            }
            #expect(error?.sqlState == "23001")
            #expect(try await site.int("SELECT count(*) FROM rooms") == 1)
        }
    }
}
