import Testing

struct LandingTests {
    @Test func `the landing page has the forms to log in and to register`() async throws {
        try await TestSite.with { site in
            let response = try await site.visitor().get("/")
            #expect(response.status == 200)
            #expect(response["content-type"] == "text/html; charset=utf-8")
            #expect(response.contains("action=\"/login\""))
            #expect(response.contains("action=\"/register\""))
        }
    }

    @Test func `whoever is logged in goes on to the dashboard`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let response = try await alice.get("/")
            #expect(response.status == 303)
            #expect(response["location"] == "/dashboard")
        }
    }
}
