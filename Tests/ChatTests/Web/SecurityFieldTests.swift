import Testing

struct SecurityFieldTests {
    @Test func `every page has the fields that keep it safe, errors too`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            try await alice.say("hi", in: room)
            for path in [
                "/dashboard", "/my-rooms", "/room/\(room)", "/room/\(room)/messages", "/nowhere", "/room/7",
                "/room/7/messages", "/room/\(room)/messages?limit=0",
            ] {
                let response = try await alice.get(path)
                #expect(response["content-type"] == "text/html; charset=utf-8", "\(path)")
                expectSecurityFields(response)
                #expect(
                    !response.contains(" style=") && !response.contains("<style") && !response.contains(" onclick="))
                for script in response.text.components(after: "<script") {
                    #expect(script.hasPrefix(" type=\"module\" src=\"/"))
                }
            }
            for path in ["/", "/nowhere", "/room/\(room)/messages"] {
                expectSecurityFields(try await site.visitor().get(path))
            }
            for (path, form) in [
                ("/register", ["username": ""]), ("/login", ["username": "nobody"]), ("/room/create", [:]),
                ("/room/join", [:]), ("/room/\(room)/send", [:]), ("/room/7/leave", [:]),
            ] {
                expectSecurityFields(try await alice.post(path, form))
            }
        }
    }

    @Test func `what people say is kept in no cache`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for path in ["/", "/dashboard", "/my-rooms", "/room/\(room)", "/room/\(room)/messages", "/room/7"] {
                for format in [Client.Format.html, .json] {
                    #expect(try await alice.get(path, as: format)["cache-control"] == "no-store", "\(path)")
                }
            }
        }
    }
}
