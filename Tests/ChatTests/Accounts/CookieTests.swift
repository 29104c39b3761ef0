import Testing

/// The session's cookie among those that other programs of the host have set: cookies do not tell ports apart.
struct CookieTests {
    private static let dead = String(repeating: "0", count: 64)

    @Test(arguments: [
        "session=abc; OWN", "OWN; obrolan_session=", "obrolan_session=nonsense; OWN", "obrolan_session=DEAD; OWN",
        "OWN; obrolan_session=DEAD", "obrolan_session=; obrolan_session=x; obrolan_session=DEAD; OWN", "OWN; OWN",
        "obrolan_session=DEAD; obrolan_session=DEAD; obrolan_session=DEAD; obrolan_session=DEAD; OWN",
    ])
    func `of several cookies of the name the valid one counts`(_ cookies: String) async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let own = try #require(alice.cookie)
            let browser = site.visitor(
                cookie: cookies.replacing("DEAD", with: Self.dead).replacing("OWN", with: own))
            #expect(try await browser.name() == "alice")
            let room = try await browser.makeRoom()
            try await browser.say("hi", in: room)
            let id = try await alice.id()
            #expect(try await browser.get("/room/\(room)?viewer=\(id)").status == 200)
            #expect(try await browser.get("/room/\(room)?viewer=\(id + 1)").status == 409)
            #expect(try await browser.get("/dashboard").hiddenFields == alice.get("/dashboard").hiddenFields)
        }
    }

    @Test func `the form token of a cookie that does not count proves nothing`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "mallory")
            let both = site.visitor(cookie: people.compactMap(\.cookie).joined(separator: "; "))
            for (person, status) in [(people[1], 403), (people[0], 303)] {
                let token = try await person.get("/dashboard").hiddenFields["token"]
                let response = try await both.post(
                    "/room/create", ["type": "group", "token": token ?? ""], fields: [("Origin", "null")])
                #expect(response.status == status)
            }
            #expect(try await people[1].getJSON("/my-rooms")["rooms"].elements.isEmpty)
        }
    }

    @Test func `no more than four are tried`() async throws {
        try await TestSite.with { site in
            let own = try #require(try await site.person("alice").cookie)
            for (count, name) in [(3, "alice"), (4, nil)] {
                let others = (1...count).map { "obrolan_session=\(Self.dead.dropLast())\($0)" }
                let browser = site.visitor(cookie: (others + [own]).joined(separator: "; "))
                #expect(try await browser.name() == name)
            }
        }
    }

    @Test func `a session under the old name is nobody's`() async throws {
        try await TestSite.with { site in
            let own = try #require(try await site.person("alice").cookie)
            #expect(try await site.visitor(cookie: own.replacing("obrolan_session", with: "session")).name() == nil)
        }
    }
}
