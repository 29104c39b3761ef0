import PostgreSQL
import Testing

@testable import Chat

/// What others put into the database by hand is shown as well as it can be, and hurts nobody.
struct OthersRowsTests {
    private func expectAllAnswered(_ alice: Client, _ room: Int64) async throws {
        for target in ["/room/\(room)", "/room/\(room)/messages", "/room/\(room)/messages?after=0&wait=1", "/my-rooms"]
        {
            for format in [Client.Format.html, .json] {
                #expect(try await alice.get(target, as: format).status == 200, "\(target)")
            }
        }
    }

    @Test func `a year that RFC 3339 cannot write is the last that it can`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for content in ["before", "odd", "after"] { try await alice.say(content, in: room) }
            _ = try await site.query(
                "UPDATE messages SET created_at = '12026-01-31 10:05:00+00' WHERE content = 'odd'")
            try await expectAllAnswered(alice, room)
            let messages = try await alice.messages(in: room)["messages"]
            #expect(messages[1]["created_at"].string == "9999-12-31T23:59:59.999Z")
            expectPage(try await alice.get("/room/\(room)"), 200, "31 Desember 9999")
        }
    }

    @Test func `a message that is blank or larger than any, and a room of a strange type`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for rule in ["messages_content_blank", "messages_content_length"] {
                _ = try await site.query("ALTER TABLE messages DROP CONSTRAINT \(rule)")
            }
            _ = try await site.query("ALTER TABLE rooms DROP CONSTRAINT rooms_type")
            _ = try await site.query("UPDATE rooms SET type = 'channel'")
            for content in ["' '", "''", "repeat('a', 1000000)"] {
                _ = try await site.query(
                    "INSERT INTO messages (room_id, sender_id, content) SELECT \(room), id, \(content) FROM users")
            }
            try await expectAllAnswered(alice, room)
            #expect(try await alice.getJSON("/room/\(room)")["type"].string == "group")
            let bob = try await site.person("bob")
            try await bob.join(room)
            try await bob.leave(room)
            try await alice.say("it goes on", in: room)
        }
    }

    /// By the names of the schema: a rule that is new has to be thought of in `BrokenConstraints`, or here.
    @Test func `it is known what breaking each rule of the schema means`() async throws {
        let impossible: Set = [
            "users_pkey", "rooms_pkey", "room_members_pkey", "messages_pkey", "sessions_pkey",
            "sessions_token_hash_length", "users_deleted_have_no_name", "users_username_characters", "rooms_type",
            "rooms_name", "messages_content_length", "messages_content_blank", "messages_content_line_ends",
            "messages_deleted_say_nothing", "messages_reply_is_later", "messages_sender_id_client_id",
            "schema_step_is_one", "epoch_is_one", "unannounced_rooms_pkey",
            "unannounced_rooms_room_id_fkey",
            "room_members_user_id_room_id", "latest_messages_pkey", "latest_messages_room_id_fkey",
        ]
        try await TestSite.with { site in
            let rows = try await site.query(
                """
                SELECT conname::text FROM pg_constraint
                    WHERE connamespace = $1::text::regnamespace AND contype IN ('c', 'f', 'p', 'u')
                UNION SELECT relname::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
                    WHERE indisunique AND relnamespace = $1::text::regnamespace
                """, [.text(site.schema.name)])
            let names = Set(try rows.map { try $0.text(0) })
            #expect(names.subtracting(impossible).subtracting(BrokenConstraints.refusals.keys).isEmpty)
            #expect(Set(BrokenConstraints.refusals.keys).isSubset(of: names), "no name is out of date")
        }
    }
}
