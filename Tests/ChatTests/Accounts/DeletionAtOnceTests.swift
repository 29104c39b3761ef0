import PostgreSQL
import Testing

/// A deleted account is gone for everybody to see at once, however long it takes until its messages' rows say so.
struct DeletionAtOnceTests {
    /// Runs `body` while bob is deleted, with messages of his that cannot be changed yet.
    private func withDisownedMessages(
        _ body: (_ site: TestSite, _ alice: Client, _ room: Int64, _ bob: Int64) async throws -> Void
    ) async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let (room, id) = (try await alice.makeRoom(), try await bob.id())
            try await bob.join(room)
            _ = try await site.insertMessages(30, by: id, in: room)
            try await site.whileAnotherSession("SELECT FROM messages FOR UPDATE") {
                expectRedirect(try await bob.post("/account/delete"), to: "/")
                try await body(site, alice, room, id)
            }
            try await Self.expectCleared(site, of: id)
        }
    }

    private static func expectCleared(
        _ site: TestSite, of person: Int64, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let isCleared = try await eventually {
            try await TestDatabase.shared.query("SELECT FROM \(site.schema.name).users WHERE id = \(person)").isEmpty
        }
        #expect(isCleared, sourceLocation: sourceLocation)
        #expect(
            try await site.int("SELECT count(*) FROM messages WHERE sender_id = \(person)") == 0,
            sourceLocation: sourceLocation)
    }

    @Test func `no answer tells whose the messages were, and the name is free`() async throws {
        try await withDisownedMessages { site, alice, room, id in
            let owned = try await TestDatabase.shared.query(
                "SELECT count(*) FROM \(site.schema.name).messages WHERE sender_id = \(id)")
            #expect(try owned.first?.int(0) == 30, "the rows are as they were")
            for query in ["", "?after=0", "?before=9223372036854775807&limit=7", "?after=0&wait=20"] {
                let messages = try await alice.messages(in: room, query)["messages"].elements
                #expect(!messages.isEmpty, "\(query)")
                #expect(messages.allSatisfy { $0["sender"].isNull && $0["sender_id"].isNull }, "\(query)")
            }
            for target in ["/room/\(room)", "/room/\(room)/messages", "/my-rooms", "/dashboard"] {
                let page = try await alice.get(target)
                expectPageOrFragment(page, "akun dihapus")
                #expect(!page.contains("bob") && !page.contains(":\(id)"), "\(target)")
            }
            #expect(try await alice.getJSON("/my-rooms")["rooms"][0]["last_message"]["sender"].isNull)
            #expect(try await alice.messages(in: room)["room"]["members"].int == 1)
            let second = try await site.person("bob")
            try await second.join(room)
            #expect(try await !second.get("/room/\(room)/messages").contains(">you<"))
            #expect(try await second.id() != id)
        }
    }

    private func expectPageOrFragment(
        _ response: Response, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(response.status == 200, sourceLocation: sourceLocation)
        #expect(response.contains(text), sourceLocation: sourceLocation)
    }

    @Test func `what the process leaves undone the next one does`() async throws {
        try await TestSite.withSchema { schema in
            var id: Int64 = 0
            try await TestSite.start(on: schema).runThenStop { site in
                let bob = try await site.person("bob")
                (id, _) = (try await bob.id(), try await bob.say("hello", in: bob.makeRoom()))
                // As it is left when the process is killed between the two.
                _ = try await site.query("SELECT delete_account(\(id))")
                #expect(try await site.int("SELECT count(*) FROM messages WHERE sender_id = \(id)") == 1)
            }
            try await TestSite.start(on: schema).runThenStop { site in
                try await Self.expectCleared(site, of: id)
            }
        }
    }

    @Test func `several accounts are done by several processes, each message once`() async throws {
        try await TestSite.with { site in
            try await site.withOtherProcess { other in
                let alice = try await site.person("alice")
                let room = try await alice.makeRoom()
                var ids: [Int64] = []
                for name in ["bob", "carol", "dave", "erin"] {
                    let person = try await site.person(name)
                    ids.append(try await person.id())
                    _ = try await site.insertMessages(2_500, by: ids[ids.count - 1], in: room)
                    let place = ids.count.isMultiple(of: 2) ? site : other
                    expectRedirect(try await person.at(place).post("/account/delete"), to: "/")
                }
                for id in ids { try await Self.expectCleared(site, of: id) }
                #expect(try await site.int("SELECT count(*) FROM messages") == 10_000)
                #expect(try await alice.name() == "alice")
            }
        }
    }

    @Test func `a message that others have made against a rule does not hold up other accounts`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob", "carol")
            let (alice, bob, carol) = (people[0], people[1], people[2])
            let (room, id, other) = (try await alice.makeRoom(), try await bob.id(), try await carol.id())
            try await bob.join(room)
            _ = try await site.insertMessages(20, by: id, in: room)
            _ = try await site.insertMessages(1, by: other, in: room)
            // There is no way to such a message but to take the rule away for a while.
            _ = try await site.query("ALTER TABLE messages DROP CONSTRAINT messages_content_blank")
            _ = try await site.query("UPDATE messages SET content = ' ' WHERE id IN (SELECT min(id) + 7 FROM messages)")
            _ = try await site.query(
                "ALTER TABLE messages ADD CONSTRAINT messages_content_blank CHECK (btrim(content) <> '') NOT VALID")

            // In the order of their ids: whoever has the faulty one comes first.
            expectRedirect(try await bob.post("/account/delete"), to: "/")
            expectRedirect(try await carol.post("/account/delete"), to: "/")
            let isDone = try await eventually {
                try await site.int("SELECT count(*) FROM users WHERE id = \(other)") == 0
            }
            #expect(isDone)
            let messages = try await alice.messages(in: room)["messages"].elements
            #expect(messages.count == 21 && messages.allSatisfy { $0["sender"].isNull && $0["sender_id"].isNull })
            // When it is right again the rest follows.
            _ = try await site.query("UPDATE messages SET content = '!' WHERE content = ' '")
            try await site.withOtherProcess { _ in
                let isCleared = try await eventually {
                    try await site.int("SELECT count(*) FROM users WHERE id = \(id)") == 0
                }
                #expect(isCleared)
            }
        }
    }
}
