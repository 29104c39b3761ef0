import Testing

struct MethodTests {
    /// Every path with the methods that it has.
    static let paths: [(path: String, allowed: Set<String>)] = [
        ("/", ["GET", "HEAD", "OPTIONS"]), ("/register", ["POST", "OPTIONS"]), ("/login", ["POST", "OPTIONS"]),
        ("/logout", ["GET", "HEAD", "POST", "OPTIONS"]), ("/dashboard", ["GET", "HEAD", "OPTIONS"]),
        ("/my-rooms", ["GET", "HEAD", "OPTIONS"]), ("/room/create", ["POST", "OPTIONS"]),
        ("/room/join", ["POST", "OPTIONS"]), ("/room/7/leave", ["POST", "OPTIONS"]),
        ("/room/7", ["GET", "HEAD", "OPTIONS"]), ("/room/7/send", ["POST", "OPTIONS"]),
        ("/join/7", ["GET", "HEAD", "OPTIONS"]), ("/room/7/details", ["GET", "HEAD", "OPTIONS"]),
        ("/room/7/export", ["GET", "HEAD", "OPTIONS"]), ("/room/7/name", ["POST", "OPTIONS"]),
        ("/room/7/messages", ["GET", "HEAD", "OPTIONS"]), ("/account/delete", ["POST", "OPTIONS"]),
        ("/healthz", ["GET", "HEAD", "OPTIONS"]),
    ]

    private func allow(_ response: Response) -> Set<String> {
        Set((response["allow"] ?? "").replacing(" ", with: "").split(separator: ",").map(String.init))
    }

    @Test func `another method of a path that exists is not allowed, and Allow says which are`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            for (path, allowed) in Self.paths {
                for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"] where !allowed.contains(method) {
                    for person in [alice, site.visitor()] {
                        let page = try await person.send(method, path)
                        #expect(page.status == 405, "\(method) \(path)")
                        #expect(allow(page) == allowed, "\(method) \(path)")
                        if method != "HEAD" { expectPage(page, 405) }
                    }
                    guard method != "HEAD" else { continue }
                    let problem = try await alice.send(method, path, as: .json)
                    try expectProblem(problem, 405)
                    #expect(allow(problem) == allowed)
                }
            }
            #expect(try await alice.name() == "alice", "nothing was done")
        }
    }

    @Test func `OPTIONS says what a path allows`() async throws {
        try await TestSite.with { site in
            for (path, allowed) in Self.paths {
                let response = try await site.visitor().send("OPTIONS", path)
                #expect(response.status == 204)
                #expect(allow(response) == allowed)
            }
            #expect(try await site.visitor().send("OPTIONS", "*").status == 204)
            #expect(try await site.visitor().send("OPTIONS", "/nowhere").status == 404)
        }
    }

    @Test(arguments: ["FROB", "get", "PROPFIND", "X"]) func `a method that nobody knows is not implemented`(
        _ method: String
    ) async throws {
        try await TestSite.with { site in
            for path in ["/", "/room/7", "/nowhere"] {
                #expect(try await site.visitor().send(method, path).status == 501)
                try expectProblem(try await site.visitor().send(method, path, as: .json), 501)
            }
        }
    }

    @Test func `HEAD is GET without the content`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom(name: "kopi")
            try await alice.say("hi", in: room)
            for path in [
                "/", "/dashboard", "/my-rooms", "/room/\(room)", "/room/\(room)/messages", "/healthz", "/nowhere",
                "/room/9/messages", "/css/style.css",
            ] {
                for format in [Client.Format.html, .json] {
                    let whole = try await alice.get(path, as: format)
                    let head = try await alice.send("HEAD", path, as: format)
                    #expect(head.status == whole.status)
                    #expect(head.content.isEmpty)
                    for field in ["content-type", "content-length", "location", "content-security-policy"] {
                        #expect(head[field] == whole[field], "\(field) of \(path)")
                    }
                }
            }
            expectRedirect(try await alice.send("HEAD", "/logout"), to: "/")
        }
    }
}
