import PostgreSQL
import Testing

/// What the database itself keeps of messages that are edited, deleted, or replies.
struct MessageRulesTests {
    /// Two rooms of alice's; in the first of them what is said.
    private static func rooms(_ site: TestSite) async throws -> (first: Int64, second: Int64, ids: [Int64]) {
        let alice = try await site.person("alice")
        let rooms = try await (alice.makeRoom(), alice.makeRoom())
        return (rooms.0, rooms.1, try await site.insertMessages(3, by: alice.id(), in: rooms.0))
    }

    @Test func `a reply is later, and to a message of its own room`() async throws {
        try await TestSite.with { site in
            let (first, second, ids) = try await Self.rooms(site)
            let reply = "INSERT INTO messages (room_id, content, reply_to) VALUES ($1, 'oh', $2) RETURNING id"
            let id = try await site.int(reply, [.int(first), .int(ids[0])])
            for (room, quoted, rule) in [
                (second, ids[0], "messages_reply_to_fkey"), (first, ids[0] - 1, "messages_reply_to_fkey"),
                (first, .max, "messages_reply_is_later"),
            ] {
                let error = await #expect(throws: PostgresError.self) {
                    try await site.query(reply, [.int(room), .int(quoted)])
                }
                #expect(error?.constraint == rule)
            }
            let error = await #expect(throws: PostgresError.self) {
                try await site.query("UPDATE messages SET reply_to = id WHERE id = $1", [.int(id)])
            }
            #expect(error?.constraint == "messages_reply_is_later")
        }
    }

    @Test func `when the machine's owner deletes the row of a quoted message, the reply stays`() async throws {
        try await TestSite.with { site in
            let (room, _, ids) = try await Self.rooms(site)
            _ = try await site.query(
                "UPDATE messages SET reply_to = $2 WHERE room_id = $1 AND id = $3",
                [.int(room), .int(ids[0]), .int(ids[2])])
            _ = try await site.query("DELETE FROM messages WHERE room_id = $1 AND id = $2", [.int(room), .int(ids[0])])
            let left = try await site.query("SELECT content FROM messages WHERE reply_to IS NULL ORDER BY id")
            #expect(try left.map { try $0.text(0) } == ["message 2", "message 3"])
        }
    }

    @Test func `nothing of the old words stays with a deleted message`() async throws {
        try await TestSite.with { site in
            _ = try await Self.rooms(site)
            for change in ["deleted_at = now()", "deleted_at = now(), content = 'gone'"] {
                let error = await #expect(throws: PostgresError.self) {
                    try await site.query("UPDATE messages SET \(change)")
                }
                #expect(error?.constraint == "messages_deleted_say_nothing")
            }
            _ = try await site.query("UPDATE messages SET deleted_at = now(), content = ''")
            let error = await #expect(throws: PostgresError.self) {
                try await site.query("UPDATE messages SET deleted_at = NULL")
            }
            #expect(error?.constraint?.hasPrefix("messages_content_") == true)
        }
    }

    @Test func `whatever of a message changes that is seen has the room's next number`() async throws {
        try await TestSite.with { site in
            let (room, _, ids) = try await Self.rooms(site)
            for change in [
                "content = 'other'", "edited_at = now()", "reply_to = \(ids[0])", "deleted_at = now(), content = ''",
            ] {
                let before = try await site.int("SELECT last_value FROM messages_id_seq")
                _ = try await site.query(
                    "UPDATE messages SET \(change) WHERE room_id = $1 AND id = $2", [.int(room), .int(ids[2])])
                let number = try await site.int("SELECT change FROM messages WHERE id = $1", [.int(ids[2])])
                #expect(number == before + 1, "\(change)")
            }
            // Nobody sees whose row it is that an account has left.
            _ = try await site.query("UPDATE messages SET sender_id = NULL WHERE id = $1", [.int(ids[1])])
            #expect(try await site.int("SELECT count(*) FROM messages WHERE change IS NOT NULL") == 1)
        }
    }

    @Test func `a process of the version before goes on beside these`() async throws {
        try await TestSite.with { site in
            let (room, _, ids) = try await Self.rooms(site)
            _ = try await site.query(
                "UPDATE messages SET deleted_at = now(), content = '' WHERE id = $1", [.int(ids[1])])
            // What it reads and stores, as it has it: without the columns that it does not know, and with words in each.
            let stored = try await site.query(
                """
                INSERT INTO messages (room_id, sender_id, content, client_id)
                    SELECT $1, NULL, 'from before', gen_random_uuid()
                    ON CONFLICT (sender_id, client_id) DO NOTHING
                    RETURNING id, sender_id, content, client_id, created_at
                """, [.int(room)])
            #expect(stored.count == 1)
            let rows = try await site.query(
                """
                SELECT messages.id, messages.content, messages.created_at, messages.client_id, messages.change
                FROM messages LEFT JOIN users AS sender ON sender.id = messages.sender_id AND sender.deleted_at IS NULL
                WHERE room_id = $1 ORDER BY messages.id
                """, [.int(room)])
            #expect(try rows.map { try $0.text(1) } == ["message 1", "", "message 3", "from before"])
        }
    }
}
