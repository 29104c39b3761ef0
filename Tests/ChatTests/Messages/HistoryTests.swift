import Testing

/// `GET /room/ID/messages` without waiting.
struct HistoryTests {
    @Test func `JSON is as the contract says, to the letter`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let (aliceID, bobID) = (try await alice.id(), try await bob.id())
            let room = try await alice.makeRoom()
            try await bob.join(room)
            let named = try await alice.makeRoom(name: "Kopi \"pagi\"")
            let first = try await alice.say("Hai semua!", in: room)
            let second = try await bob.say("…", in: room)
            let (a, b) = (try #require(first["id"].int), try #require(second["id"].int))
            let (at, bt) = (try #require(first["created_at"].string), try #require(second["created_at"].string))

            let state = #""edited_at":null,"deleted":false,"reply_to":null"#
            func expected(_ bob: String, _ bobID: String, members: Int, cursor: Int64) -> String {
                #"{"room":{"id":\#(room),"type":"group","name":null,"members":\#(members)},"messages":["#
                    + #"{"id":\#(a),"sender":"alice","sender_id":\#(aliceID),"content":"Hai semua!","#
                    + #""created_at":"\#(at)",\#(state)},"#
                    + #"{"id":\#(b),"sender":\#(bob),"sender_id":\#(bobID),"content":"…","#
                    + #""created_at":"\#(bt)",\#(state)}],"#
                    + #""cursor":\#(cursor),"has_more":false}"#
            }
            for format in [Client.Format.json, .anything] {
                let response = try await alice.get("/room/\(room)/messages", as: format)
                #expect(response.status == 200)
                #expect(response["content-type"] == "application/json")
                #expect(response["cache-control"] == "no-store")
                #expect(response.text == expected("\"bob\"", "\(bobID)", members: 2, cursor: b))
            }
            _ = try await bob.post("/account/delete")
            let later = try await alice.get("/room/\(room)/messages?after=0", as: .anything)
            // The account's end was a change of the room.
            #expect(later.text == expected("null", "null", members: 1, cursor: b + 1))

            let empty = try await alice.get("/room/\(named)/messages?after=77", as: .anything)
            #expect(
                empty.text
                    == #"{"room":{"id":\#(named),"type":"group","name":"Kopi \"pagi\"","members":1},"messages":[],"#
                    + #""cursor":\#(a - 1),"has_more":false}"#)
        }
    }

    @Test func `after gives the oldest, before and neither the newest, always ascending`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let ids = try await site.insertMessages(120, by: try await alice.id(), in: room)
            for (query, expected, hasMore) in [
                ("", ids[70...], true), ("?limit=120", ids[...], false), ("?limit=119", ids[1...], true),
                ("?after=0", ids[..<50], true), ("?after=\(ids[69])", ids[70...], false),
                ("?after=\(ids[68])", ids[69..<119], true), ("?after=\(ids[117])&limit=1", ids[118..<119], true),
                ("?after=\(ids[118])&limit=1", ids[119...], false), ("?after=\(ids[119])", [], false),
                ("?before=\(ids[119])", ids[69..<119], true), ("?before=\(ids[50])", ids[..<50], false),
                ("?before=\(ids[51])", ids[1..<51], true), ("?before=\(ids[2])&limit=1", ids[1..<2], true),
                ("?before=\(ids[0])", [], false), ("?before=0", [], false),
                ("?after=9223372036854775807", [], false), ("?before=9223372036854775807&limit=2", ids[118...], true),
            ] as [(String, ArraySlice<Int64>, Bool)] {
                let answer = try await alice.messages(in: room, query)
                #expect(answer["messages"].elements.map(\.["id"].int) == expected.map(Optional.init), "\(query)")
                #expect(answer["has_more"].bool == hasMore, "\(query)")
                let isCut = hasMore && query.contains("after")
                #expect(answer["cursor"].int == (isCut ? expected.last : ids.last), "\(query)")
            }
        }
    }

    @Test func `paging by the cursor gives everything once, both ways`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let other = try await alice.makeRoom()
            let sender = try await alice.id()
            var ids: [Int64] = []
            for _ in 0..<5 {
                ids += try await site.insertMessages(100, by: sender, in: room)
                _ = try await site.insertMessages(3, by: sender, in: other)
            }
            for limit in [1 + 2 * 37, 200, 50] {
                var seen: [Int64] = []
                var cursor: Int64 = 0
                while true {
                    let page = try await alice.messages(in: room, "?after=\(cursor)&limit=\(limit)")
                    seen += page["messages"].elements.compactMap(\.["id"].int)
                    #expect(page["has_more"].bool == (seen.count < 500))
                    cursor = try #require(page["cursor"].int)
                    if page["messages"].elements.isEmpty { break }
                }
                #expect(seen == ids)
                #expect(cursor == ids.last)
            }
            var seen: [Int64] = []
            while true {
                let query = seen.first.map { "?before=\($0)&limit=200" } ?? "?limit=200"
                let page = try await alice.messages(in: room, query)["messages"].elements.compactMap(\.["id"].int)
                if page.isEmpty { break }
                seen = page + seen
            }
            #expect(seen == ids)
        }
    }

    @Test func `limit is 1 to 200`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            _ = try await site.insertMessages(250, by: try await alice.id(), in: room)
            for (limit, count) in [(1, 1), (200, 200)] {
                for query in ["?limit=\(limit)", "?after=0&limit=\(limit)", "?before=99999999&limit=\(limit)"] {
                    #expect(try await alice.messages(in: room, query)["messages"].elements.count == count)
                }
            }
            for limit in ["0", "201", "-1", "+5", "", "abc", "9223372036854775808"] {
                let refused = try await alice.get("/room/\(room)/messages?limit=\(limit)", as: .anything)
                try expectProblem(refused, 422, field: "limit")
            }
        }
    }

    @Test func `bad parameters are refused`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for (query, field) in [
                ("after=-1", "after"), ("after=+1", "after"), ("after=", "after"), ("after=abc", "after"),
                ("after=9223372036854775808", "after"), ("after=%31a", "after"), ("before=-1", "before"),
                ("before=9223372036854775808", "before"), ("before=", "before"), ("after=1&before=2", "before"),
                ("wait=31", "wait"), ("wait=-1", "wait"), ("wait=", "wait"), ("wait=1.5", "wait"),
                ("after=0&wait=31", "wait"), ("after=%00", nil), ("after=%FF", nil), ("x=%C0%80", nil),
            ] {
                let target = "/room/\(room)/messages?\(query)"
                try expectProblem(try await alice.get(target, as: .anything), 422, field: field)
                #expect(try await alice.get(target, as: .html).status == 422)
            }
            // What is no percent-encoding is no URI, which is refused before it is known what it is about.
            #expect(try await alice.get("/room/\(room)/messages?after=%zz").status == 400)
            #expect(try await alice.get("/room/\(room)/messages?after=%30&unknown=1", as: .json).status == 200)
        }
    }

    @Test func `times are in the order of the ids`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            _ = try await atOnce(20) { try await alice.say("\($0)", in: room) }
            let unordered = try await site.int(
                """
                SELECT count(*) FROM (SELECT created_at < lag(created_at) OVER (ORDER BY id) AS is_earlier FROM messages)
                    AS message WHERE is_earlier
                """)
            #expect(unordered == 0)
        }
    }
}
