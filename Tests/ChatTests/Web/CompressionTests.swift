import Testing

/// Pages and fragments for clients that accept gzip.
struct CompressionTests {
    private static let gzip: Client.Fields = [("Accept-Encoding", "gzip, deflate, br")]

    /// The page without what is another each time that it is asked for.
    private func lasting(_ page: Response) -> String {
        page.text.replacing(page.hiddenFields["client_id"] ?? "none", with: "")
    }

    @Test func `a compressed page is the page, smaller, and HEAD tells of it`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let room = try await people[0].makeRoom(name: "kopi")
            try await people[1].join(room)
            _ = try await site.insertMessages(120, by: try await people[0].id(), in: room)
            for path in ["/dashboard", "/room/\(room)", "/room/\(room)/messages", "/room/\(room)/messages?before=80"] {
                for person in people + people {
                    let plain = try await person.get(path)
                    let compressed = try await person.get(path, fields: Self.gzip)
                    #expect(plain["content-encoding"] == nil)
                    #expect(compressed["content-encoding"] == "gzip")
                    #expect(compressed.content.count < plain.content.count)
                    #expect(lasting(try compressed.decompressed()) == lasting(plain))
                    #expect(plain["vary"] == "Accept-Encoding" && compressed["vary"] == "Accept-Encoding")
                    let head = try await person.send("HEAD", path, fields: Self.gzip)
                    #expect(head["content-encoding"] == "gzip")
                    #expect(head["content-length"] == compressed["content-length"])
                }
            }
            let page = try await people[0].get("/room/\(room)")
            let compressed = try await people[0].get("/room/\(room)", fields: Self.gzip)
            #expect(compressed.content.count < page.content.count / 4, "what it is for")
        }
    }

    @Test(arguments: [nil, "", "identity", "gzip;q=0", "br", "identity, gzip;q=0.5", "*;q=0"])
    func `whoever does not want gzip gets the page as it is`(accepted: String?) async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let response = try await alice.get(
                "/dashboard", fields: accepted.map { [("Accept-Encoding", $0)] } ?? [])
            #expect(response.status == 200 && response["content-encoding"] == nil)
            #expect(response.contains("Selamat datang, alice!"))
        }
    }

    @Test func `what is small, and what is for programs, is not compressed`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            _ = try await site.insertMessages(60, by: try await alice.id(), in: room)
            let path = "/room/\(room)/messages"
            for response in [
                try await alice.get(path + "?limit=1", fields: Self.gzip),
                try await alice.get(path, as: .json, fields: Self.gzip),
                try await alice.post("/room/\(room)/leave"),
            ] {
                #expect(response["content-encoding"] == nil)
            }
        }
    }

    @Test func `nothing of one person is compressed, so that no length tells of it`() async throws {
        try await TestSite.with { site in
            let (name, label) = ("somebody-with-a-name", "a room with a name")
            let alice = try await site.person(name)
            let room = try await alice.makeRoom(name: label)
            _ = try await site.insertMessages(60, by: try await alice.id(), in: room)
            let typed = String(repeating: "what somebody has typed ", count: 300)
            for response in [
                try await alice.get("/room/\(room)", fields: Self.gzip),
                try await alice.send(
                    "POST", "/room/\(room)/send", fields: Self.gzip + Client.formType,
                    content: Client.encode(["content": typed])),
            ] {
                let page = try response.decompressed()
                let token = try #require(page.hiddenFields["token"])
                let client = try #require(page.hiddenFields["client_id"])
                for text in [token, client, name, label, typed] {
                    #expect(response.count(of: text) == page.count(of: text), "\(text)")
                }
                #expect(page.count(of: token) > 0 && page.count(of: name) > 0 && page.count(of: label) > 0)
            }
        }
    }

    @Test func `the previews of rooms are compressed with nothing`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let preview = "the preview of a room that is for those in it"
            for _ in 0..<10 { try await alice.say(preview, in: try await alice.makeRoom()) }
            for path in ["/dashboard", "/my-rooms"] {
                let response = try await alice.get(path, fields: Self.gzip)
                #expect(response.count(of: preview) == 10)
                #expect(try response.decompressed().count(of: preview) == 10)
            }
        }
    }

    @Test func `a room whose messages lie far apart among all others is compressed as well`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let (busy, quiet) = (try await alice.makeRoom(), try await alice.makeRoom())
            let id = try await alice.id()
            // Ids are drawn for all rooms together.
            for _ in 0..<50 {
                _ = try await site.insertMessages(1, by: id, in: quiet)
                _ = try await site.query("SELECT nextval('messages_id_seq') FROM generate_series(1, 100)")
            }
            _ = try await site.insertMessages(50, by: id, in: busy)
            let sizes = [
                try await alice.get("/room/\(quiet)/messages", fields: Self.gzip).content.count,
                try await alice.get("/room/\(busy)/messages", fields: Self.gzip).content.count,
            ]
            #expect(Double(sizes[0]) < 1.5 * Double(sizes[1]), "\(sizes)")
        }
    }
}
