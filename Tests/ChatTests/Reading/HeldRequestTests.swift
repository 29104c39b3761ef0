import NonblockingIO
import PostgreSQL
import Testing

/// What ends a held request before there is a message, and what holding costs.
struct HeldRequestTests {
    enum Place: CaseIterable { case sameProcess, otherProcess }

    /// Two people in a room and somebody's requests held, all at one process; what happens, happens where `place` says.
    private func withHeld(
        _ place: Place,
        _ body: (_ room: Int64, _ alice: Client, _ bob: Client, _ acting: (Client) -> Client) async throws -> Void
    ) async throws {
        try await TestSite.with { site in
            try await site.withOtherProcess { other in
                let people = try await site.people("alice", "bob")
                let room = try await people[0].makeRoom()
                try await people[1].join(room)
                try await body(room, people[0], people[1]) { place == .sameProcess ? $0 : $0.at(other) }
            }
        }
    }

    @Test(arguments: Place.allCases) func `leaving the room ends that person's requests, and tells the others`(
        _ place: Place
    ) async throws {
        try await withHeld(place) { room, alice, bob, acting in
            let program = try await bob.wait(in: room, after: 0)
            let browser = try await bob.wait(in: room, after: 0, as: .html)
            let others = try await alice.wait(in: room, after: 0)
            try await expectHeld(program, browser)
            try await acting(bob).leave(room)
            try expectProblem(try await program.response(), 403)
            #expect(try await browser.response().status == 403)
            let answer = try await others.json()
            #expect(answer["messages"] == .array([]))
            #expect(answer["room"]["members"].int == 1)
        }
    }

    @Test(arguments: Place.allCases) func `logging out ends that session's requests, and no other's`(_ place: Place)
        async throws
    {
        try await withHeld(place) { room, alice, bob, acting in
            let elsewhere = Client(port: bob.port)
            _ = try await elsewhere.post("/login", ["username": "bob"])
            let held = try await bob.wait(in: room, after: 0)
            let ofOtherBrowser = try await elsewhere.wait(in: room, after: 0)
            let others = try await alice.wait(in: room, after: 0)
            try await expectHeld(held)
            expectRedirect(try await acting(bob).get("/logout"), to: "/")
            try expectProblem(try await held.response(), 401)
            try await expectHeld(ofOtherBrowser, others)
        }
    }

    @Test(arguments: Place.allCases) func `logging in anew ends the requests of the session before`(_ place: Place)
        async throws
    {
        try await withHeld(place) { room, _, bob, acting in
            let held = try await bob.wait(in: room, after: 0)
            try await expectHeld(held)
            expectRedirect(try await acting(bob).post("/login", ["username": "alice"]), to: "/dashboard")
            try expectProblem(try await held.response(), 401)
        }
    }

    @Test(arguments: Place.allCases) func `deleting the account ends that person's requests, and tells the others`(
        _ place: Place
    ) async throws {
        try await withHeld(place) { room, alice, bob, acting in
            let elsewhere = Client(port: bob.port)
            _ = try await elsewhere.post("/login", ["username": "bob"])
            let held = [try await bob.wait(in: room, after: 0), try await elsewhere.wait(in: room, after: 0)]
            let others = try await alice.wait(in: room, after: 0)
            for request in held { try await expectHeld(request) }
            expectRedirect(try await acting(bob).post("/account/delete"), to: "/")
            for request in held { try expectProblem(try await request.response(), 401) }
            let answer = try await others.json()
            #expect(answer["messages"] == .array([]))
            #expect(answer["room"]["members"].int == 1)
        }
    }

