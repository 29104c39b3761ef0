import PostgreSQL
import Testing

/// What people type is text wherever it is shown.
struct EscapingTests {
    private func expectEscaped(
        _ response: Response, _ status: Int, times: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(response.status == status, sourceLocation: sourceLocation)
        for leak in Escaping.leaks { #expect(!response.contains(leak), "\(leak)", sourceLocation: sourceLocation) }
        let escaped = Escaping.escaped(Escaping.hostile)
        let count = response.text.components(after: escaped).count
        #expect(count >= times, "\(response.text)", sourceLocation: sourceLocation)
    }

    @Test func `in a room's name and its messages, on every page that shows them`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom(name: Escaping.hostile)
            expectEscaped(try await alice.get("/room/\(room)"), 200, times: 2)
            try await alice.say(Escaping.hostile, in: room)
            expectEscaped(try await alice.get("/room/\(room)"), 200, times: 3)
            expectEscaped(try await alice.get("/room/\(room)/messages"), 200, times: 1)
            expectEscaped(try await alice.get("/dashboard"), 200, times: 2)
            expectEscaped(try await alice.get("/my-rooms"), 200, times: 2)
            // Names of people cannot be like that, unless the database has them from elsewhere.
            let bob = try await site.person("bob")
            try await bob.join(room)
            _ = try await site.query("ALTER TABLE users DROP CONSTRAINT users_username_length")
            _ = try await site.query("ALTER TABLE users DROP CONSTRAINT users_username_characters")
            _ = try await site.query(
                "UPDATE users SET username = $1 WHERE username = 'alice'", [.text(Escaping.hostile)])
            expectEscaped(try await bob.get("/room/\(room)"), 200, times: 4)
            expectEscaped(try await bob.get("/room/\(room)/messages"), 200, times: 2)
            expectEscaped(try await bob.get("/my-rooms"), 200, times: 3)
            expectEscaped(try await alice.get("/dashboard"), 200, times: 4)
        }
    }

    @Test func `in what a refused form is shown with again`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let hostile = Escaping.hostile
            let long = hostile + String(repeating: "a", count: 4000)
            expectEscaped(try await site.visitor().post("/register", ["username": hostile]), 422, times: 1)
            expectEscaped(try await site.visitor().post("/login", ["username": hostile]), 422, times: 1)
            expectEscaped(
                try await alice.post("/room/create", ["type": "x", "name": hostile, "with": hostile]), 422, times: 2)
            expectEscaped(
                try await alice.post("/room/create", ["type": "dm", "with": hostile]), 422, times: 1)
            expectEscaped(try await alice.post("/room/join", ["room_id": hostile]), 422, times: 1)
            expectEscaped(try await alice.post("/room/\(room)/send", ["content": long]), 422, times: 1)
            expectEscaped(
                try await alice.post("/room/\(room)/send", ["content": hostile, "client_id": hostile]), 422, times: 1)
            expectEscaped(try await alice.post("/room/7/send", ["content": hostile]), 404, times: 1)
            expectEscaped(try await site.visitor().post("/room/7/send", ["content": hostile]), 401, times: 1)
        }
    }

    @Test func `a text that begins with a line break is shown with it again`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let typed = "\n" + String(repeating: "a", count: 4000)
            let page = try await alice.post("/room/\(room)/send", ["content": typed])
            // The parser of HTML drops the first line break after <textarea>.
            #expect(page.contains(">\n\(typed)</textarea>"))
        }
    }
}
