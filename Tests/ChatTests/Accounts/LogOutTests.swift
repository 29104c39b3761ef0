import Testing

struct LogOutTests {
    @Test(arguments: ["GET", "POST"]) func `logging out ends the session on the server`(_ method: String) async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let elsewhere = site.visitor()
            _ = try await elsewhere.post("/login", ["username": "alice"])
            let replay = site.visitor(cookie: alice.cookie)

            let response = try await alice.send(method, "/logout")
            expectRedirect(response, to: "/")
            let value = try expectCookie(response, attributes: ["Max-Age=0", "Path=/", "HttpOnly", "SameSite=Lax"])
            #expect(value == "")
            #expect(try await replay.name() == nil)
            #expect(try await elsewhere.name() == "alice", "the session of another browser goes on")
        }
    }

    @Test func `a program gets an object`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let response = try await alice.post("/logout", as: .json)
            #expect(response.status == 200)
            #expect(try response.json() == .object([:]))
            _ = try expectCookie(response, attributes: ["Max-Age=0", "Path=/", "HttpOnly", "SameSite=Lax"])
        }
    }

    @Test func `whoever is not logged in is logged out all the same`() async throws {
        try await TestSite.with { site in
            expectRedirect(try await site.visitor().get("/logout"), to: "/")
            expectRedirect(try await site.visitor(cookie: "obrolan_session=nonsense").post("/logout"), to: "/")
        }
    }

    @Test func `HEAD and what a browser fetches unasked end nothing`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            for fields: Client.Fields in [
                [("Sec-Purpose", "prefetch")],
                [("Sec-Purpose", "prefetch;prerender"), ("Sec-Fetch-Site", "same-origin")],
                [("Purpose", "prefetch")], [("Purpose", "Prefetch"), ("Sec-Fetch-Site", "none")],
                [("X-Moz", "prefetch")],
                [("X-Purpose", "preview")],
            ] {
                let response = try await alice.get("/logout", fields: fields)
                #expect(response.status == 503, "whoever keeps it must not show it for the answer")
                #expect(response["set-cookie"] == nil)
            }
            for fields: Client.Fields in [[], [("Sec-Fetch-Site", "same-origin")], [("User-Agent", "Mozilla/5.0")]] {
                let response = try await alice.send("HEAD", "/logout", fields: fields)
                #expect(response.status == 303)
                #expect(response["set-cookie"] == nil)
            }
            #expect(try await alice.name() == "alice")
        }
    }

    /// What a browser sends over plain http when one has typed the address, and when one has followed a link of a page
    /// that does not tell where it is: the same.
    private static let navigation: Client.Fields = [
        ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"), ("Accept-Language", "id"),
        ("Upgrade-Insecure-Requests", "1"),
    ]

    @Test func `where another site may have led the browser here, the page asks, and its button logs out`() async throws
    {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let page = try await alice.get("/logout", fields: Self.navigation)
            expectPage(page, 200, "action=\"/logout\"", "alice", "href=\"/dashboard\"")
            #expect(page["set-cookie"] == nil)
            #expect(try await alice.name() == "alice")
            try expectProblem(try await alice.get("/logout", as: .json, fields: Self.navigation), 403)
            #expect(try await alice.name() == "alice")

            // The button, behind a proxy that sets no-referrer and in a browser that heeds it.
            let form = page.hiddenFields
            #expect(Set(form.keys) == ["viewer", "token"])
            let fields = Self.navigation + [("Origin", "null")]
            expectRedirect(try await alice.post("/logout", form, fields: fields), to: "/")
            #expect(try await alice.name() == nil)
        }
    }

    @Test func `a typed address and a link of one's own log out at once where the browser tells`() async throws {
        try await TestSite.with { site in
            _ = try await site.person("alice")
            let own = "http://127.0.0.1:\(site.port)/dashboard"
            for fields: Client.Fields in [
                [("Sec-Fetch-Site", "none")], [("Sec-Fetch-Site", "same-origin")], [("Referer", own)],
            ] {
                let alice = site.visitor()
                _ = try await alice.post("/login", ["username": "alice"])
                expectRedirect(try await alice.get("/logout", fields: Self.navigation + fields), to: "/")
                #expect(try await alice.name() == nil)
            }
            expectRedirect(try await site.visitor().get("/logout", fields: Self.navigation), to: "/")
        }
    }

    @Test func `of several sessions in one browser none is left`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let both = site.visitor(cookie: people.compactMap(\.cookie).joined(separator: "; "))
            expectRedirect(try await both.get("/logout"), to: "/")
            #expect(try await site.int("SELECT count(*) FROM sessions") == 0)
        }
    }
}