    @Test func `a session that has expired meanwhile is told nothing, and reads nothing`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let room = try await alice.makeRoom()
            try await bob.join(room)
            let held = try await bob.wait(in: room, after: 0)
            try await expectHeld(held)
            _ = try await site.query(
                "UPDATE sessions SET expires_at = now() WHERE user_id = $1", [.int(try await bob.id())])
            try await alice.say("not for bob", in: room)
            try expectProblem(try await held.response(), 401)
            try expectProblem(try await bob.get("/room/\(room)/messages", as: .json), 401)
            expectRedirect(try await bob.get("/room/\(room)"), to: "/?next=%2Froom%2F\(room)")
            #expect(try await bob.get("/").status == 200, "it is nobody's")
        }
    }

    @Test func `a message that is sent at one process reaches those who wait at the other, both ways`() async throws {
        try await withHeld(.otherProcess) { room, alice, bob, acting in
            var cursor: Int64 = 0
            for (reader, writer) in [(alice, acting(bob)), (acting(alice), bob)] {
                let held = try await reader.wait(in: room, after: cursor)
                try await expectHeld(held)
                let message = try await writer.say("hi", in: room)
                #expect(try await held.json(within: .seconds(1))["messages"] == .array([message]))
                cursor = try #require(message["id"].int)
            }
        }
    }

    @Test(arguments: Place.allCases, [401, 403]) func `who asks again after having gone is told so`(
        _ place: Place, _ status: Int
    ) async throws {
        try await withHeld(place) { room, alice, bob, acting in
            let cookie = try #require(bob.cookie)
            for _ in 0..<5 { _ = try await bob.get("/room/\(room)/messages?after=0&wait=1", as: .json) }
            if status == 401 { _ = try await acting(bob).get("/logout") } else { try await acting(bob).leave(room) }
            let sameCookie = Client(port: bob.port, cookie: cookie)
            for _ in 0..<10 {
                let again = try await sameCookie.wait(in: room, after: 0, seconds: 30)
                try expectProblem(try await again.response(), status)
            }
        }
    }

    @Test func `a process that has lost its ear for the others still tells its readers`() async throws {
        try await TestSite.with { site in
            try await site.withOtherProcess { other in
                let people = try await site.people("alice", "bob")
                let room = try await people[0].makeRoom()
                try await people[1].join(room)
                let held = try await people[1].at(other).wait(in: room, after: 0)
                try await expectHeld(held)
                let killed = try await site.int(
                    """
                    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                    WHERE application_name = $1 AND query LIKE 'LISTEN %'
                    """, [.text(site.schema.name)])
                #expect(killed == 2, "each process had one")
                let message = try await people[0].say("can you hear me?", in: room)
                #expect(try await held.json()["messages"] == .array([message]))

                // The ear is back: the next one comes as news again.
                #expect(
                    try await eventually {
                        try await site.int(
                            "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND query LIKE 'LISTEN %'",
                            [.text(site.schema.name)]) == 2
                    })
                let again = try await people[1].at(other).wait(in: room, after: try #require(message["id"].int))
                try await expectHeld(again)
                let second = try await people[0].say("and now?", in: room)
                #expect(try await again.json(within: .seconds(1))["messages"] == .array([second]))
            }
        }
    }

    @Test func `what a process has done and died before telling of is found all the same`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let room = try await alice.makeRoom()
            try await bob.join(room)
            let alices = try await alice.wait(in: room, after: 0, seconds: 30)
            let bobs = try await bob.wait(in: room, after: 0, seconds: 30)
            try await expectHeld(alices, bobs)
            _ = try await site.query(
                "DELETE FROM room_members WHERE room_id = $1 AND user_id = $2", [.int(room), .int(try await bob.id())])
            let ids = try await site.insertMessages(1, by: try await alice.id(), in: room)
            #expect(try await alices.json()["messages"][0]["id"].int == ids[0])
            try expectProblem(try await bobs.response(), 403)
        }
    }

    @Test func `two hundred held requests cost no thread and no database connection`() async throws {
        try await TestSite.with(.all) { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            func connections() async throws -> Int64 {
                try await site.int(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1", [.text(site.schema.name)])
            }
            let threadsBefore = try Blocking.otherThreadCount()
            let held = try await atOnce(200) { _ in try await alice.wait(in: room, after: 0) }
            #expect(try await held[199].isHeld())
            for request in held { #expect(!request.socket.isReadable(within: .zero)) }
            #expect(try Blocking.otherThreadCount() <= threadsBefore + 8, "of Dispatch, a few come and go")
            #expect(try await connections() <= 15, "those of the lanes, seven for each event loop, and the listener's")

            let message = try await alice.say("everybody!", in: room)
            for request in held {
                #expect(try await request.json()["messages"] == .array([message]))
            }
        }
    }

    @Test func `a client that goes away frees its request`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            // One that ends its side only is answered at once.
            let half = try await alice.wait(in: room, after: 0)
            try await expectHeld(half)
            half.socket.endSending()
            #expect(try await half.json()["messages"] == .array([]))

            func hold() async throws -> UInt16 {
                let request = try await alice.wait(in: room, after: 0)
                try await expectHeld(request)
                #expect(try ClientSocket.isOpen(from: request.socket.localPort, to: site.port))
                return request.socket.localPort
            }
            let port = try await hold()
            #expect(try await eventually { try !ClientSocket.isOpen(from: port, to: site.port) })
        }
    }
}
