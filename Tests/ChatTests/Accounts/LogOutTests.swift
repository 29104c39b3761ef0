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
            expectRedirect(try await site.visitor(cookie: "session=nonsense").post("/logout"), to: "/")
        }
    }
}
