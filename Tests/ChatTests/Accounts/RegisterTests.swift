import PostgreSQL
import NonblockingIO
import Testing

struct RegisterTests {
    private static let attributes: Set = ["Max-Age=2592000", "Path=/", "HttpOnly", "SameSite=Lax"]

    @Test func `a browser that registers gets a session and the dashboard`() async throws {
        try await TestSite.with { site in
            let alice = site.visitor()
            let response = try await alice.post("/register", ["username": "alice"])
            expectRedirect(response, to: "/dashboard")
            let token = try expectCookie(response, attributes: Self.attributes)
            #expect(token.utf8.count == 64 && token.allSatisfy(\.isHexDigit), "256 bits")
            #expect(try await alice.name() == "alice")
        }
    }

    @Test func `a program that registers gets its account`() async throws {
        try await TestSite.with { site in
            let alice = site.visitor()
            let response = try await alice.post("/register", ["username": "alice"], as: .json)
            #expect(response.status == 201)
            _ = try expectCookie(response, attributes: Self.attributes)
            let account = try response.json()
            #expect(account.names == ["id", "username", "created_at"])
            #expect(account["username"].string == "alice")
            #expect(try await alice.id() == account["id"].int)
        }
    }

    @Test func `behind TLS the cookie is for TLS only`() async throws {
        try await TestSite.with(hasSecureCookies: true) { site in
            let alice = site.visitor()
            let registered = try await alice.post("/register", ["username": "alice"])
            _ = try expectCookie(registered, attributes: Self.attributes.union(["Secure"]))
            let left = try await alice.post("/logout")
            _ = try expectCookie(left, attributes: ["Max-Age=0", "Path=/", "HttpOnly", "SameSite=Lax", "Secure"])
        }
    }

    @Test(arguments: ["127.0.0.1", "10.0.0.0/8"])
    func `the cookie is for TLS only when a trusted proxy says that the client spoke it`(proxy: String) async throws {
        let network = try #require(IPNetwork(proxy))
        let isTrusted = proxy == "127.0.0.1"
        try await TestSite.with(trustedProxies: [network]) { site in
            let alice = site.visitor()
            let secured = [
                (name: "X-Forwarded-For", value: "192.0.2.1"), (name: "X-Forwarded-Proto", value: "https"),
            ]
            let registered = try await alice.post("/register", ["username": "alice"], fields: secured)
            _ = try expectCookie(
                registered, attributes: isTrusted ? Self.attributes.union(["Secure"]) : Self.attributes)
            let again = try await alice.post("/login", ["username": "alice"])
            _ = try expectCookie(again, attributes: Self.attributes)
        }
    }

