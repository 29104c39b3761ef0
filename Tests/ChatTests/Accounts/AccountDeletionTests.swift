import Testing

struct AccountDeletionTests {
    @Test func `a deleted account is out of all rooms and its sessions are over`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let elsewhere = site.visitor()
            _ = try await elsewhere.post("/login", ["username": "bob"])
            let group = try await alice.makeRoom()
            try await bob.join(group)
            let dm = try await alice.makeRoom("dm", with: "bob")
            try await bob.say("I was here", in: group)
            let replay = site.visitor(cookie: bob.cookie)

            let response = try await bob.post("/account/delete")
            expectRedirect(response, to: "/")
            _ = try expectCookie(response, attributes: ["Max-Age=0", "Path=/", "HttpOnly", "SameSite=Lax"])
            #expect(try await replay.name() == nil)
            #expect(try await elsewhere.name() == nil)
            expectPage(try await site.visitor().post("/login", ["username": "bob"]), 404)
            for room in [group, dm] {
                #expect(try await alice.messages(in: room)["room"]["members"].int == 1)
            }
            #expect(try await alice.name() == "alice", "nobody else is touched")
        }
    }

    @Test func `the messages stay, without a sender`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let room = try await alice.makeRoom()
            try await bob.join(room)
            try await bob.say("I was here", in: room)
            _ = try await bob.post("/account/delete")

            let message = try await alice.messages(in: room)["messages"][0]
            #expect(message["content"].string == "I was here")
            #expect(message["sender"].isNull)
            #expect(message["sender_id"].isNull)
            let page = try await alice.get("/room/\(room)")
            expectPage(page, 200, "akun dihapus", "I was here")
            #expect(!page.contains("bob"))
            expectPage(try await alice.get("/my-rooms"), 200, "akun dihapus: I was here")
        }
    }

    @Test func `whoever takes the name anew is a new person`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let room = try await people[0].makeRoom()
            try await people[1].join(room)
            try await people[1].say("secret of the first bob", in: room)
            let formerID = try await people[1].id()
            _ = try await people[1].post("/account/delete")

            let second = try await site.person("BOB")
            #expect(try await second.id() != formerID)
            #expect(try await second.getJSON("/my-rooms")["rooms"].elements.isEmpty)
            #expect(try await second.get("/room/\(room)").status == 403)
            try await second.join(room)
            let fragment = try await second.get("/room/\(room)/messages")
            #expect(!fragment.contains(">you<"), "the first bob's message is not the second's")
        }
    }

    @Test func `a program gets an object`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let response = try await alice.post("/account/delete", as: .json)
            #expect(response.status == 200)
            #expect(try response.json() == .object([:]))
            #expect(try await site.int("SELECT count(*) FROM users WHERE deleted_at IS NULL") == 0)
        }
    }

    @Test func `people who share their rooms can delete their accounts at once`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob", "carol", "dave")
            var rooms: [Int64] = []
            for person in people { rooms.append(try await person.makeRoom()) }
            for (index, person) in people.enumerated() {
                for room in index.isMultiple(of: 2) ? rooms : rooms.reversed() { try await person.join(room) }
            }
            let statuses = try await atOnce(people.count) { try await people[$0].post("/account/delete").status }
            #expect(statuses == [303, 303, 303, 303])
            #expect(try await site.int("SELECT count(*) FROM users WHERE deleted_at IS NULL") == 0)
            #expect(try await site.int("SELECT sum(member_count)::bigint FROM rooms") == 0)
            #expect(try await site.int("SELECT count(*) FROM rooms") == 4)
        }
    }
}
