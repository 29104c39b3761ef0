import PostgreSQL
import Testing

struct RoomCreationTests {
    @Test(arguments: [("group", "Group"), ("dm", "DM")])
    func `whoever creates a room is in it and sees its ID to share`(_ type: String, label: String) async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let response = try await alice.post("/room/create", ["type": type])
            #expect(response.status == 303)
            let room = try await site.int("SELECT id FROM rooms WHERE type = $1", [.text(type)])
            expectRedirect(response, to: "/room/\(room)")
            expectPage(
                try await alice.get("/room/\(room)"), 200, "Room created! Share ID: \(room)",
                "Room ID: \(room) | Type: \(label) | Members: 1")
        }
    }

    @Test func `a program gets the room`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let response = try await alice.post("/room/create", ["type": "group", "name": " kopi "], as: .json)
            #expect(response.status == 201)
            let id = try #require(try response.json()["id"].int)
            #expect(response.text == #"{"id":\#(id),"type":"group","name":"kopi","members":1}"#)
            let plain = try await alice.post("/room/create", ["type": "dm"], as: .json)
            let plainID = try #require(try plain.json()["id"].int)
            #expect(plain.text == #"{"id":\#(plainID),"type":"dm","name":null,"members":1}"#)
        }
    }

    @Test(arguments: ["", "DM", "Group", "channel", "dm ", "group\u{301}", "<b>"])
    func `another type is refused on the page where it was typed`(_ type: String) async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let form = ["type": type, "name": Escaping.hostile, "with": "bob&co"]
            let page = try await alice.post("/room/create", form)
            expectPage(
                page, 422, "Selamat datang, alice!", "create-error", Escaping.escaped(Escaping.hostile), "bob&amp;co")
            try expectProblem(try await alice.post("/room/create", form, as: .json), 422, field: "type")
            try expectProblem(try await alice.post("/room/create", as: .json), 422, field: "type")
            #expect(try await site.int("SELECT count(*) FROM rooms") == 0)
        }
    }

    @Test func `a dm with somebody has both in it`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "José", "carol")
            let (alice, jose, carol) = (people[0], people[1], people[2])
            let room = try await alice.makeRoom("dm", with: " JOSE\u{301} ")
            #expect(try await alice.messages(in: room)["room"]["members"].int == 2)
            #expect(try await jose.get("/room/\(room)").status == 200)
            #expect(try await jose.getJSON("/my-rooms")["rooms"][0]["id"].int == room)
            let response = try await carol.post("/room/join", ["room_id": "\(room)"], as: .json)
            try expectProblem(response, 409)
        }
    }

    @Test func `a dm with somebody one has a dm with opens that one, while both are in it`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob", "carol")
            let (alice, bob) = (people[0], people[1])
            try await alice.makeRoom("dm", with: "carol")
            try await alice.makeRoom("dm")
            let group = try await alice.makeRoom()
            try await bob.join(group)
            let room = try await alice.makeRoom("dm", name: "kopi", with: "bob")
            for (person, other) in [(alice, "Bob"), (bob, "alice")] {
                let form = ["type": "dm", "with": other, "name": "teh"]
                expectRedirect(try await person.post("/room/create", form), to: "/room/\(room)")
                let again = try await person.post("/room/create", form, as: .json)
                #expect(again.status == 200)
                #expect(again.text == #"{"id":\#(room),"type":"dm","name":"kopi","members":2}"#)
            }
            #expect(try await site.int("SELECT count(*) FROM rooms") == 4)
            // A dm with nobody in it yet, or a group with the same name in the hidden field, is always a new one.
            #expect(try await alice.makeRoom("group", with: "bob") > room)
            #expect(try await alice.makeRoom("dm") > room)

            try await bob.leave(room)
            let next = try await alice.makeRoom("dm", with: "bob")
            #expect(next > room)
            try await bob.join(room)
            expectRedirect(
                try await bob.post("/room/create", ["type": "dm", "with": "alice"]), to: "/room/\(room)")
        }
    }

    @Test func `a full dm asks nobody to share its ID`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let room = try await people[0].makeRoom("dm", with: "bob")
            for person in people {
                for target in ["/room/\(room)", "/room/\(room)/details"] {
                    let page = try await person.get(target)
                    #expect(page.status == 200)
                    #expect(!page.contains("Share ID") && !page.contains("/join/"), "\(target)")
                }
            }
            try await people[1].leave(room)
            expectPage(
                try await people[0].get("/room/\(room)"), 200, "Room created! Share ID: \(room)",
                "href=\"/join/\(room)/poster\"", "data-copy-path=\"/join/\(room)\"")
        }
    }

    @Test func `a dm with nobody, or with oneself, is no room`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            for (other, status) in [("bob", 404), ("Alice", 422), ("al ice", 422), ("<b>", 422)] {
                let form = ["type": "dm", "with": other]
                let page = try await alice.post("/room/create", form)
                expectPage(page, status, "create-error", "name=\"with\" value=\"\(Escaping.escaped(other))\"")
                try expectProblem(try await alice.post("/room/create", form, as: .json), status, field: "with")
            }
            #expect(try await site.int("SELECT count(*) FROM rooms") == 0)
        }
    }

    @Test func `a room's name is at most 64 characters without controls`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let limit = String(repeating: "😀", count: 64)
            let room = try await alice.makeRoom(name: limit)
            #expect(try await alice.messages(in: room)["room"]["name"].string == limit)
            for name in [limit + "a", "a\nb", "a\u{7}b"] {
                let form = ["type": "group", "name": name]
                expectPage(try await alice.post("/room/create", form), 422, "create-error")
                try expectProblem(try await alice.post("/room/create", form, as: .json), 422, field: "name")
            }
            #expect(try await site.int("SELECT count(*) FROM rooms") == 1)
        }
    }
}
