import PostgreSQL
import Testing

struct SchemaTests {
    @Test func `applying the schema again changes nothing`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom(name: "kopi")
            try await alice.say("still here", in: room)
            let before = try await Self.fingerprint(site)
            try await site.withOtherProcess { other in
                let contents = try await alice.at(other).contents(in: room)
                #expect(contents == ["still here"])
            }
            #expect(try await Self.fingerprint(site) == before)
        }
    }

    @Test func `the columns of the specification are there`() async throws {
        try await TestSite.with { site in
            for (table, columns) in [
                ("users", "id, username, created_at"), ("rooms", "id, type, created_at"),
                ("room_members", "room_id, user_id"), ("messages", "id, room_id, sender_id, content, created_at"),
            ] {
                let rows = try await site.query("SELECT \(columns) FROM \(table)")
                #expect(rows.isEmpty)
            }
        }
    }

    private static let rows = """
        INSERT INTO users (id, username, created_at) VALUES
            (1, 'alice', '2026-01-31 10:05:00'), (2, 'Budi Santoso', '2026-01-31 10:05:00'),
            (3, 'bob', '2026-01-31 10:05:00');
        INSERT INTO rooms (id, type, created_at) VALUES
            (1, 'group', '2026-01-31 10:05:00'), (2, 'dm', '2026-01-31 10:05:00');
        INSERT INTO room_members VALUES (1, 1), (1, 2), (1, 3), (2, 1), (2, 3);
        INSERT INTO messages (id, room_id, sender_id, content, created_at) VALUES
            (1, 1, 1, 'Hai semua!', '2026-01-31 10:05:00.123'), (2, 1, 3, E'two\\r\\nlines', '2026-01-31 10:06:00');
        """

    /// What the tables' own sequences would be at after these rows.
    private static let sequences = """
        SELECT setval(sequence, 3) FROM unnest(ARRAY['users', 'rooms', 'messages']) AS name,
            pg_get_serial_sequence(name, 'id') AS sequence WHERE sequence IS NOT NULL;
        """

    @Test func `a database that has only the bare tables is upgraded, with what is in it`() async throws {
        try await TestSite.withSchema(apart: true) { schema in
            try await schema.execute(EarlierSchema.bareTables + Self.rows + Self.sequences)
            try await TestSite.start(on: schema).runThenStop { site in
                let alice = site.visitor()
                expectRedirect(try await alice.post("/login", ["username": "ALICE"]), to: "/dashboard")
                let answer = try await alice.messages(in: 1)
                #expect(answer["room"]["members"].int == 3)
                #expect(answer["messages"][0]["content"].string == "Hai semua!")
                #expect(answer["messages"][0]["created_at"].string == "2026-01-31T10:05:00.123Z")
                #expect(answer["messages"][1]["content"].string == "two\nlines")
                // What the list of rooms is made of was not kept yet: the room with messages, then the silent one.
                let rooms = try await alice.getJSON("/my-rooms")["rooms"]
                #expect(rooms.elements.map(\.["id"].int) == [1, 2])
                #expect(rooms[0]["last_message"]["content"].string == "two\nlines")
                #expect(rooms[1]["last_message"].isNull)
                try await alice.say("and on it goes", in: 1)

                let bob = site.visitor()
                _ = try await bob.post("/login", ["username": "bob"])
                expectRedirect(try await bob.post("/account/delete"), to: "/")
                let later = try await alice.messages(in: 1)
                #expect(later["room"]["members"].int == 2)
                #expect(later["messages"][1]["sender"].isNull)
                #expect(try await alice.contents(in: 1).count == 3)

                let carol = try await site.person("carol")
                try await carol.join(2)
                #expect(try await site.person("dave").post("/room/join", ["room_id": "2"]).status == 409)
                let room = try await carol.makeRoom("dm", with: "alice")
                try await alice.leave(room)
                #expect(try await carol.messages(in: room)["room"]["members"].int == 1)
                await #expect(throws: PostgresError.self) { try await site.query("DELETE FROM rooms") }

                try await site.withOtherProcess { other in
                    let contents = try await alice.at(other).contents(in: 1)
                    #expect(contents.count == 3, "applied twice, too")
                }
            }
        }
    }

    /// Everything that the schema holds, and the rows.
    private static func fingerprint(_ site: TestSite) async throws -> [String] {
        try await site.query(
            """
            SELECT format('%s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod)) AS it
                FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = $1::text::regnamespace
            UNION ALL SELECT format('%s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
                WHERE connamespace = $1::text::regnamespace
            UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
                WHERE relnamespace = $1::text::regnamespace
            UNION ALL SELECT pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
                WHERE relnamespace = $1::text::regnamespace
            UNION ALL SELECT users::text FROM users UNION ALL SELECT rooms::text FROM rooms
            UNION ALL SELECT messages::text FROM messages UNION ALL SELECT room_members::text FROM room_members
            ORDER BY it
            """, [.text(site.schema.name)]
        ).map { try $0.text(0) }
    }
}
