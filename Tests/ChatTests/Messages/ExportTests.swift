import Testing

/// `GET /room/ID/export`.
struct ExportTests {
    private static let formats = ["txt", "html", "json"]

    @Test func `a room is exported whole, in order, in each format`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let room = try await people[0].makeRoom(name: "kopi & teh")
            try await people[1].join(room)
            let ids = try await site.insertMessages(450, by: try await people[0].id(), in: room)
            try await people[1].say(Escaping.hostile, in: room)
            try await people[1].say("dua\nbaris", in: room)

            let json = try await people[1].get("/room/\(room)/export?format=json")
            #expect(json["content-type"] == "application/json")
            #expect(json["content-disposition"] == "attachment; filename=\"obrolan-\(room).json\"")
            #expect(json["transfer-encoding"] == "chunked" && json["cache-control"] == "no-store")
            let file = try JSON(parsing: json.content)
            #expect(file["room"]["id"].int == room && file["room"]["name"].string == "kopi & teh")
            #expect(file["exported_at"].string?.hasSuffix("Z") == true)
            let messages = file["messages"].elements
            #expect(messages.prefix(450).map { $0["id"].int } == ids)
            #expect(messages[450]["content"].string == Escaping.hostile)
            #expect(messages.count == 452)

            let html = try await people[1].get("/room/\(room)/export?format=html")
            for text in ["kopi &amp; teh", Escaping.escaped(Escaping.hostile), "Room ID: \(room)", "</html>"] {
                #expect(html.contains(text))
            }
            #expect(html["content-security-policy"]?.hasPrefix("sandbox; default-src 'none';") == true)
            #expect(html.attributes("data-id").compactMap(Int64.init).prefix(450) == ids[...])
            #expect(html.attributes("data-id").count == 452)
            #expect(!html.contains("<script") && !html.contains("<link") && !html.contains("data-client-id"))

            let text = try await people[1].get("/room/\(room)/export?format=txt")
            #expect(text.text.hasPrefix("kopi & teh\nRoom ID: \(room) | Type: Group | Members: 2\n"))
            #expect(text.text.hasSuffix("] bob: dua\n    baris\n"))
            #expect(text.count(of: "] alice: ") == 450)
        }
    }

    @Test func `a room without messages is a file, too`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let json = try JSON(parsing: try await alice.get("/room/\(room)/export?format=json").content)
            #expect(json["messages"] == .array([]))
            #expect(try await alice.get("/room/\(room)/export?format=html").contains("</html>"))
            #expect(try await alice.get("/room/\(room)/export?format=txt").status == 200)
        }
    }

    @Test func `what is changed while it is exported stands where it was, once`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let ids = try await site.insertMessages(450, by: try await alice.id(), in: room)
            _ = try await site.query(
                "UPDATE messages SET content = 'changed' WHERE id = \(ids[3]) AND room_id = \(room)")
            let messages = try JSON(parsing: try await alice.get("/room/\(room)/export?format=json").content)[
                "messages"]
            #expect(messages.elements.map { $0["id"].int } == ids)
            #expect(messages[3]["content"].string == "changed")
        }
    }

    @Test(arguments: ["", "?format=", "?format=pdf", "?format=TXT"])
    func `a format that there is not is an error in words`(query: String) async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            try expectProblem(try await alice.get("/room/\(room)/export\(query)", as: .json), 422, field: "format")
            expectPage(try await alice.get("/room/\(room)/export\(query)"), 422, "txt, html, atau json")
        }
    }

    @Test(arguments: formats)
    func `HEAD tells what a download would be`(format: String) async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let head = try await alice.send("HEAD", "/room/\(room)/export?format=\(format)")
            #expect(head.status == 200 && head["transfer-encoding"] == "chunked" && head.content.isEmpty)
        }
    }

    @Test func `whoever leaves while it is sent gets no more, and no end`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let room = try await people[0].makeRoom()
            try await people[1].join(room)
            let id = try await people[0].id()
            // More than sockets hold.
            for _ in 0..<10 { _ = try await site.insertMessages(500, by: id, in: room, length: 4000) }
            let download = try await people[1].begin("/room/\(room)/export?format=json")
            #expect(try await !download.isHeld(for: .patience), "it has begun")
            try await people[1].leave(room)
            let bytes = try await Blocking.run { try download.socket.readToEnd(within: .patience) }
            #expect(bytes.count < 5000 * 4000)
            #expect(!bytes.suffix(5).elementsEqual("0\r\n\r\n".utf8))
        }
    }
}
