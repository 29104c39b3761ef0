import Testing

/// One's own messages are deleted at any time: a trace stays, and nothing of what they said.
struct DeletingTests {
    @Test func `a deleted message is a trace, once and for all`() async throws {
        try await TestSite.with(.all) { site in
            try await site.withOtherProcess { other in
                let people = try await site.people("alice", "bob")
                let (alice, bob) = (people[0], people[1].at(other))
                let room = try await alice.makeRoom()
                try await bob.join(room)
                let id = try #require(try await alice.say("secret", in: room)["id"].int)
                let held = try await bob.wait(in: room, after: id)
                try await expectHeld(held)
                _ = try await site.query("UPDATE messages SET created_at = now() - interval '3 years'")
                let trace = try await alice.delete(id, in: room).json()
                #expect(trace["deleted"].bool == true && trace["content"].isNull && trace["id"].int == id)
                #expect(trace["sender"].string == "alice")
                #expect(try await held.json()["messages"] == .array([trace]))
                for reader in [alice, bob] {
                    #expect(try await reader.messages(in: room)["messages"] == .array([trace]))
                    let page = try await reader.get("/room/\(room)")
                    expectPage(page, 200, ">Pesan dihapus</div>")
                    #expect(!page.contains("secret") && !page.contains("/message/\(id)"))
                    let last = try await reader.getJSON("/my-rooms")["rooms"][0]["last_message"]
                    #expect(last["content"].isNull && last["deleted"].bool == true)
                    expectPage(try await reader.get("/my-rooms"), 200, ": Pesan dihapus</span>")
                }
                #expect(try await site.int("SELECT count(*) FROM messages WHERE messages::text LIKE '%secret%'") == 0)

                let number = try await site.int("SELECT max(change) FROM messages")
                for _ in 0..<2 { #expect(try await alice.delete(id, in: room).json() == trace) }
                expectRedirect(
                    try await alice.post("/room/\(room)/message/\(id)/delete"), to: "/room/\(room)#pesan-\(id)")
                #expect(try await site.int("SELECT max(change) FROM messages") == number, "it has changed once")
            }
        }
    }

    @Test func `what is deleted is not edited any more`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let id = try #require(try await alice.say("gone", in: room)["id"].int)
            _ = try await alice.delete(id, in: room)
            let refused = try await alice.edit(id, in: room, to: "back")
            try expectProblem(refused, 409)
            #expect(try refused.json()["detail"].string == "Pesan itu sudah dihapus.")
            let page = try await alice.post("/room/\(room)/message/\(id)/edit", ["content": "back"])
            expectPage(page, 409, "Pesan itu sudah dihapus.", "back</textarea>")
            #expect(try await alice.contents(in: room).isEmpty)
        }
    }

    @Test func `the name is told again below a trace`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for content in ["one", "two", "three", "four"] { try await alice.say(content, in: room) }
            let id = try #require(try await alice.messages(in: room)["messages"][1]["id"].int)
            _ = try await alice.delete(id, in: room)
            let page = try await alice.get("/room/\(room)/messages", as: .html)
            let classes = page.text.components(after: "<li class=\"message")
            #expect(classes.map { $0.prefix { $0 != "\"" }.contains(" grouped") } == [false, false, false, true])
        }
    }

    @Test func `an edit and a deletion at once end with the trace`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            for number in 0..<5 {
                let id = try #require(try await alice.say("\(number)", in: room)["id"].int)
                let statuses = try await atOnce(2) { index in
                    try await index == 0
                        ? alice.edit(id, in: room, to: "edited").status : alice.delete(id, in: room).status
                }
                #expect([200, 409].contains(statuses[0]) && statuses[1] == 200)
            }
            #expect(try await alice.contents(in: room).isEmpty)
            #expect(try await site.int("SELECT count(*) FROM messages WHERE content <> ''") == 0)
        }
    }
}
