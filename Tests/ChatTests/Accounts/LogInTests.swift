import Testing

struct LogInTests {
    @Test func `a name is all it takes, in any case and form`() async throws {
        try await TestSite.with { site in
            let jose = try await site.person("José")
            for typed in ["José", " josé ", "JOSE\u{301}", "jose\u{301}"] {
                let browser = site.visitor()
                let response = try await browser.post("/login", ["username": typed])
                expectRedirect(response, to: "/dashboard")
                let token = try expectCookie(
                    response, attributes: ["Max-Age=2592000", "Path=/", "HttpOnly", "SameSite=Lax"])
                #expect(token.utf8.count == 64)
                #expect(try await browser.id() == jose.id())
            }
            let program = try await site.visitor().post("/login", ["username": "José"], as: .json)
            #expect(program.status == 200)
            #expect(try program.json().names == ["id", "username", "created_at"])
            #expect(try program.json()["id"].int == (try await jose.id()))
        }
    }

    @Test func `a name that nobody has is not found, on the page where it was typed`() async throws {
        try await TestSite.with { site in
            _ = try await site.person("alice")
            let page = try await site.visitor().post("/login", ["username": "alicia"])
            expectPage(page, 404, "action=\"/login\"", "login-error", "name=\"username\" value=\"alicia\"")
            #expect(page["set-cookie"] == nil)
            let problem = try await site.visitor().post("/login", ["username": "alicia"], as: .json)
            try expectProblem(problem, 404, field: "username")
            #expect(problem["set-cookie"] == nil)
            #expect(try await site.int("SELECT count(*) FROM sessions") == 1)
        }
    }

    @Test(arguments: [
        "", "\u{A0}", "al ice", "<b>\"\u{338}", String(repeating: "a", count: 33), String(repeating: "é", count: 129),
    ])
    func `what can be no name is refused`(_ typed: String) async throws {
        try await TestSite.with { site in
            let page = try await site.visitor().post("/login", ["username": typed])
            expectPage(page, 422, "login-error")
            let echoes = page.text.components(after: "id=\"login-username\" name=\"username\" value=\"")
            try #require(echoes.count == 1)
            #expect(echoes[0].utf8.starts(with: Escaping.escaped(typed).utf8))
            try expectProblem(
                try await site.visitor().post("/login", ["username": typed], as: .json), 422, field: "username")
        }
    }

    @Test func `logging in anew ends the session that the browser had, and no other`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let elsewhere = site.visitor()
            _ = try await elsewhere.post("/login", ["username": "alice"])
            let former = site.visitor(cookie: alice.cookie)
            #expect(try await former.name() == "alice")

            expectRedirect(try await alice.post("/login", ["username": "alice"]), to: "/dashboard")
            #expect(try await alice.name() == "alice")
            #expect(try await former.name() == nil)
            #expect(try await elsewhere.name() == "alice")

            expectRedirect(try await alice.post("/register", ["username": "bob"]), to: "/dashboard")
            #expect(try await alice.name() == "bob")
            #expect(try await site.int("SELECT count(*) FROM sessions") == 2)
        }
    }

    @Test func `logging in clears old sessions away`() async throws {
        try await TestSite.with { site in
            _ = try await site.people("alice", "bob")
            _ = try await site.query("UPDATE sessions SET expires_at = now() - interval '1 second'")
            _ = try await site.visitor().post("/login", ["username": "alice"])
            #expect(try await site.int("SELECT count(*) FROM sessions") == 1)
        }
    }
}
