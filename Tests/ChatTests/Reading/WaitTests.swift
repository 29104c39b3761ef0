import Testing

/// `GET /room/ID/messages` with `wait`.
struct WaitTests {
    @Test func `a request is held until a message comes, and then answered at once`() async throws {
        try await TestSite.with(.all) { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let room = try await alice.makeRoom()
            try await bob.join(room)
            var cursor = try #require(try await alice.say("first", in: room)["id"].int)
            var fastest = Duration.seconds(100)
            for index in 0..<5 {
                let held = try await bob.wait(in: room, after: cursor)
                try await expectHeld(held)
                let start = ContinuousClock.now
                async let sent = alice.say("message \(index)", in: room)
                let answer = try await held.json()
                fastest = min(fastest, .now - start)
                let message = try await sent
                #expect(answer["messages"] == .array([message]))
                #expect(answer["cursor"] == message["id"])
                #expect(answer["has_more"].bool == false)
                #expect(answer["room"]["members"].int == 2)
                cursor = try #require(answer["cursor"].int)
            }
            #expect(fastest < .milliseconds(200), "as news, not as the next of many looks")
        }
    }

    @Test func `a request comes back empty when its time is over`() async throws {
        try await TestSite.with(.all) { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom(name: "kopi")
            let start = ContinuousClock.now
            let answer = try await alice.get("/room/\(room)/messages?after=77&wait=1", as: .anything)
            let elapsed = ContinuousClock.now - start
            #expect(elapsed >= .seconds(1) && elapsed < .seconds(3))
            #expect(
                answer.text
                    == #"{"room":{"id":\#(room),"type":"group","name":"kopi","members":1},"messages":[],"cursor":2,"#
                    + #""has_more":false}"#)
            let fragment = try await alice.get("/room/\(room)/messages?after=77&wait=1")
            #expect(fragment.status == 200)
            #expect(fragment["obrolan-cursor"] == "2")
            #expect(fragment.attributes("data-id").isEmpty)
        }
    }

    @Test(arguments: ["after=0&wait=0", "after=0", "wait=30", "before=99&wait=30"])
    func `without a wait, or without after, the answer comes at once`(_ query: String) async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let answer = try await alice.begin("/room/\(room)/messages?\(query)").json()
            #expect(answer["messages"] == .array([]))
            try expectProblem(
                try await alice.get("/room/\(room)/messages?after=0&wait=31", as: .json), 422, field: "wait")
        }
    }

    @Test func `when there are news already the answer comes at once`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let ids = try await site.insertMessages(60, by: try await alice.id(), in: room)
            let answer = try await alice.wait(in: room, after: 0, seconds: 30).json()
            #expect(answer["messages"].elements.map(\.["id"].int) == ids.prefix(50).map(Optional.init))
            #expect(answer["has_more"].bool == true)
        }
    }

    @Test func `everybody is told, each in their own words`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob", "carol")
            let (alice, bob, carol) = (people[0], people[1], people[2])
            let room = try await alice.makeRoom()
            let other = try await carol.makeRoom()
            try await bob.join(room)
            let alices = try await alice.wait(in: room, after: 0, as: .html)
            let bobs = try await bob.wait(in: room, after: 0, as: .html)
            let program = try await bob.wait(in: room, after: 0)
            let elsewhere = try await carol.wait(in: other, after: 0, seconds: 1)
            for held in [alices, bobs, program] { #expect(try await held.isHeld(for: .milliseconds(50))) }
            let message = try await alice.say("Hai semua!", in: room)
            let own = try await alices.response()
            #expect(own.contains("<bdi class=\"sender\">you</bdi>") && own.contains("Hai semua!"))
            let others = try await bobs.response()
            #expect(others.contains("<bdi class=\"sender\">alice</bdi>"))
            #expect(others["obrolan-cursor"] == message["id"].int.map(String.init))
            #expect(try await program.json()["messages"] == .array([message]))
            #expect(try await elsewhere.json()["messages"] == .array([]), "another room is none of carol's news")
        }
    }

    @Test func `each is told of what comes after its own cursor, however far they are apart`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let first = try #require(try await alice.say("first", in: room)["id"].int)
            let near = try await alice.wait(in: room, after: first)
            let far = try await alice.wait(in: room, after: first + 300)
            try await expectHeld(near, far)
            _ = try await site.insertMessages(400, by: try await alice.id(), in: room)
            let last = try await alice.say("last", in: room)
            #expect(try await near.json()["messages"][0]["id"].int == first + 1)
            let answer = try await far.json()
            #expect(answer["messages"][0]["id"].int == first + 301)
            #expect(last["id"].int == first + 401)
        }
    }

    @Test func `stopping answers what is held at once`() async throws {
        try await TestSite.withSchema { schema in
            let site = try await TestSite.start(on: schema)
            var held: [OpenRequest] = []
            do {
                let alice = try await site.person("alice")
                let room = try await alice.makeRoom()
                for _ in 0..<10 { held.append(try await alice.wait(in: room, after: 0, seconds: 30)) }
                for request in held { try await expectHeld(request) }
            } catch {
                await site.stop()
                throw error
            }
            let start = ContinuousClock.now
            await site.stop()
            #expect(ContinuousClock.now - start < .seconds(5))
            for request in held {
                let answer = try await request.response(within: .seconds(1))
                #expect(answer.status == 200)
                #expect(try answer.json()["messages"] == .array([]))
            }
        }
    }
}
