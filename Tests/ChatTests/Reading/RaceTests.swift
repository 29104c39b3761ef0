import Testing

struct RaceTests {
    @Test func `a reader who follows misses nothing of what ten people send at once over two processes`() async throws {
        try await TestSite.with { site in
            try await site.withOtherProcess { other in
                let people = try await atOnce(10) { try await site.person("person\($0)") }
                let room = try await people[0].makeRoom()
                _ = try await atOnce(9) { try await people[$0 + 1].join(room) }
                let reader = try await site.person("reader")
                try await reader.join(room)

                async let following = Self.follow(reader.at(other), room, count: 200)
                let sent = try await atOnce(200) { index in
                    let person = people[index % 10]
                    return try await person.at(index.isMultiple(of: 2) ? site : other).say("message \(index)", in: room)
                }
                let seen = try await following
                let ids = seen.compactMap(\.["id"].int)
                #expect(ids == ids.sorted())
                #expect(Set(ids).count == 200)
                #expect(Set(seen) == Set(sent))
                #expect(try await site.int("SELECT count(*) FROM messages") == 200)
            }
        }
    }

    private static func follow(_ reader: Client, _ room: Int64, count: Int) async throws -> [JSON] {
        var seen: [JSON] = []
        var cursor: Int64 = 0
        while seen.count < count {
            let answer = try await reader.messages(in: room, "?after=\(cursor)&wait=10&limit=7")
            // Nothing for so long: it was missed.
            guard !answer["messages"].elements.isEmpty else { break }
            seen += answer["messages"].elements
            cursor = try #require(answer["cursor"].int)
        }
        return seen
    }

    @Test func `senders of many rooms at once do not stand in each other's way`() async throws {
        try await TestSite.with { site in
            let people = try await atOnce(4) { try await site.person("person\($0)") }
            var rooms: [Int64] = []
            for person in people { rooms.append(try await person.makeRoom()) }
            let ids = rooms
            for person in people { for room in rooms { try await person.join(room) } }
            let statuses = try await atOnce(80) { index in
                let target = "/room/\(ids[index / 4 % 4])/send"
                return try await people[index % 4].post(target, ["content": "\(index)"], as: .json).status
            }
            #expect(statuses.allSatisfy { $0 == 201 })
        }
    }

    @Test func `whoever deletes the account while sending leaves whole messages, and no error of the server`()
        async throws
    {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let room = try await alice.makeRoom()
            try await bob.join(room)
            let statuses = try await atOnce(31) { index in
                index == 15
                    ? try await bob.at(site).post("/account/delete").status
                    : try await [alice, bob][index % 2].post("/room/\(room)/send", ["content": "\(index)"], as: .json)
                        .status
            }
            #expect(statuses.allSatisfy { [201, 303, 401, 403].contains($0) }, "\(statuses)")
            let stored = statuses.filter { $0 == 201 }.count
            #expect(try await site.int("SELECT count(*) FROM messages") == Int64(stored))
        }
    }
}
