import Testing

/// A reply has a quote of what it answers, which is always as that is now.
struct ReplyTests {
    private static let id = "f81d4fae-7dec-41d0-a765-00a0c91e6bf6"

    private static func quote(_ id: Int64, _ sender: String?, _ content: String?) -> JSON {
        .object([
            "id": .number(id), "sender": sender.map { .string($0) } ?? .null,
            "content": content.map { .string($0) } ?? .null,
        ])
    }

    @Test func `a reply quotes the first hundred characters`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let room = try await alice.makeRoom()
            try await bob.join(room)
            let flag = "🇮🇩"
            let content = String(repeating: flag, count: 60)
            let first = try #require(try await alice.say(content, in: room)["id"].int)
            let reply = try await bob.reply("so it is", to: first, in: room)
            #expect(reply["reply_to"] == Self.quote(first, "alice", String(repeating: flag, count: 50)))
            #expect(try await alice.messages(in: room)["messages"][1] == reply)
            #expect(try await alice.messages(in: room, "?before=\(Int64.max)")["messages"][1] == reply)
            #expect(try await alice.getJSON("/my-rooms")["rooms"][0]["last_message"]["reply_to"] == reply["reply_to"])
            for page in [
                try await alice.get("/room/\(room)"),
                try await alice.get("/room/\(room)/messages?after=\(first)", as: .html),
            ] {
                #expect(page.contains("href=\"/room/\(room)?at=\(first)#pesan-\(first)\""))
                #expect(page.contains(">\(String(repeating: flag, count: 50))</span>"))
            }
        }
    }

    @Test func `the quote is what the message is now, for whoever reads anew, and the reply is not sent again`()
        async throws
    {
        try await TestSite.with(.all) { site in
            try await site.withOtherProcess { other in
                let people = try await site.people("alice", "bob")
                let (alice, bob) = (people[0], people[1].at(other))
                let room = try await alice.makeRoom()
                try await bob.join(room)
                let first = try #require(try await alice.say("teh", in: room)["id"].int)
                let reply = try #require(try await bob.reply("ya", to: first, in: room)["id"].int)
                let long = try await site.insertMessages(60, by: try await alice.id(), in: room)
                let late = try #require(try await bob.reply("ya!", to: first, in: room)["id"].int)
                func expect(_ quote: JSON, told id: Int64, after cursor: Int64) async throws {
                    for reader in [alice, bob] {
                        let news = try await reader.messages(in: room, "?after=\(cursor)")["messages"].elements
                        #expect(news.map(\.["id"].int) == [id])
                        for query in ["", "?after=\(long[58])", "?limit=70"] {
                            let all = try await reader.messages(in: room, query)["messages"].elements
                            let replies = all.filter { [reply, late].contains($0["id"].int) }
                            #expect(replies.count == (query == "?limit=70" ? 2 : 1))
                            #expect(replies.allSatisfy { $0["reply_to"] == quote })
                        }
                        let page = try await reader.get("/room/\(room)")
                        let words = quote["content"].string ?? "Pesan dihapus"
                        #expect(page.contains("dir=\"auto\">\(words)</span></a>"))
                    }
                }
                // Kept by now, in all forms.
                for reader in [alice, bob] { _ = try await reader.get("/room/\(room)") }
                _ = try await alice.edit(first, in: room, to: "kopi")
                try await expect(Self.quote(first, "alice", "kopi"), told: first, after: late)
                let cursor = try #require(try await alice.messages(in: room)["cursor"].int)
                _ = try await alice.delete(first, in: room)
                try await expect(Self.quote(first, "alice", nil), told: first, after: cursor)
                let last = try await alice.getJSON("/my-rooms")["rooms"][0]["last_message"]["reply_to"]
                #expect(last == Self.quote(first, "alice", nil))
                _ = try await alice.post("/account/delete")
                #expect(
                    try await bob.messages(in: room)["messages"].elements.last?["reply_to"]
                        == Self.quote(first, nil, nil))
            }
        }
    }

    @Test func `what is not there, in another room or deleted cannot be answered`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let (room, other) = (try await alice.makeRoom(), try await alice.makeRoom())
            let elsewhere = try #require(try await alice.say("elsewhere", in: other)["id"].int)
            let gone = try #require(try await alice.say("gone", in: room)["id"].int)
            _ = try await alice.delete(gone, in: room)
            for target in ["\(elsewhere)", "\(gone)", "\(gone + 1000)", "0", "-1", "x", "9223372036854775808", " "] {
                let form = ["content": "what was typed", "reply_to": target]
                try expectProblem(try await alice.post("/room/\(room)/send", form, as: .json), 422, field: "reply_to")
                expectPage(try await alice.post("/room/\(room)/send", form), 422, "what was typed</textarea>")
            }
            for target in ["\(elsewhere)", "\(gone)", "0", "x"] {
                #expect(try await alice.get("/room/\(room)?reply=\(target)").status == 422)
            }
            #expect(try await alice.contents(in: room).isEmpty)
            #expect(try await alice.post("/room/\(room)/send", ["content": "none", "reply_to": ""]).status == 303)
        }
    }

    @Test func `without a script a link fills the form, and an error keeps it so`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let id = try #require(try await alice.say(Escaping.hostile, in: room)["id"].int)
            expectPage(
                try await alice.get("/room/\(room)/message/\(id)"), 200, "href=\"/room/\(room)?reply=\(id)\"")
            let field = "name=\"reply_to\" value=\"\(id)\""
            expectPage(
                try await alice.get("/room/\(room)?reply=\(id)"), 200, field, "id=\"composer-bar\">",
                Escaping.escaped(Escaping.hostile))
            expectPage(try await alice.get("/room/\(room)"), 200, "value=\"\">", "id=\"composer-bar\" hidden>")
            let blank = try await alice.post("/room/\(room)/send", ["content": " ", "reply_to": "\(id)"])
            expectPage(blank, 422, field)
            expectRedirect(
                try await alice.post("/room/\(room)/send", ["content": "ya", "reply_to": "\(id)"]), to: "/room/\(room)")
            #expect(try await alice.messages(in: room)["messages"][1]["reply_to"]["id"].int == id)
        }
    }

    @Test func `a reply that races with the deletion of what it answers is stored before it, or not`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let room = try await alice.makeRoom()
            try await bob.join(room)
            for number in 0..<10 {
                let id = try #require(try await alice.say("\(number)", in: room)["id"].int)
                let statuses = try await atOnce(2) { index in
                    try await index == 0
                        ? bob.post("/room/\(room)/send", ["content": "re", "reply_to": "\(id)"], as: .json).status
                        : alice.delete(id, in: room).status
                }
                #expect([201, 422].contains(statuses[0]) && statuses[1] == 200)
                let before = try await site.int(
                    """
                    SELECT count(*) FROM messages AS reply JOIN messages AS quoted ON quoted.id = reply.reply_to
                    WHERE quoted.id = \(id) AND reply.id < quoted.change
                    """)
                #expect(before == (statuses[0] == 201 ? 1 : 0))
            }
        }
    }

    // MARK: Sent again

    @Test func `a client_id is for one message: its words, its room, what it answers`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let (room, other) = (try await alice.makeRoom(), try await alice.makeRoom())
            let quoted = try #require(try await alice.say("quoted", in: room)["id"].int)
            let first = try await alice.reply("once", to: quoted, in: room, clientID: Self.id)
            func send(_ content: String, to: Int64?, in room: Int64) async throws -> Response {
                var form = ["content": content, "client_id": Self.id]
                form["reply_to"] = to.map { "\($0)" }
                return try await alice.post("/room/\(room)/send", form, as: .json)
            }
            let again = try await send("once", to: quoted, in: room)
            #expect(again.status == 200)
            #expect(try again.json() == first)
            for (content, to, room) in [
                ("other words", quoted, room), ("once", nil, room), ("once", first["id"].int, room),
                ("once", nil, other),
            ] {
                try expectProblem(try await send(content, to: to, in: room), 409, field: "client_id")
            }
            expectPage(
                try await alice.post("/room/\(room)/send", ["content": "other words", "client_id": Self.id]), 409,
                "other words</textarea>")
            #expect(try await alice.contents(in: other).isEmpty)
            #expect(try await alice.contents(in: room).count == 2)
        }
    }

    @Test func `after an edit or a deletion old words are answered by the message as it is, and nothing comes back`()
        async throws
    {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let id = try #require(try await alice.say("once", in: room, clientID: Self.id)["id"].int)
            for isEdit in [true, false] {
                let change =
                    try await isEdit ? alice.edit(id, in: room, to: "twice") : alice.delete(id, in: room)
                let again = try await alice.post(
                    "/room/\(room)/send", ["content": "once", "client_id": Self.id], as: .json)
                #expect(again.status == 200)
                #expect(try again.json() == change.json())
                expectRedirect(
                    try await alice.post("/room/\(room)/send", ["content": "once", "client_id": Self.id]),
                    to: "/room/\(room)")
            }
            #expect(try await site.int("SELECT count(*) FROM messages WHERE content = ''") == 1)
            #expect(try await site.int("SELECT count(*) FROM messages") == 1)
        }
    }
}
