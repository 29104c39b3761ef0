import Testing

/// One's sessions, and ending the others.
struct SessionListTests {
    @Test func `the others are ended and this one stays`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let bob = try await site.person("bob")
            let elsewhere = [site.visitor(), site.visitor()]
            for browser in elsewhere { _ = try await browser.post("/login", ["username": "alice"]) }
            let page = try await alice.get("/dashboard")
            #expect(page.text.components(after: "Peramban ini").count == 1)
            #expect(page.text.components(after: "Peramban lain").count == 2)
            #expect(page.contains("action=\"/logout/others\""))

            let cookie = alice.cookie
            expectRedirect(try await alice.post("/logout/others"), to: "/dashboard")
            #expect(alice.cookie == cookie)
            #expect(try await alice.name() == "alice")
            for browser in elsewhere { #expect(try await browser.name() == nil) }
            #expect(try await bob.name() == "bob", "nobody else is logged out")
            let after = try await alice.get("/dashboard")
            #expect(!after.contains("Peramban lain") && !after.contains("action=\"/logout/others\""))
            #expect(try await alice.post("/logout/others", as: .json).status == 200, "nobody is left to be logged out")
        }
    }

    @Test func `what the others have held is answered at once, also at another process`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let cursor = try #require(try await alice.messages(in: room)["cursor"].int)
            let elsewhere = site.visitor()
            _ = try await elsewhere.post("/login", ["username": "alice"])
            try await site.withOtherProcess { other in
                let own = try await alice.wait(in: room, after: cursor)
                let held = [
                    try await elsewhere.wait(in: room, after: cursor),
                    try await elsewhere.at(other).wait(in: room, after: cursor),
                ]
                try await expectHeld(own, held[0], held[1])
                expectRedirect(try await alice.post("/logout/others"), to: "/dashboard")
                for request in held { try expectProblem(try await request.response(), 401) }
                try await expectHeld(own)
                try await alice.say("still here", in: room)
                #expect(try await own.response().status == 200)
            }
        }
    }

    @Test func `of browsers that end each other at once one stays`() async throws {
        try await TestSite.with { site in
            _ = try await site.person("alice")
            for _ in 0..<5 {
                let browsers = (0..<4).map { _ in site.visitor() }
                for browser in browsers { _ = try await browser.post("/login", ["username": "alice"]) }
                let answers = try await atOnce(4) { try await browsers[$0].post("/logout/others", as: .json).status }
                #expect(answers.filter { $0 == 200 }.count == 1)
                #expect(answers.filter { $0 == 401 }.count == 3)
                var names: [String] = []
                for browser in browsers { if let name = try await browser.name() { names.append(name) } }
                #expect(names == ["alice"])
            }
        }
    }

    @Test func `a session that is over ends no other, and is not listed`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let elsewhere = site.visitor()
            _ = try await elsewhere.post("/login", ["username": "alice"])
            _ = try await site.query(
                "UPDATE sessions SET expires_at = now() WHERE created_at = (SELECT min(created_at) FROM sessions)")
            try expectProblem(try await alice.post("/logout/others", as: .json), 401)
            #expect(try await elsewhere.name() == "alice")
            #expect(try await !elsewhere.get("/dashboard").contains("Peramban lain"))
        }
    }

    @Test func `the way out is on every page of somebody who is logged in`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (room, other) = (try await people[0].makeRoom(), try await people[1].makeRoom())
            for target in [
                "/dashboard", "/my-rooms", "/room/\(room)", "/room/\(room)/details", "/join/\(other)",
                "/join/\(room)/poster", "/room/\(other)",
            ] {
                let page = try await people[0].get(target)
                let navigation = try #require(page.text.components(after: "<nav").first)
                #expect(navigation.prefix { $0 != "\u{0}" }.contains("action=\"/logout\""), "\(target)")
            }
        }
    }

    @Test func `rooms come first for somebody who has some`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            func order() async throws -> Bool {
                let page = try await alice.get("/dashboard").text
                let rooms = try #require(page.firstRange(of: "id=\"rooms-heading\""))
                let create = try #require(page.firstRange(of: "id=\"create-heading\""))
                #expect(page.components(after: "id=\"rooms-heading\"").count == 1)
                return rooms.lowerBound < create.lowerBound
            }
            #expect(try await !order())
            try await alice.makeRoom()
            #expect(try await order())
        }
    }
}
