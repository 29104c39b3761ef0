import PostgreSQL
import Testing

struct RoomListPagingTests {
    @Test func `120 rooms come on three pages, each room once, the newest first`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let rooms = try await site.makeRooms(120, with: alice)
            // Every third has a message, later than all joinings, and the order of those is another.
            var expected = rooms.reversed().filter { $0 % 3 != 0 }
            for room in rooms where room % 3 == 0 {
                _ = try await site.insertMessages(2, by: try await alice.id(), in: room)
                expected.insert(room, at: 0)
            }
            let pages = try await alice.roomPages("/my-rooms")
            #expect(pages.map(\.count) == [50, 50, 20])
            #expect(pages.flatMap { $0 } == expected)
        }
    }

    @Test func `the pages lead to each other without script, the dashboard to the first of them`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let rooms = try await site.makeRooms(120, with: alice).map { "\($0)" }
            var page = try await alice.get("/dashboard")
            var seen = page.attributes("data-room-id")
            while let link = page.nextLink {
                page = try await alice.get(link)
                expectPage(page, 200, "Ruang saya", "href=\"/my-rooms\">Ruang terbaru</a>")
                seen += page.attributes("data-room-id")
                try #require(seen.count <= rooms.count)
            }
            #expect(seen == rooms.reversed())
        }
    }

    @Test(arguments: [1, 7, 200])
    func `a client may say how many, and the next part is as long`(_ limit: Int) async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let rooms = try await site.makeRooms(201, with: alice)
            var target = "/my-rooms?limit=\(limit)"
            for page in 0..<2 {
                let list = try await alice.getJSON(target)
                let expected = rooms.reversed().dropFirst(page * limit).prefix(limit)
                #expect(list["rooms"].elements.compactMap(\.["id"].int) == Array(expected))
                #expect(list["next"].isNull == (limit * (page + 1) >= rooms.count))
                guard let next = list["next"].string else { break }
                target = next
            }
        }
    }

    @Test func `a list that ends with its part has no next, one room more has`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            _ = try await site.makeRooms(50, with: alice)
            #expect(try await alice.getJSON("/my-rooms")["next"].isNull)
            #expect(try await alice.get("/my-rooms").nextLink == nil)
            _ = try await site.makeRooms(1, with: alice)
            #expect(try await alice.roomPages("/my-rooms").map(\.count) == [50, 1])
        }
    }

    @Test func `rooms that stand at the same number are told apart`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let rooms = try await site.makeRooms(9, with: alice)
            // As they are in a database that an earlier version has made, where also the times may be the same.
            _ = try await site.query("UPDATE room_members SET joined_number = NULL, joined_at = now()")
            let pages = try await alice.roomPages("/my-rooms?limit=2")
            #expect(pages.map(\.count) == [2, 2, 2, 2, 1])
            #expect(pages.flatMap { $0 } == rooms.reversed())
        }
    }

    @Test func `messages of one time are in the order of their storing`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let rooms = try await site.makeRooms(4, with: alice)
            let person = try await alice.id()
            for room in rooms { _ = try await site.insertMessages(1, by: person, in: room) }
            _ = try await site.query("UPDATE messages SET created_at = '2026-01-01'")
            #expect(try await alice.roomPages("/my-rooms?limit=1") == rooms.reversed().map { [$0] })
        }
    }

    @Test func `a room that has news between two pages goes to the top and skips nobody`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let rooms = try await site.makeRooms(6, with: alice)
            let first = try await alice.getJSON("/my-rooms?limit=2")
            #expect(first["rooms"].elements.compactMap(\.["id"].int) == [rooms[5], rooms[4]])
            // One that was shown, and one that was not.
            try await alice.say("hi", in: rooms[5])
            try await alice.say("hi", in: rooms[1])
            let rest = try await alice.roomPages(try #require(first["next"].string))
            #expect(rest.flatMap { $0 } == [rooms[3], rooms[2], rooms[0]])
            #expect(try await alice.roomPages("/my-rooms?limit=2").first == [rooms[1], rooms[5]])
        }
    }

    @Test func `leaving rooms between two pages skips no other`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let rooms = try await site.makeRooms(7, with: alice)
            let first = try await alice.getJSON("/my-rooms?limit=2")
            // The last that was shown, at which the next part begins, and the first of that.
            try await alice.leave(rooms[5])
            try await alice.leave(rooms[4])
            let rest = try await alice.roomPages(try #require(first["next"].string))
            #expect(rest.flatMap { $0 } == [rooms[3], rooms[2], rooms[1], rooms[0]])
        }
    }

    @Test func `a part that nothing is left of says so`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let rooms = try await site.makeRooms(2, with: alice)
            let next = try #require(try await alice.getJSON("/my-rooms?limit=1")["next"].string)
            try await alice.leave(rooms[0])
            expectPage(try await alice.get(next), 200, "Tidak ada ruang lagi.")
            #expect(try await alice.getJSON(next)["rooms"] == .array([]))
        }
    }

    @Test(arguments: [
        "before=", "before=1", "before=1-", "before=-1", "before=1-0", "before=-1-1", "before=%2B1-1", "before=1-1-1",
        "before=a-1", "before=1-9223372036854775808", "before=9223372036854775808-1", "before=1.5-1", "before=1-1%20",
        "before=%D9%A1-%D9%A1", "limit=0", "limit=201", "limit=", "limit=-1", "limit=ten", "limit=1&before=x",
    ])
    func `a malformed part is refused, on the page too`(_ query: String) async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let problem = try await alice.get("/my-rooms?\(query)", as: .json)
            #expect(problem.status == 422)
            let field = query.contains("before") ? "before" : "limit"
            #expect(try problem.json()["field"].string == field)
            #expect(try await alice.get("/my-rooms?\(query)").status == 422)
        }
    }

    @Test(arguments: ["before=0-1", "before=9223372036854775807-9223372036854775807", "limit=1", "limit=200"])
    func `a part at the limits is answered`(_ query: String) async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            _ = try await site.makeRooms(1, with: alice)
            let list = try await alice.getJSON("/my-rooms?\(query)")
            #expect(list["rooms"].elements.count == (query == "before=0-1" ? 0 : 1))
        }
    }

    @Test func `a place tells nothing to somebody else`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            _ = try await site.makeRooms(3, with: people[0])
            let next = try #require(try await people[0].getJSON("/my-rooms?limit=1")["next"].string)
            #expect(try await people[1].getJSON(next)["rooms"] == .array([]))
        }
    }
}

