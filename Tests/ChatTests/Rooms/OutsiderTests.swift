import Testing

/// Somebody who is logged in but not in the room.
struct OutsiderTests {
    @Test func `an outsider learns and changes nothing by any endpoint`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob", "carol")
            let (alice, bob, carol) = (people[0], people[1], people[2])
            let room = try await alice.makeRoom(name: "watercooler")
            try await bob.join(room)
            let message = try #require(try await alice.say("secret", in: room)["id"].int)
            #expect(try await carol.name() == "carol", "the outsider exists and is logged in")
            let own = try await carol.makeRoom()
            #expect(try await carol.get("/room/\(own)").status == 200, "and gets into her own room")

            for target in [
                "/room/\(room)", "/room/\(room)?before=99999", "/room/\(room)/messages",
                "/room/\(room)/messages?after=0",
                "/room/\(room)/messages?before=99999", "/room/\(room)/messages?after=0&wait=5",
                "/room/\(room)/messages?after=99999&wait=5", "/room/\(room)/export?format=txt",
                "/room/\(room)?reply=\(message)", "/room/\(room)/message/\(message)",
                "/room/\(room)/details",
            ] {
                try expectProblem(try await carol.get(target, as: .json), 403)
                let page = try await carol.get(target)
                #expect(page.status == 403)
                #expect(!page.contains("secret") && !page.contains("watercooler") && !page.contains("alice"))
            }
            for (target, form) in [
                ("send", ["content": "let me in"]), ("send", ["content": " "]), ("leave", [:]),
                ("send", ["content": "let me in", "reply_to": "\(message)"]),
                ("message/\(message)/edit", ["content": "mine"]), ("message/\(message)/edit", [:]),
                ("message/\(message)/delete", [:]),
            ] {
                let page = try await carol.post("/room/\(room)/\(target)", form)
                expectPage(page, 403)
                #expect(!page.contains("secret") && !page.contains("watercooler"))
            }
            try expectProblem(try await carol.post("/room/\(room)/send", ["content": "let me in"], as: .json), 403)
            try expectProblem(try await carol.post("/room/\(room)/leave", as: .json), 403)

            #expect(try await alice.contents(in: room) == ["secret"])
            #expect(try await alice.messages(in: room)["room"]["members"].int == 2)
            for target in ["/dashboard", "/my-rooms"] {
                let page = try await carol.get(target)
                #expect(!page.contains("secret") && !page.contains("watercooler"))
            }
        }
    }

    @Test func `what an outsider typed is shown to them again`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "carol")
            let room = try await people[0].makeRoom()
            let page = try await people[1].post("/room/\(room)/send", ["content": Escaping.hostile])
            expectPage(page, 403, Escaping.escaped(Escaping.hostile))
        }
    }

    @Test func `a room that is not there is not found by any endpoint`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            for target in [
                "/room/7", "/room/7/messages", "/room/7/messages?after=0&wait=5", "/room/7/export?format=html",
                "/room/7/message/1", "/room/7?reply=1", "/room/7/details", "/join/7",
            ] {
                try expectProblem(try await alice.get(target, as: .json), 404)
                #expect(try await alice.get(target).status == 404)
            }
            for target in ["/room/7/send", "/room/7/leave", "/room/7/message/1/edit", "/room/7/message/1/delete"] {
                expectPage(try await alice.post(target, ["content": "hello?"]), 404)
                try expectProblem(try await alice.post(target, ["content": "hello?"], as: .json), 404)
            }
        }
    }
}
