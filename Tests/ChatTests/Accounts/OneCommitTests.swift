import Testing

/// Registering and logging in are done as a whole or not at all, with the end of the session that the browser had.
struct OneCommitTests {
    @Test(arguments: ["/register", "/login"])
    func `when the former session cannot be ended nothing is done, and the next attempt does it all`(_ target: String)
        async throws
    {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let former = site.visitor(cookie: alice.cookie)
            let name = target == "/register" ? "bob" : "alice"
            // As when another session holds that row for too long.
            _ = try await site.query(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    RAISE EXCEPTION 'somebody holds it' USING ERRCODE = 'lock_not_available';
                END $$
                """)
            _ = try await site.query(
                "CREATE TRIGGER refuse BEFORE DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION refuse()")
            for format in [Client.Format.html, .json] {
                let response = try await alice.post(target, ["username": name], as: format)
                #expect(response["set-cookie"] == nil)
                #expect(response["retry-after"].flatMap { Int($0) } ?? 0 > 0)
                #expect(response.contains("Server sedang sibuk. Coba lagi sebentar lagi."))
                if format == .html { expectPage(response, 503) } else { try expectProblem(response, 503) }
            }
            #expect(try await site.int("SELECT count(*) FROM sessions") == 1)
            #expect(try await alice.name() == "alice")

            _ = try await site.query("DROP TRIGGER refuse ON sessions")
            expectRedirect(try await alice.post(target, ["username": name]), to: "/dashboard")
            #expect(try await alice.name() == name)
            #expect(try await former.name() == nil)
            #expect(try await site.int("SELECT count(*) FROM sessions") == 1)
        }
    }

    @Test func `who is refused a name keeps the session`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            #expect(try await people[0].post("/register", ["username": "BOB"], as: .json).status == 409)
            #expect(try await people[0].post("/login", ["username": "nobody"], as: .json).status == 404)
            #expect(try await people[0].name() == "alice")
        }
    }
}
