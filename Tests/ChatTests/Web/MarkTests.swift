import Testing

/// Every answer says that it is the chat's own, so that its script can tell it from a proxy's.
struct MarkTests {
    @Test func `every answer is marked, and none may be taken for another type`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let tag = try #require(try await alice.get("/css/style.css")["etag"])
            let foreign: Client.Fields = [("Sec-Fetch-Site", "cross-site")]
            let answers: [(expected: Int, response: Response)] = [
                (303, try await alice.get("/")), (200, try await site.visitor().get("/")),
                (200, try await alice.get("/dashboard", as: .json)), (200, try await alice.get("/css/style.css")),
                (304, try await alice.get("/css/style.css", fields: [("If-None-Match", tag)])),
                (204, try await alice.send("OPTIONS", "/dashboard")),
                (405, try await alice.send("DELETE", "/dashboard")),
                (405, try await alice.post("/css/style.css")), (501, try await alice.send("BREW", "/dashboard")),
                (200, try await alice.send("HEAD", "/room/\(room)")), (200, try await alice.get("/healthz")),
                (404, try await alice.get("/nowhere")), (404, try await alice.get("/room/7/messages")),
                (403, try await alice.post("/room/create", ["type": "group"], fields: foreign)),
                (409, try await alice.get("/dashboard?viewer=1")), (422, try await alice.post("/room/join")),
                (415, try await alice.post("/room/join", content: "x", type: "text/plain")),
                (401, try await site.visitor().post("/room/create")), (303, try await site.visitor().get("/dashboard")),
                (303, try await alice.post("/room/\(room)/send", ["content": "hi"])),
                (201, try await alice.post("/room/\(room)/send", ["content": "hi"], as: .json)),
                (303, try await alice.send("HEAD", "/logout")),
                (503, try await alice.get("/logout", fields: [("Purpose", "prefetch")])),
                (303, try await alice.get("/logout")),
            ]
            for (expected, response) in answers {
                #expect(response.status == expected, "\(response)")
                #expect(response.values(of: "obrolan") == ["1"], "\(response)")
                #expect(response.values(of: "x-content-type-options") == ["nosniff"], "\(response)")
            }
        }
    }
}
