import PostgreSQL
import Testing

/// One's own messages are edited for a while, and whoever reads them has them as they are now.
struct EditingTests {
    @Test func `one edits one's own, and all who read have it as it is now`() async throws {
        try await TestSite.with(.all) { site in
            try await site.withOtherProcess { other in
                let people = try await site.people("alice", "bob")
                let (alice, bob) = (people[0], people[1].at(other))
                let room = try await alice.makeRoom()
                try await bob.join(room)
                let message = try await alice.say("teh", in: room)
                #expect(message["edited_at"].isNull && message["deleted"].bool == false && message["reply_to"].isNull)
                let id = try #require(message["id"].int)
                let last = try #require(try await alice.say("kopi", in: room)["id"].int)
                let held = try await bob.wait(in: room, after: last)
                try await expectHeld(held)
                let edited = try await alice.edit(id, in: room, to: "the\r\nbest").json()
                #expect(edited["content"].string == "the\nbest" && edited["id"].int == id)
                #expect(try #require(edited["edited_at"].string) > (try #require(message["created_at"].string)))
                #expect(edited["created_at"] == message["created_at"])
                #expect(try await held.json()["messages"] == .array([edited]))
                for reader in [alice, bob] {
                    #expect(try await reader.messages(in: room)["messages"][0] == edited)
                    #expect(try await reader.messages(in: room, "?before=\(last)")["messages"] == .array([edited]))
                    expectPage(try await reader.get("/room/\(room)"), 200, "the\nbest</div>", "(disunting)")
                }
                #expect(try await alice.getJSON("/room/\(room)/message/\(id)") == edited)
                #expect(try await site.int("SELECT count(*) FROM messages WHERE messages::text LIKE '%teh%'") == 0)
            }
        }
    }

