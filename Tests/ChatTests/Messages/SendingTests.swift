import PostgreSQL
import Testing

struct SendingTests {
    @Test func `a browser that sends comes back to the room, a program gets the message`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            expectRedirect(try await alice.post("/room/\(room)/send", ["content": "from a form"]), to: "/room/\(room)")
            let response = try await alice.post("/room/\(room)/send", ["content": "from a \"program\""], as: .json)
            #expect(response.status == 201)
            let message = try response.json()
            let (id, time) = (try #require(message["id"].int), try #require(message["created_at"].string))
            #expect(
                response.text
                    == #"{"id":\#(id),"sender":"alice","sender_id":\#(try await alice.id()),"#
                    + #""content":"from a \"program\"","created_at":"\#(time)","edited_at":null,"deleted":false,"#
                    + #""reply_to":null}"#)
            #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
            #expect(try await alice.contents(in: room) == ["from a form", "from a \"program\""])
            #expect(try await alice.messages(in: room)["messages"][1] == message)
            let age = try await site.int(
                "SELECT (extract(epoch FROM now() - $1::text::timestamptz) * 1000)::bigint", [.text(time)])
            #expect(abs(age) < 60_000, "the time is now")
        }
    }

    @Test func `content is kept exactly`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            var everything = ""
            // A sample of every block, without NUL and with both ends of what UTF-8 can say.
            everything.unicodeScalars.append(
                contentsOf: (UInt32(1)...0x10FFFF).lazy.filter { $0 < 0x250 || $0 % 331 == 0 || $0 > 0x10FFFD }
                    .compactMap(Unicode.Scalar.init).filter { $0 != "\r" })
            try #require(everything.unicodeScalars.count <= 4000)
            for content in [
                everything, "  leading and trailing \t\n ", "\"quotes\" 'single' `back` \\ / & < >", "\n\n first line",
                "\rlone\rCR\r", "e\u{301} is not \u{E9}", "\u{FEFF}mark", "👩‍👩‍👧 \u{202E}rtl", "a + b = 100%",
            ] {
                try await alice.say(content, in: room)
                let stored = try #require(
                    try await site.query("SELECT content FROM messages ORDER BY id DESC LIMIT 1").first)
                #expect(try stored.utf8(0) == Array(content.utf8))
                let read = try #require(try await alice.contents(in: room, "?limit=1").first)
                #expect(Array(read.utf8) == Array(content.utf8))
                let page = try await alice.get("/room/\(room)")
                #expect(page.contains("<div class=\"content\" dir=\"auto\">\(Escaping.escaped(content))</div>"))
            }
        }
    }

    @Test func `CRLF becomes LF and CR alone stays`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for (typed, kept) in [
                ("a\r\nb\r\n", "a\nb\n"), ("a\rb", "a\rb"), ("a\n\rb", "a\n\rb"), ("a\r\r\nb", "a\nb"),
            ] {
                let message = try await alice.say(typed, in: room)
                #expect(message["content"].string.map { Array($0.utf8) } == Array(kept.utf8))
            }
        }
    }

    @Test func `4,000 code points are enough and 4,001 too many`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for (name, unit) in MessageContentTests.units {
                let limit = String(repeating: unit, count: 4000)
                try await alice.say(limit, in: room)
                let long = try await alice.post("/room/\(room)/send", ["content": limit + unit], as: .json)
                try expectProblem(long, 422, field: "content")
                let page = try await alice.post("/room/\(room)/send", ["content": limit + unit])
                expectPage(page, 422, "Room ID: \(room)", "aria-invalid")
                #expect(page.contains("\n\(limit)\(unit)</textarea>"), "what was typed is not lost: \(name)")
            }
            let breaks = "a" + String(repeating: "\r\n", count: 3999)
            try await alice.say(breaks, in: room)
            #expect(try await alice.post("/room/\(room)/send", ["content": breaks + "\r\n"]).status == 422)
            #expect(try await site.int("SELECT count(*) FROM messages") == 6)
            #expect(try await site.int("SELECT min(char_length(content)) FROM messages") == 4000)
        }
    }

    @Test func `a message of white space, of whatever kind, is refused`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            var spaces = ""
            spaces.unicodeScalars.append(contentsOf: MessageContentTests.whiteSpace.compactMap(Unicode.Scalar.init))
            for content in ["", " ", "\r\n", "\u{3000}\u{A0}", spaces] {
                let form = ["content": content]
                try expectProblem(try await alice.post("/room/\(room)/send", form, as: .json), 422, field: "content")
                expectPage(try await alice.post("/room/\(room)/send", form), 422, "Room ID: \(room)", "aria-invalid")
            }
            try expectProblem(try await alice.post("/room/\(room)/send", as: .json), 422, field: "content")
            try await alice.say("\u{200B}", in: room)
            #expect(try await site.int("SELECT count(*) FROM messages") == 1, "a zero-width space is no white space")
        }
    }

    @Test func `the database keeps the rules, too`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for (sql, constraint) in [
                ("UPDATE users SET username = ''", "users_username_length"),
                ("UPDATE users SET username = repeat('a', 33)", "users_username_length"),
                ("UPDATE users SET username = 'a b'", "users_username_characters"),
                ("UPDATE rooms SET type = 'channel'", "rooms_type"),
                ("UPDATE rooms SET name = ''", "rooms_name"), ("UPDATE rooms SET name = ' a'", "rooms_name"),
                ("UPDATE rooms SET name = repeat('a', 65)", "rooms_name"),
                ("UPDATE rooms SET type = 'dm', member_count = 3", "rooms_dm_is_for_two"),
                ("UPDATE sessions SET token_hash = 'abc'", "sessions_token_hash_length"),
                ("INSERT INTO messages (room_id, content) VALUES (\(room), '')", "messages_content_blank"),
                (
                    "INSERT INTO messages (room_id, content) VALUES (\(room), repeat('a', 4001))",
                    "messages_content_length"
                ),
                (
                    "INSERT INTO messages (room_id, content) VALUES (\(room), U&' \\3000\\00A0')",
                    "messages_content_blank"
                ),
                ("INSERT INTO users (username, name_key) VALUES ('ALICE', 'alice')", "users_name_key"),
                ("UPDATE users SET deleted_at = now()", "users_deleted_have_no_name"),
                ("INSERT INTO messages (room_id, content) VALUES (7, 'a')", "messages_room_id_fkey"),
                ("INSERT INTO room_members (room_id, user_id) VALUES (\(room), 7)", "room_members_user_id_fkey"),
                ("INSERT INTO room_members SELECT room_id, user_id FROM room_members", "room_members_pkey"),
            ] {
                let error = await #expect(throws: PostgresError.self, "\(sql)") { try await site.query(sql) }
                #expect(error?.constraint == constraint, "\(sql)")
            }
        }
    }
}
