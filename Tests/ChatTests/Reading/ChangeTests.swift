import NonblockingIO
import PostgreSQL
import Testing

@testable import Chat

/// One sequence of numbers for messages, their changes and the room's: whoever follows it gets each thing once, as it is now.
struct ChangeTests {
    private static func ids(_ answer: JSON) -> [Int64?] { answer["messages"].elements.map(\.["id"].int) }
    private static func contents(_ answer: JSON) -> [String?] { answer["messages"].elements.map(\.["content"].string) }

    /// Changes a message as another program would that has the database, and says so.
    private static func change(_ id: Int64?, to content: String, in room: Int64, of site: TestSite) async throws {
        _ = try await site.query(
            "UPDATE messages SET content = $3 WHERE room_id = $1 AND id = $2",
            [.int(room), .int(try #require(id)), .text(content)])
        _ = try await site.query("SELECT pg_notify('obrolan', 'test r' || $1::bigint)", [.int(room)])
    }

    @Test func `joining, leaving, another name and the end of an account are the room's next numbers`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob", "carol")
            let (alice, bob, carol) = (people[0], people[1], people[2])
            let room = try await alice.makeRoom()
            var last = try #require(try await alice.say("hi", in: room)["id"].int)
            let changes: [(String, Int, () async throws -> Void)] = [
                ("joining", 2, { try await bob.join(room) }),
                ("joining again", 2, { try await bob.join(room) }),
                ("leaving", 1, { try await bob.leave(room) }),
                (
                    "a name", 1,
                    { _ = try await site.query("UPDATE rooms SET name = 'kopi' WHERE id = $1", [.int(room)]) }
                ),
                ("another's joining", 2, { try await carol.join(room) }),
                ("an account's end", 1, { _ = try await carol.post("/account/delete") }),
            ]
            for (name, members, change) in changes {
                try await change()
                let answer = try await alice.wait(in: room, after: last, seconds: name == "joining again" ? 1 : 30)
                    .json()
                #expect(answer["messages"] == .array([]), "\(name)")
                #expect(answer["room"]["members"].int == Int64(members), "\(name)")
                let cursor = try #require(answer["cursor"].int)
                #expect(name == "joining again" ? cursor == last : cursor > last, "\(name)")
                last = cursor
            }
            let message = try await alice.say("after all that", in: room)
            #expect(try #require(message["id"].int) > last)
        }
    }

    @Test func `a room's page names those who are in it now, also when the room was read before`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let room = try await alice.makeRoom()
            // The two event loops know each room for themselves, and the kernel chooses between them.
            func pages() async throws -> [Bool] {
                try await atOnce(20) { _ in try await alice.get("/room/\(room)").contains("bob") }
            }
            #expect(try await pages().allSatisfy { !$0 })
            try await bob.join(room)
            #expect(try await pages().allSatisfy { $0 })
            try await bob.leave(room)
            #expect(try await pages().allSatisfy { !$0 })
        }
    }

    @Test func `a message that changes is told to all who follow, as it is now, and once`() async throws {
        try await TestSite.with(.all) { site in
            try await site.withOtherProcess { other in
                let people = try await site.people("alice", "bob")
                let (alice, bob) = (people[0], people[1].at(other))
                let room = try await alice.makeRoom()
                try await bob.join(room)
                var sent: [JSON] = []
                for content in ["one", "two", "three"] { sent.append(try await alice.say(content, in: room)) }
                let last = try #require(sent[2]["id"].int)
                let held = [
                    try await alice.wait(in: room, after: last), try await bob.wait(in: room, after: last),
                    try await bob.wait(in: room, after: last, as: .html),
                ]
                for request in held { try await expectHeld(request) }
                try await Self.change(sent[0]["id"].int, to: "ONE", in: room, of: site)
                for request in held.prefix(2) {
                    let answer = try await request.json()
                    #expect(Self.ids(answer) == [sent[0]["id"].int])
                    #expect(Self.contents(answer) == ["ONE"])
                    #expect(answer["cursor"].int == last + 1)
                }
                let fragment = try await held[2].response()
                #expect(fragment.attributes("data-id") == ["\(try #require(sent[0]["id"].int))"])
                #expect(fragment["obrolan-cursor"] == "\(last + 1)")

                // It has its place among the others where they are asked for by their ids.
                #expect(try await bob.contents(in: room) == ["ONE", "two", "three"])
                #expect(try await bob.contents(in: room, "?before=\(last)") == ["ONE", "two"])
                #expect(try await bob.contents(in: room, "?after=0") == ["two", "three", "ONE"])
                #expect(try await bob.get("/room/\(room)").contains(">ONE</div>"))
                #expect(try await bob.contents(in: room, "?after=\(last + 1)").isEmpty)
            }
        }
    }

    @Test func `what has changed and nobody has told of is read by the next who asks`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for content in ["one", "two"] { try await alice.say(content, in: room) }
            let cursor = try #require(try await alice.messages(in: room)["cursor"].int)
            _ = try await site.query("UPDATE messages SET content = 'ONE' WHERE content = 'one'")
            #expect(try await alice.contents(in: room, "?after=\(cursor)") == ["ONE"])
            #expect(try await alice.contents(in: room) == ["ONE", "two"])
            _ = try await site.query("UPDATE rooms SET name = 'kopi' WHERE id = $1", [.int(room)])
            #expect(try await alice.messages(in: room)["room"]["name"].string == "kopi")
        }
    }

    @Test(arguments: [1, 2, 7]) func `whoever follows from the beginning ends with what is stored`(_ limit: Int)
        async throws
    {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let ids = try await site.insertMessages(80, by: try await alice.id(), in: room)
            for (count, id) in [ids[0], ids[79], ids[33], ids[34], ids[0]].enumerated() {
                try await Self.change(id, to: "changed \(count)", in: room, of: site)
            }
            var seen: [Int64: String] = [:]
            var told: [Int64] = []
            var cursor: Int64 = 0
            while true {
                let answer = try await alice.messages(in: room, "?after=\(cursor)&limit=\(limit)")
                for message in answer["messages"].elements {
                    let id = try #require(message["id"].int)
                    told.append(id)
                    seen[id] = message["content"].string
                }
                cursor = try #require(answer["cursor"].int)
                if answer["has_more"].bool == false { break }
            }
            #expect(
                told == ids.filter { ![ids[0], ids[33], ids[34], ids[79]].contains($0) }
                    + [ids[79], ids[33], ids[34], ids[0]])
            #expect(seen[ids[0]] == "changed 4" && seen[ids[34]] == "changed 3" && seen[ids[79]] == "changed 1")
        }
    }

    @Test func `whoever is gone has sent nothing, also where they had left before`() async throws {
        try await TestSite.with { site in
            try await site.withOtherProcess { other in
                let people = try await site.people("alice", "bob")
                let (alice, bob) = (people[0], people[1])
                let room = try await alice.makeRoom()
                try await bob.join(room)
                try await bob.say("I was here", in: room)
                try await bob.leave(room)
                let reading = [alice, alice.at(other)]
                for reader in reading {
                    #expect(try await reader.messages(in: room)["messages"][0]["sender"].string == "bob")
                    expectPage(try await reader.get("/room/\(room)"), 200, ">bob</bdi>")
                }
                _ = try await bob.post("/account/delete")
                for reader in reading {
                    #expect(try await reader.messages(in: room)["messages"][0]["sender"] == .null)
                    expectPage(try await reader.get("/room/\(room)"), 200, ">akun dihapus</bdi>")
                }
            }
        }
    }

    @Test func `what the machine's owner takes away is read no more`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for content in ["one", "two", "three"] { try await alice.say(content, in: room) }
            #expect(try await alice.contents(in: room) == ["one", "two", "three"])
            _ = try await site.query("DELETE FROM messages WHERE content = 'two'")
            #expect(try await alice.contents(in: room) == ["one", "three"])
        }
    }

    @Test func `whoever follows one of very many rooms is told that somebody has left all of them at once`()
        async throws
    {
        try await TestSite.with(.all) { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let room = try await alice.makeRoom()
            try await bob.join(room)
            _ = try await site.query(
                """
                WITH room AS (INSERT INTO rooms (type) SELECT 'group' FROM generate_series(1, 200) RETURNING id)
                INSERT INTO room_members (room_id, user_id) SELECT room.id, $1 FROM room
                """, [.int(try await bob.id())])
            let cursor = try #require(try await alice.messages(in: room)["cursor"].int)
            let held = try await alice.wait(in: room, after: cursor)
            try await expectHeld(held)
            // Nobody may overtake the number of that change.
            let message = try await site.whileAnotherSession("SELECT pg_advisory_xact_lock(\(room))") {
                _ = try await bob.post("/account/delete")
                #expect(try await alice.messages(in: room)["room"]["members"].int == 1)
                return try await alice.begin(posting: ["content": "bye"], to: "/room/\(room)/send", as: .json)
            }
            let first = try await held.json()
            let sent = try await message.json()
            let next =
                first["messages"].elements.isEmpty
                ? try await alice.wait(in: room, after: try #require(first["cursor"].int)).json() : first
            #expect(next["messages"] == .array([sent]))
            #expect(next["room"]["members"].int == 1)
            let isAnnounced = try await eventually {
                try await site.int("SELECT count(*) FROM unannounced_rooms") == 0
            }
            #expect(isAnnounced)
            #expect(try await site.int("SELECT count(*) FROM rooms WHERE change = 0") == 0)
        }
    }

    @Test func `a room that is taken, or locked, is passed by when numbers are drawn anew, and nobody waits`()
        async throws
    {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            var rooms: [Int64] = []
            for _ in 0..<3 { rooms.append(try await alice.makeRoom()) }
            let pool = PostgresPool(
                loop: try EventLoop(label: "test.unannounced"),
                configuration: PostgresConfiguration(connectionString: site.schema.connectionString))
            await pool.start()
            // The program's own upkeep finds nothing but what is there when it looks.
            let values = rooms.map { "(\($0))" }.joined(separator: ", ")
            let announced = try await site.whileAnotherSession(
                "SELECT FROM rooms WHERE id = \(rooms[0]) FOR NO KEY UPDATE",
                "SELECT pg_advisory_xact_lock(\(rooms[1]))"
            ) {
                _ = try await site.query("INSERT INTO unannounced_rooms VALUES \(values)")
                return try await UnannouncedRooms.announce(in: pool).rooms
            }
            #expect(announced == [rooms[2]])
            #expect(try await UnannouncedRooms.announce(in: pool).rooms.sorted() == rooms.prefix(2).sorted())
            await pool.close()
        }
    }
}
