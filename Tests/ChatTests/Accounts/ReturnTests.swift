import Testing

/// Coming back, by `next`, to where one wanted to go before one had to log in.
struct ReturnTests {
    /// What leads to a page of ours, and nowhere else.
    static let taken = [
        "/", "/dashboard", "/my-rooms", "/my-rooms?before=41-7&limit=3", "/room/7", "/room/7?before=41",
        "/room/9999999",
        "/room/7?next=//evil.example", "/room/7?x=/../logout", "/room/%37", "/room/7?",
    ]

    /// What leads elsewhere, does something, or is no page of ours.
    static let ignored = [
        // Another host.
        "//evil.example", "///evil.example", "////evil.example", "//evil.example/room/7", "http://evil.example/room/7",
        "https:evil.example", "https:/room/7", "//evil.example\\@127.0.0.1/room/7", "//127.0.0.1@evil.example/",
        "javascript:alert(1)", "data:text/html,hi", "evil.example", "mailto:a@evil.example",
        // A backslash is a slash to browsers.
        "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example", "/room\\7",
        "/dashboard\\..\\logout",
        // What browsers leave out, and what would end the field.
        "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "/room/7\r\nSet-Cookie: a=b", " //evil.example",
        "\t//evil.example", "/room/7 ", " /room/7", "/ro\tom/7", "/\u{7F}/evil.example", "/\u{85}/evil.example",
        // Encoded once, or twice.
        "%2F%2Fevil.example", "/%2Fevil.example", "/%2F%2Fevil.example", "/%5Cevil.example", "/%255Cevil.example",
        "/%09/evil.example", "/room%2F7", "/room/7%2F..%2F..%2Flogout", "/%2e%2e//evil.example",
        // What browsers resolve before they ask.
        "/.//evil.example", "/..//evil.example", "/room/..//evil.example", "/./room/7", "/room/../dashboard",
        "/room//7",
        // Characters that are not of a target.
        "/room/７", "/room/7?q=é", "/room/7\"><script>", "/room/<7>", "/／evil.example", "/room/7#pesan-41",
        "/room/7?%zz",
        "/room/%", "/room/7?%0", "/room/%FF",
        // It does something.
        "/logout", "/logout?", "/logout?x=/room/7", "/%6Cogout", "/%6c%6F%67%6f%75%74", "/logou%74", "/./logout",
        "/room/../logout", "/room/%2e%2e/logout", "/%2E/logout", "/x/.%2e/logout", "//logout", "/logout#x",
        "/logout/..",
        "/dashboard/../logout", "/room/7/../../logout",
        // No page, or not by GET.
        "", "?", "*", "/nowhere", "/room/7/leave", "/room/7/send", "/account/delete", "/login", "/LOGOUT", "/logout/",
        "/room/0", "/room/7/", "dashboard", "../dashboard",
        "/room/7?q=" + String(repeating: "a", count: 1_991),
    ]

    @Test func `a page of this site is where one is after logging in or registering`() async throws {
        try await TestSite.with { site in
            _ = try await site.person("alice")
            for (index, next) in Self.taken.enumerated() {
                let landing = try await site.visitor().get("/?next=\(Client.encode(next))")
                #expect(landing.hiddenFields["next"] == Escaping.escaped(next), "\(next)")
                #expect(landing.text.components(after: "name=\"next\"").count == 2, "in both forms")
                expectRedirect(
                    try await site.visitor().post("/login", ["username": "alice", "next": next]), to: next)
                let newcomer = site.visitor()
                expectRedirect(
                    try await newcomer.post("/register", ["username": "new\(index)", "next": next]), to: next)
                expectRedirect(try await newcomer.get("/?next=\(Client.encode(next))"), to: next)
            }
        }
    }

    @Test func `what is no page of this site, or does something, is ignored`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            for next in Self.ignored {
                let landing = try await site.visitor().get("/?next=\(Client.encode(next))")
                #expect(landing.status == 200)
                #expect(!landing.contains("name=\"next\""), "\(next.debugDescription)")
                expectRedirect(
                    try await site.visitor().post("/login", ["username": "alice", "next": next]), to: "/dashboard")
                expectRedirect(try await alice.get("/?next=\(Client.encode(next))"), to: "/dashboard")
            }
            for next in Self.ignored.prefix(12) {
                let name = "p\(next.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) % 1_000_003 })"
                expectRedirect(
                    try await site.visitor().post("/register", ["username": name, "next": next]), to: "/dashboard")
            }
            #expect(try await alice.name() == "alice", "and nobody was logged out by it")
        }
    }

    @Test func `who opens a room without being logged in comes to it afterwards`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for target in ["/room/\(room)", "/room/\(room)?before=9", "/room/999999999"] {
                let visitor = site.visitor()
                let location = try #require(try await visitor.get(target)["location"])
                let landing = try await visitor.get(location)
                expectPage(landing, 200, "action=\"/login\"")
                let next = try #require(landing.hiddenFields["next"])
                expectRedirect(try await visitor.post("/login", ["username": "alice", "next": next]), to: target)
            }
        }
    }

    @Test func `what is wrong with a name does not make one forget where one wanted to go`() async throws {
        try await TestSite.with { site in
            _ = try await site.person("alice")
            for (target, name) in [("/login", "nobody"), ("/login", " "), ("/register", "alice"), ("/register", "a b")]
            {
                let page = try await site.visitor().post(target, ["username": name, "next": "/room/7"])
                #expect(page.status >= 400)
                #expect(page.hiddenFields["next"] == "/room/7", "\(target) \(name)")
            }
        }
    }

    @Test func `a program gets what it asked for, and is led nowhere`() async throws {
        try await TestSite.with { site in
            let response = try await site.visitor().post(
                "/register", ["username": "alice", "next": "/room/7"], as: .json)
            #expect(response.status == 201)
            #expect(response["location"] == nil)
        }
    }
}
