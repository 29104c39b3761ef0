import Testing

/// `POST /room/ID/name`, and the page that has its form.
struct RoomNamingTests {
    @Test func `any member renames a room, and who waits is told`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let room = try await people[0].makeRoom(name: "kopi")
            try await people[1].join(room)
            let cursor = try #require(try await people[0].messages(in: room)["cursor"].int)
            let held = try await people[0].wait(in: room, after: cursor)
            try await expectHeld(held)
            expectRedirect(try await people[1].post("/room/\(room)/name", ["name": " teh "]), to: "/room/\(room)")
            #expect(try await held.json()["room"]["name"].string == "teh")
            expectPage(try await people[0].get("/room/\(room)"), 200, "<h1 dir=\"auto\">teh</h1>")
            let json = try await people[0].post("/room/\(room)/name", ["name": ""], as: .json)
            #expect(try json.json()["name"].isNull)
            expectPage(try await people[0].get("/room/\(room)"), 200, "<h1 dir=\"auto\">bob</h1>")
        }
    }

    @Test func `a name that breaks a rule is an error in words, and is not lost`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom(name: "kopi")
            let name = String(repeating: "n", count: 65)
            let page = try await alice.post("/room/\(room)/name", ["name": name])
            expectPage(page, 422, "Nama ruang paling panjang 64 karakter.", "value=\"\(name)\"")
            try expectProblem(
                try await alice.post("/room/\(room)/name", ["name": "a\nb"], as: .json), 422, field: "name")
            #expect(try await alice.getJSON("/room/\(room)")["name"].string == "kopi")
        }
    }

    @Test func `the page invites by the name by which one came, and not to a dm of two`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let room = try await people[0].makeRoom(name: "kopi")
            let page = try await people[0].get("/room/\(room)/details")
            let link = "http://127.0.0.1:\(site.port)/join/\(room)"
            expectPage(page, 200, ">\(link)</a>", "data-copy=\"\(link)\"", "export?format=json", "value=\"kopi\"")
            let dm = try await people[0].makeRoom("dm", with: "bob")
            #expect(try await !people[0].get("/room/\(dm)/details").contains("/join/"))
        }
    }

    @Test func `whoever leaves at that moment names nothing any more`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let room = try await people[0].makeRoom(name: "kopi")
            try await people[1].join(room)
            let id = try await people[1].id()
            let naming = try await site.whileAnotherSession(
                "SELECT FROM rooms WHERE id = \(room) FOR UPDATE",
                "DELETE FROM room_members WHERE room_id = \(room) AND user_id = \(id)"
            ) {
                let naming = try await people[1].begin(posting: ["name": "mine"], to: "/room/\(room)/name")
                #expect(try await naming.isHeld())
                return naming
            }
            try expectProblem(try await naming.response(), 403)
            #expect(try await people[0].getJSON("/room/\(room)")["name"].string == "kopi")
        }
    }
}