extension TestSite {
    /// Makes groups with one member, without the application; gives their ids in the order of the joining.
    fileprivate func makeRooms(_ count: Int, with person: Client) async throws -> [Int64] {
        let id = try await person.id()
        let rooms = try await query(
            "INSERT INTO rooms (type) SELECT 'group' FROM generate_series(1, $1::bigint) RETURNING id",
            [.int(Int64(count))]
        ).map { try $0.int(0) }
        _ = try await query(
            """
            INSERT INTO room_members (room_id, user_id)
            SELECT room, $1 FROM unnest($2::bigint[]) WITH ORDINALITY AS given (room, n) ORDER BY n
            """, [.int(id), .ints(rooms)])
        return rooms
    }
}

extension Client {
    /// The ids of the rooms on each page from `target` on, as JSON leads from one to the next.
    fileprivate func roomPages(_ target: String) async throws -> [[Int64]] {
        var pages: [[Int64]] = []
        var next: String? = target
        while let target = next {
            let list = try await getJSON(target)
            pages.append(list["rooms"].elements.compactMap(\.["id"].int))
            next = list["next"].string
            try #require(pages.count < 100)
        }
        return pages
    }
}

extension Response {
    /// Where the link to the next part leads.
    fileprivate var nextLink: String? {
        text.firstMatch(of: /rel="next" href="([^"]*)"/).map { String($0.1).replacing("&amp;", with: "&") }
    }
}