    @Test func `two sessions have different tokens, and only their digests are stored`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let other = site.visitor()
            _ = try await other.post("/login", ["username": "alice"])
            let tokens = [alice, other].compactMap { $0.cookie?.dropFirst("obrolan_session=".count) }
            #expect(Set(tokens).count == 2)
            let rows = try await site.query("SELECT sessions::text, encode(token_hash, 'hex') FROM sessions")
            #expect(rows.count == 2)
            for token in tokens {
                for row in rows { #expect(try !row.text(0).contains(token)) }
                let digest = try await site.query(
                    "SELECT encode(sha256(decode($1, 'hex')), 'hex')", [.text(String(token))])
                #expect(try rows.contains { try $0.text(1) == digest[0].text(0) })
            }
            let days = try await site.int(
                "SELECT count(*) FROM sessions WHERE expires_at - created_at = interval '30 days'")
            #expect(days == 2)
        }
    }

    @Test func `a name is kept trimmed and composed`() async throws {
        try await TestSite.with { site in
            for (typed, kept) in [
                ("  alice\u{3000}", "alice"), ("Jose\u{301}", "Jos\u{E9}"), ("𠮷田", "𠮷田"), ("Алиса", "Алиса"),
                ("x.y_z-1", "x.y_z-1"), ("हिन्दी", "हिन्दी"),
            ] {
                let client = site.visitor()
                let account = try await client.post("/register", ["username": typed], as: .json).json()
                #expect(account["username"].string.map { Array($0.utf8) } == Array(kept.utf8))
                #expect(try await client.name().map { Array($0.utf8) } == Array(kept.utf8))
            }
        }
    }

    @Test func `32 characters are enough and 33 too many, counted as composed code points`() async throws {
        try await TestSite.with { site in
            for unit in ["a", "é", "o\u{308}", "愛", "𠮷", "a\u{304}\u{323}"] {
                let composed = unit == "a\u{304}\u{323}" ? 2 : 1
                let limit = String(repeating: unit, count: 32 / composed)
                let good = try await site.visitor().post("/register", ["username": limit], as: .json)
                #expect(good.status == 201, "\(unit)")
                let bad = try await site.visitor().post("/register", ["username": limit + "b"], as: .json)
                try expectProblem(bad, 422, field: "username")
            }
            // Composing makes two of this one.
            let growing = try await site.visitor().post(
                "/register", ["username": String(repeating: "\u{958}", count: 17)], as: .json)
            try expectProblem(growing, 422, field: "username")
            #expect(try await site.int("SELECT max(char_length(username)) FROM users") == 32)
        }
    }

    @Test func `a name is taken in every case and form that it may be written in`() async throws {
        try await TestSite.with { site in
            for (first, second) in [
                ("alice", "alice"), ("bob", "BOB"), ("José", "JOSE\u{301}"), ("jos\u{E9}e", "Jose\u{301}e"),
                ("Äpfel", "äPFEL"), ("АЛИСА", "алиса"), ("Σίσυφος", "ΣΊΣΥΦΟΣ"), ("ǆ", "ǅ"),
            ] {
                _ = try await site.person(first)
                let problem = try await site.visitor().post("/register", ["username": second], as: .json)
                try expectProblem(problem, 409, field: "username")
                #expect(problem["set-cookie"] == nil)
                let page = try await site.visitor().post("/register", ["username": second])
                expectPage(page, 409, "action=\"/register\"", "action=\"/login\"")
                #expect(page["set-cookie"] == nil)
            }
            #expect(try await site.int("SELECT count(*) FROM users") == 8)
        }
    }

    @Test(arguments: [
        "", "   ", "al ice", "<script>", "alice😀", "a\u{7}b", "\"\u{301}", String(repeating: "a", count: 33),
    ])
    func `a bad name is refused on the page where it was typed`(_ typed: String) async throws {
        try await TestSite.with { site in
            let page = try await site.visitor().post("/register", ["username": typed])
            expectPage(page, 422, "action=\"/register\"", "action=\"/login\"", "register-error")
            #expect(page["set-cookie"] == nil)
            let echoes = page.text.components(after: "id=\"register-username\" name=\"username\" value=\"")
            try #require(echoes.count == 1)
            #expect(echoes[0].utf8.starts(with: Escaping.escaped(typed).utf8), "what was typed, escaped")
            let problem = try await site.visitor().post("/register", ["username": typed], as: .json)
            try expectProblem(problem, 422, field: "username")
            #expect(try await site.int("SELECT count(*) FROM users") == 0)
        }
    }

    @Test func `a form without the field is refused`() async throws {
        try await TestSite.with { site in
            for target in ["/register", "/login"] {
                try expectProblem(try await site.visitor().post(target, as: .json), 422, field: "username")
                expectPage(try await site.visitor().post(target, ["name": "alice"]), 422)
            }
        }
    }

    @Test func `of fifty who register one name at once exactly one gets it`() async throws {
        try await TestSite.with { site in
            let statuses = try await atOnce(50) { index in
                try await site.visitor().post("/register", ["username": index.isMultiple(of: 2) ? "alice" : "ALICE"])
                    .status
            }
            #expect(statuses.filter { $0 == 303 }.count == 1)
            #expect(statuses.filter { $0 == 409 }.count == 49)
            #expect(try await site.int("SELECT count(*) FROM users") == 1)
            #expect(try await site.int("SELECT count(*) FROM sessions") == 1)
        }
    }
}
