import Testing

struct CrossSiteTests {
    static let foreign: [(name: String, fields: Client.Fields)] = [
        ("cross-site", [("Sec-Fetch-Site", "cross-site")]), ("same-site", [("Sec-Fetch-Site", "same-site")]),
        ("origin", [("Origin", "http://evil.example")]), ("null", [("Origin", "null")]),
        ("both", [("Sec-Fetch-Site", "cross-site"), ("Origin", "http://evil.example")]),
        ("referer", [("Referer", "http://evil.example/")]),
    ]

    @Test(arguments: foreign.indices) func `a request of another site changes nothing`(_ index: Int) async throws {
        let fields = Self.foreign[index].fields
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let room = try await alice.makeRoom()
            let bobs = try await bob.makeRoom()
            let cookie = alice.cookie
            for (method, target, form) in [
                ("POST", "/register", ["username": "mallory"]), ("POST", "/login", ["username": "bob"]),
                ("POST", "/logout", [:]), ("GET", "/logout", [:]), ("HEAD", "/logout", [:]),
                ("POST", "/room/create", ["type": "group"]), ("POST", "/room/join", ["room_id": "\(bobs)"]),
                ("POST", "/room/\(room)/leave", [:]), ("POST", "/room/\(room)/send", ["content": "spam"]),
                ("POST", "/account/delete", [:]),
            ] {
                for format in [Client.Format.html, .json] {
                    let response =
                        method == "POST"
                        ? try await alice.post(target, form, as: format, fields: fields)
                        : try await alice.send(method, target, as: format, fields: fields)
                    #expect(response.status == 403, "\(method) \(target)")
                    #expect(response["set-cookie"] == nil)
                    if method != "HEAD" {
                        if format == .html { expectPage(response, 403) } else { try expectProblem(response, 403) }
                    }
                }
            }
            #expect(alice.cookie == cookie)
            #expect(try await alice.name() == "alice")
            #expect(try await alice.contents(in: room).isEmpty)
            #expect(try await site.int("SELECT count(*) FROM users") == 2)
            #expect(try await site.int("SELECT count(*) FROM rooms") == 2)
            #expect(try await site.int("SELECT count(*) FROM room_members") == 2)
            #expect(try await site.int("SELECT count(*) FROM sessions") == 2)
            #expect(try await alice.get("/dashboard", fields: fields).status == 200, "a link from elsewhere works")
        }
    }

    @Test func `requests of this site and of programs pass`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let own = "http://127.0.0.1:\(site.port)"
            for fields: Client.Fields in [
                [], [("Sec-Fetch-Site", "same-origin")], [("Sec-Fetch-Site", "none")], [("Origin", own)],
                [("Origin", "https://127.0.0.1:\(site.port)")], [("Referer", "\(own)/room/\(room)")],
                [("Sec-Fetch-Site", "same-origin"), ("Origin", own)],
            ] {
                let response = try await alice.post("/room/\(room)/send", ["content": "hi"], fields: fields)
                expectRedirect(response, to: "/room/\(room)")
                let browser = site.visitor()
                expectRedirect(
                    try await browser.post("/login", ["username": "alice"], fields: fields), to: "/dashboard")
                expectRedirect(try await browser.get("/logout", fields: fields), to: "/")
                #expect(try await browser.name() == nil)
            }
            #expect(try await alice.contents(in: room).count == 7)
        }
    }
}