    @Test func `a form leads back to the message, and what cannot be is said where it was typed`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let id = try #require(try await alice.say("teh", in: room)["id"].int)
            let target = "/room/\(room)/message/\(id)"
            expectPage(try await alice.get(target), 200, "\nteh</textarea>", "\(target)/delete")
            expectRedirect(
                try await alice.post("\(target)/edit", ["content": "kopi"]), to: "/room/\(room)#pesan-\(id)")
            let long = String(repeating: "a", count: 4_001)
            for typed in ["", " \n", long] {
                expectPage(
                    try await alice.post("\(target)/edit", ["content": typed]), 422, "\n\(typed)</textarea>",
                    "role=\"alert\">Pesan ")
                try expectProblem(
                    try await alice.edit(id, in: room, to: typed), 422, field: "content")
            }
            #expect(try await alice.post("\(target)/edit", ["content": Escaping.hostile]).status == 303)
            expectPage(try await alice.get(target), 200, Escaping.escaped(Escaping.hostile))
            #expect(try await alice.contents(in: room) == [Escaping.hostile])
        }
    }

    @Test func `nobody edits or deletes what another has written, or what is not there`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let (room, other) = (try await alice.makeRoom(), try await alice.makeRoom())
            try await bob.join(room)
            let id = try #require(try await alice.say("hers", in: room)["id"].int)
            for action in ["edit", "delete"] {
                let form = ["content": "changed"]
                for (person, target, status) in [
                    (bob, "/room/\(room)/message/\(id)", 403), (bob, "/room/\(other)/message/\(id)", 403),
                    (alice, "/room/\(other)/message/\(id)", 404), (alice, "/room/\(room)/message/\(id + 1)", 404),
                    (alice, "/room/7/message/\(id)", 404), (alice, "/room/\(room)/message/0", 404),
                    (alice, "/room/\(room)/message/9223372036854775808", 404),
                ] {
                    try expectProblem(try await person.post("\(target)/\(action)", form, as: .json), status)
                    #expect(try await person.post("\(target)/\(action)", form).status == status)
                }
            }
            #expect(try await alice.contents(in: room) == ["hers"])
            #expect(try await site.int("SELECT count(*) FROM messages WHERE change IS NOT NULL") == 0)
        }
    }

    @Test func `a message of a deleted account is nobody's`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let room = try await people[0].makeRoom()
            try await people[1].join(room)
            let id = try #require(try await people[0].say("hers", in: room)["id"].int)
            _ = try await people[0].post("/account/delete")
            let alice = try await site.person("alice")
            try await alice.join(room)
            try expectProblem(try await alice.edit(id, in: room, to: "mine?"), 403)
            try expectProblem(try await alice.delete(id, in: room), 403)
        }
    }

    @Test func `after a while it is too late, and deleting is not`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let id = try #require(try await alice.say("old", in: room)["id"].int)
            func age(by time: String) async throws {
                _ = try await site.query("UPDATE messages SET created_at = now() - interval '\(time)'")
            }
            try await age(by: "14 minutes 50 seconds")
            #expect(try await alice.edit(id, in: room, to: "in time").status == 200)
            try await age(by: "15 minutes 1 second")
            let refused = try await alice.edit(id, in: room, to: "too late")
            try expectProblem(refused, 409)
            #expect(try refused.json()["detail"].string == "Pesan itu sudah terlalu lama untuk disunting.")
            let page = try await alice.post("/room/\(room)/message/\(id)/edit", ["content": "too late"])
            expectPage(page, 409, "too late</textarea>", "terlalu lama")
            #expect(!page.contains("/edit\""))
            #expect(try await alice.contents(in: room) == ["in time"])
            #expect(try await alice.delete(id, in: room).status == 200)
        }
    }

    @Test(arguments: [(Duration.zero, 409), (.seconds(0.1), 409), (.seconds(3_600), 200)])
    func `how long that is the machine's owner says`(window: Duration, status: Int) async throws {
        try await TestSite.with(editWindow: window) { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let id = try #require(try await alice.say("old", in: room)["id"].int)
            _ = try await site.query("UPDATE messages SET created_at = now() - interval '59 minutes'")
            #expect(try await alice.edit(id, in: room, to: "new").status == status)
        }
    }

    @Test func `the same words change nothing`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let message = try await alice.say("as it is", in: room)
            let id = try #require(message["id"].int)
            let answer = try await alice.edit(id, in: room, to: "as it is")
            #expect(answer.status == 200)
            #expect(try answer.json() == message)
            #expect(try await alice.messages(in: room, "?after=\(id)")["messages"] == .array([]))
        }
    }

    @Test func `many edits at once have an order that all are told alike`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let room = try await alice.makeRoom()
            try await bob.join(room)
            let id = try #require(try await alice.say("0", in: room)["id"].int)
            let statuses = try await atOnce(8) { try await alice.edit(id, in: room, to: "\($0 + 1)").status }
            #expect(statuses.allSatisfy { $0 == 200 })
            let stored = try await bob.messages(in: room)
            #expect(stored["cursor"].int == (try await site.int("SELECT max(change) FROM messages")))
            #expect(try await alice.messages(in: room)["messages"] == stored["messages"])
        }
    }

    @Test func `an edit or deletion that waits while its person leaves comes before that is answered, or never`()
        async throws
    {
        for action in ["edit", "delete"] {
            try await TestSite.with { site in
                let people = try await site.people("alice", "bob")
                let (alice, bob) = (people[0], people[1])
                let room = try await alice.makeRoom()
                try await bob.join(room)
                let id = try #require(try await bob.say("said", in: room)["id"].int)
                let (change, leave) = try await site.whileAnotherSession("SELECT pg_advisory_xact_lock(\(room))") {
                    let change = try await bob.begin(
                        posting: ["content": "changed"], to: "/room/\(room)/message/\(id)/\(action)")
                    #expect(try await change.isHeld())
                    let leave = try await bob.begin(posting: [:], to: "/room/\(room)/leave")
                    #expect(try await leave.isHeld())
                    return (change, leave)
                }
                #expect(try await leave.response().status == 200)
                let contents = try await alice.contents(in: room)
                let status = try await change.response().status
                #expect([200, 403].contains(status))
                #expect(contents == (status == 403 ? ["said"] : action == "edit" ? ["changed"] : []))
                try expectProblem(try await bob.edit(id, in: room, to: "after leaving"), 403)
                try expectProblem(try await bob.delete(id, in: room), 403)
                #expect(try await alice.contents(in: room) == contents)
            }
        }
    }
}
