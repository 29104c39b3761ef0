import Testing

/// `GET /room/ID/messages` for a browser.
struct FragmentTests {
    @Test func `the fragment is what the page shows`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob", "carol")
            let (alice, bob, carol) = (people[0], people[1], people[2])
            let room = try await alice.makeRoom()
            try await bob.join(room)
            try await carol.join(room)
            for (person, content) in [
                (alice, "one"), (alice, "two"), (bob, Escaping.hostile), (carol, "three\n\nlines"),
            ] {
                try await person.say(content, in: room)
            }
            _ = try await carol.post("/account/delete")

            for person in [alice, bob] {
                let page = try await person.get("/room/\(room)")
                let fragment = try await person.get("/room/\(room)/messages")
                #expect(fragment.status == 200)
                #expect(fragment["content-type"] == "text/html; charset=utf-8")
                expectSecurityFields(fragment)
                #expect(!fragment.contains("<html"))
                let trimmed = fragment.content.trimmingNewlines()
                #expect(!trimmed.isEmpty && page.contains(trimmed), "\(fragment.text)")
            }
        }
    }

    @Test func `one's own messages are marked you, and only they`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let room = try await alice.makeRoom()
            try await bob.join(room)
            try await alice.say("mine", in: room)
            try await bob.say("his", in: room)
            func senders(_ response: Response) -> [String] {
                response.text.components(after: "<bdi class=\"sender\">").map { String($0.prefix { $0 != "<" }) }
            }
            #expect(senders(try await alice.get("/room/\(room)/messages")) == ["you", "bob"])
            #expect(senders(try await bob.get("/room/\(room)/messages")) == ["alice", "you"])
            let fragment = try await alice.get("/room/\(room)/messages?after=0")
            #expect(
                fragment.text.components(after: "class=\"message").map {
                    $0.prefix(while: { $0 != "\"" }).contains(" own")
                }
                    == [true, false])
        }
    }

    @Test func `a message stands as its place asks, however it stood where it was read before`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let first = try #require(try await alice.say("one", in: room)["id"].int)
            try await alice.say("two", in: room)
            // Neither midnight nor a slow machine parts them.
            _ = try await site.query("UPDATE messages SET created_at = '2026-01-31T10:05:00Z'")
            let cursor = try #require(try await alice.messages(in: room)["cursor"].int)
            #expect(cursor > first)
            func areGrouped(_ query: String) async throws -> [Bool] {
                try await alice.get("/room/\(room)/messages\(query)").text.components(after: "class=\"message").map {
                    $0.prefix { $0 != "\"" }.contains(" grouped")
                }
            }
            // Each of the two event loops keeps what it has made.
            for _ in 1...10 {
                #expect(try await areGrouped("") == [false, true])
                #expect(try await areGrouped("?limit=1") == [false], "the first that is shown")
            }
        }
    }

    @Test func `one's own messages carry their client_id, and nobody else's do`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let room = try await alice.makeRoom()
            try await bob.join(room)
            let id = "f81d4fae-7dec-41d0-a765-00a0c91e6bf6"
            try await alice.say("mine", in: room, clientID: id.uppercased())
            for target in ["/room/\(room)", "/room/\(room)/messages", "/room/\(room)/messages?after=0&wait=20"] {
                #expect(try await alice.get(target).contains("data-client-id=\"\(id)\""))
                #expect(try await !bob.get(target).contains("data-client-id"))
            }
        }
    }

    @Test func `cursor, has_more and members are fields of the fragment`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let ids = try await site.insertMessages(3, by: try await alice.id(), in: room)
            for (query, cursor, hasMore) in [
                ("?after=0&limit=2", ids[1], "true"), ("?after=\(ids[1])", ids[2], "false"),
                ("?after=\(ids[2])", ids[2], "false"), ("", ids[2], "false"),
            ] {
                let fragment = try await alice.get("/room/\(room)/messages\(query)")
                #expect(fragment["obrolan-cursor"] == "\(cursor)")
                #expect(fragment["obrolan-has-more"] == hasMore)
                #expect(fragment["obrolan-members"] == "1")
            }
        }
    }
}

extension [UInt8] {
    fileprivate func trimmingNewlines() -> [UInt8] {
        Array(drop { $0 == 10 }.reversed().drop { $0 == 10 }.reversed())
    }
}
