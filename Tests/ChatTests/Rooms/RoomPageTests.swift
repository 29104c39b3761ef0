import Testing

struct RoomPageTests {
    @Test func `the page has the room, its history, and the forms to send and to leave`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let room = try await alice.makeRoom(name: "kopi")
            try await bob.join(room)
            try await alice.say("Hai semua!", in: room)
            try await bob.say("Hai alice", in: room)
            let page = try await bob.get("/room/\(room)")
            expectPage(
                page, 200, "Room ID: \(room) | Type: Group | Members: 2", "<h1 dir=\"auto\">kopi</h1>", "Hai semua!",
                "Hai alice", "action=\"/room/\(room)/send\"", "action=\"/room/\(room)/leave\"", "href=\"/dashboard\"")
            #expect(!page.contains("Room created!"), "not when something was said")
            let senders = page.text.components(after: "<bdi class=\"sender\">").map { String($0.prefix { $0 != "<" }) }
            #expect(senders.prefix(2) == ["alice", "you"])
        }
    }

    @Test func `the page tells its script the limits to which it has to keep`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let page = try await alice.get("/room/\(try await alice.makeRoom())")
            #expect(page.attributes("data-max-content") == ["4000"])
            #expect(page.attributes("data-hold-seconds") == ["25"])
            #expect(page.attributes("data-group-ms") == ["300000"])
        }
    }

    @Test func `the newest fifty messages are shown, with a way to the older ones`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let ids = try await site.insertMessages(120, by: try await alice.id(), in: room)
            let newest = try await alice.get("/room/\(room)")
            #expect(newest.attributes("data-id") == ids.suffix(50).map(String.init))
            let link = "/room/\(room)?before=\(ids[70])"
            expectPage(newest, 200, "href=\"\(link)\"")
            let older = try await alice.get(link)
            #expect(older.attributes("data-id") == ids[20..<70].map(String.init))
            let oldest = try await alice.get("/room/\(room)?before=\(ids[20])")
            #expect(oldest.attributes("data-id") == ids[..<20].map(String.init))
            #expect(!oldest.contains("?before="))
        }
    }

    @Test(arguments: ["0", "-1", "abc", "", "9223372036854775808", "%00", "%FF"])
    func `a page before what is no message is refused`(_ before: String) async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            expectPage(try await alice.get("/room/\(room)?before=\(before)"), 422)
            #expect(try await alice.get("/room/\(room)?before=\(before)", as: .json).status == 422)
        }
    }

    @Test func `a program gets the room`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom("dm")
            let response = try await alice.get("/room/\(room)", as: .json)
            #expect(response.text == #"{"id":\#(room),"type":"dm","name":null,"members":1}"#)
        }
    }

    @Test func `the hidden client_id is a new UUID each time`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            var seen: Set<String> = []
            for _ in 0..<3 {
                let page = try await alice.get("/room/\(room)")
                let values = page.text.components(after: "name=\"client_id\" value=\"").map {
                    String($0.prefix { $0 != "\"" })
                }
                try #require(values.count == 1)
                #expect(
                    values[0].wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
                        != nil)
                seen.insert(values[0])
            }
            #expect(seen.count == 3)
        }
    }
}
