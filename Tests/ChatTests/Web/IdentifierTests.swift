import Testing

struct IdentifierTests {
    @Test(arguments: [
        "0", "-1", "+3", "9223372036854775808", "99999999999999999999999", "abc", "", "1.0", "07", "%30", "%00", "%FF",
        "1%20",
    ])
    func `what is no ID is not found in a path`(_ id: String) async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            _ = try await alice.makeRoom()
            for path in ["/room/\(id)", "/room/\(id)/messages", "/room/\(id)/messages?after=0&wait=3"] {
                #expect(try await alice.get(path).status == 404, "\(path)")
                try expectProblem(try await alice.get(path, as: .json), 404)
            }
            for path in ["/room/\(id)/send", "/room/\(id)/leave"] {
                #expect(try await alice.post(path, ["content": "hi"]).status == 404, "\(path)")
                try expectProblem(try await alice.post(path, ["content": "hi"], as: .json), 404)
            }
            #expect(try await site.int("SELECT count(*) FROM messages") == 0)
        }
    }

    @Test func `the greatest number is an ID that no room has`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            expectPage(try await alice.get("/room/9223372036854775807"), 404)
            try expectProblem(try await alice.get("/room/9223372036854775807/messages", as: .anything), 404)
            #expect(try await alice.post("/room/9223372036854775807/send", ["content": "hi"]).status == 404)
            #expect(try await alice.post("/room/9223372036854775807/leave").status == 404)
        }
    }

    @Test func `a path that is not there is not found`() async throws {
        try await TestSite.with { site in
            for path in [
                "/nowhere", "/room", "/room/", "/room/1/", "/dashboard/", "/css/none.css", "/../schema.sql",
                "/js/../../schema.sql",
            ] {
                for person in [site.visitor(), try await site.person("p\(path.hashValue.magnitude % 1_000_000)")] {
                    expectPage(try await person.get(path), 404)
                    try expectProblem(try await person.get(path, as: .json), 404)
                }
            }
        }
    }

    @Test(arguments: [
        ("/css/style.css", "text/css"), ("/js/chat.js", "text/javascript"), ("/favicon.svg", "image/svg+xml"),
    ])
    func `the files of Public are served`(_ path: String, type: String) async throws {
        try await TestSite.with { site in
            let response = try await site.visitor().get(path)
            #expect(response.status == 200)
            #expect(response["content-type"]?.hasPrefix(type) == true)
            #expect(response["x-content-type-options"] == "nosniff")
            #expect(!response.content.isEmpty)
        }
    }

    @Test func `the health is well while the database answers`() async throws {
        try await TestSite.with { site in
            for format in [Client.Format.html, .json] {
                let response = try await site.visitor().get("/healthz", as: format)
                #expect(response.status == 200)
            }
        }
    }
}
