import PostgreSQL
import Testing

struct RoomListTests {
    @Test func `the dashboard greets and has everything to go on with`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom(name: "kopi")
            expectPage(
                try await alice.get("/dashboard"), 200, "Selamat datang, alice!", "action=\"/room/create\"",
                "action=\"/room/join\"", "action=\"/logout\"", "action=\"/account/delete\"", "href=\"/room/\(room)\"",
                "href=\"/my-rooms\"", "kopi")
        }
    }

    @Test(arguments: ["/dashboard", "/my-rooms"])
    func `a person's rooms are listed with id, type, name, members and last message`(_ target: String) async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let quiet = try await alice.makeRoom("dm", with: "bob")
            let lively = try await alice.makeRoom(name: "kopi")
            try await bob.join(lively)
            try await bob.makeRoom(name: "not alice's")
            let said = try await bob.say("Hai alice", in: lively)

            let list = try await alice.getJSON(target)
            #expect(list.names == ["user", "rooms", "next"])
            #expect(list["next"].isNull)
            #expect(list["user"]["username"].string == "alice")
            #expect(list["rooms"].elements.count == 2)
            let room = list["rooms"][0]
            #expect(room.names == ["id", "type", "name", "members", "label", "last_message"])
            #expect(room["id"].int == lively)
            #expect(room["type"].string == "group")
            #expect(room["name"].string == "kopi")
            #expect(room["members"].int == 2)
            #expect(room["last_message"]["sender"].string == "bob")
            #expect(room["last_message"]["content"].string == "Hai alice")
            #expect(room["last_message"]["created_at"] == said["created_at"])
            let dm = list["rooms"][1]
            #expect(dm["id"].int == quiet)
            #expect(dm["type"].string == "dm")
            #expect(dm["name"].isNull)
            #expect(dm["label"].string == "bob", "called by who is in it")
            #expect(dm["last_message"].isNull)

            let page = try await alice.get(target)
            expectPage(page, 200, "ID \(lively) · Group · 2 anggota", "bob: Hai alice", "ID \(quiet) · DM · 2 anggota")
            #expect(page.attributes("data-room-id") == ["\(lively)", "\(quiet)"])
            #expect(!page.contains("not alice"))
        }
    }

    @Test func `the newest comes first: made, joined or written in last`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            func order() async throws -> [Int64?] {
                try await alice.getJSON("/my-rooms")["rooms"].elements.map(\.["id"].int)
            }
            let bobs = try await bob.makeRoom()
            let first = try await alice.makeRoom()
            let second = try await alice.makeRoom()
            #expect(try await order() == [second, first])
            try await alice.join(bobs)
            #expect(try await order() == [bobs, second, first])
            try await alice.say("hi", in: first)
            #expect(try await order() == [first, bobs, second])
        }
    }

    @Test func `a room of a hundred is called after the people in it, a larger one is not`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            func addPeople(_ range: ClosedRange<Int64>) async throws {
                _ = try await site.query(
                    """
                    WITH person AS (
                        INSERT INTO users (username) SELECT 'p' || n FROM generate_series($1::bigint, $2::bigint) AS n
                        RETURNING id
                    ) INSERT INTO room_members (room_id, user_id) SELECT $3, id FROM person ORDER BY id
                    """, [.int(range.lowerBound), .int(range.upperBound), .int(room)])
            }
            try await addPeople(2...100)
            #expect(try await alice.getJSON("/my-rooms")["rooms"][0]["label"].string == "p2, p3, p4")
            expectPage(try await alice.get("/room/\(room)"), 200, "p2, p3, p4</h1>")
            try await addPeople(101...101)
            #expect(try await alice.getJSON("/my-rooms")["rooms"][0]["label"].string == "Room \(room)")
            expectPage(try await alice.get("/room/\(room)"), 200, "Room \(room)</h1>")
        }
    }

    @Test func `whoever is in no room is told so`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            for target in ["/dashboard", "/my-rooms"] {
                expectPage(try await alice.get(target), 200, "Belum ada ruang.")
                #expect(try await alice.getJSON(target)["rooms"] == .array([]))
            }
        }
    }
}
