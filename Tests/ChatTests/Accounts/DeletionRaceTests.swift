import Testing

/// Whatever a person does while the account goes is done before, or refused; it is never an error of the server's, and
/// nothing is left that belongs to nobody.
struct DeletionRaceTests {
    @Test func `what comes while the account is being deleted waits, and then there is nobody`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let rooms = (try await alice.makeRoom(), try await alice.makeRoom())
            try await bob.join(rooms.0)
            let requests: [(name: String, OpenRequest)] = try await site.whileAnotherSession(
                "SELECT delete_account(\(try await bob.id()))"
            ) {
                var requests: [(String, OpenRequest)] = []
                for (name, client, target, form) in [
                    ("log in", site.visitor(), "/login", ["username": "bob"]),
                    ("create", bob, "/room/create", ["type": "group"]),
                    ("create with", alice, "/room/create", ["type": "dm", "with": "bob"]),
                    ("join", bob, "/room/join", ["room_id": "\(rooms.1)"]),
                    ("leave", bob, "/room/\(rooms.0)/leave", [:]),
                    ("send", bob, "/room/\(rooms.0)/send", ["content": "still here"]),
                    ("delete", bob, "/account/delete", [:]),
                ] {
                    requests.append((name, try await client.begin(posting: form, to: target)))
                }
                for (name, request) in requests { #expect(try await request.isHeld(), "\(name)") }
                return requests
            }
            for (name, request) in requests {
                let expected = ["log in": 404, "create with": 404][name] ?? 401
                #expect(try await request.response().status == expected, "\(name)")
            }
            #expect(try await alice.messages(in: rooms.0)["room"]["members"].int == 1)
            try await Self.expectNothingLeft(of: site)
        }
    }

    @Test func `whoever wants the name meanwhile waits, and then has it`() async throws {
        try await TestSite.with { site in
            let id = try await site.person("bob").id()
            let register = try await site.whileAnotherSession("SELECT delete_account(\(id))") {
                let register = try await site.visitor().begin(posting: ["username": "BOB"], to: "/register")
                #expect(try await register.isHeld())
                return register
            }
            let response = try await register.response()
            #expect(response.status == 201)
            #expect(try response.json()["id"].int != id)
        }
    }

    @Test func `an account that stays after all is waited for, and goes on`() async throws {
        struct Undone: Error {}
        try await TestSite.with { site in
            let bob = try await site.person("bob")
            let id = try await bob.id()
            var request: OpenRequest?
            await #expect(throws: Undone.self) {
                try await site.whileAnotherSession("SELECT delete_account(\(id))") {
                    request = try await site.visitor().begin(posting: ["username": "BOB"], to: "/login")
                    #expect(try await request?.isHeld() == true)
                    throw Undone()
                }
            }
            #expect(try await request?.json()["id"].int == id)
            #expect(try await bob.name() == "bob")
        }
    }

    @Test func `everything at once, round after round`() async throws {
        try await TestSite.with { site in
            try await site.withOtherProcess { other in
                let alice = try await site.person("alice")
                let rooms = (try await alice.makeRoom(), try await alice.makeRoom())
                for round in 0..<15 {
                    let name = "bob\(round)"
                    let bob = try await site.person(name)
                    try await bob.join(rooms.0)
                    let answers = try await atOnce(18) { index -> (kind: Int, status: Int) in
                        let place = index.isMultiple(of: 2) ? site : other
                        let bob = bob.at(place)
                        let (client, target, form): (Client, String, [String: String]) =
                            switch index % 9 {
                            case 0: (place.visitor(), "/login", ["username": name])
                            case 1: (place.visitor(), "/register", ["username": name])
                            case 2: (bob, "/room/create", ["type": "group"])
                            case 3: (alice.at(place), "/room/create", ["type": "dm", "with": name])
                            case 4: (bob, "/room/join", ["room_id": "\(rooms.1)"])
                            case 5: (bob, "/room/\(rooms.0)/leave", [:])
                            case 6: (bob, "/room/\(rooms.0)/send", ["content": "\(index)"])
                            case 7: (bob, "/login", ["username": name])
                            default: (bob, "/account/delete", [:])
                            }
                        return (index % 9, try await client.post(target, form, as: .json).status)
                    }
                    let possible: [Set<Int>] = [
                        [200, 404], [201, 409], [201, 401], [200, 201, 404], [200, 401], [200, 401, 403],
                        [201, 401, 403],
                        [200, 404], [200, 401],
                    ]
                    for (kind, status) in answers { #expect(possible[kind].contains(status), "\(kind): \(status)") }
                }
                try await Self.expectNothingLeft(of: site)
            }
        }
    }

    /// Expects that no deleted account has anything, and that the rooms know how many are in them.
    private static func expectNothingLeft(of site: TestSite) async throws {
        for table in ["room_members", "sessions"] {
            let left = try await site.int(
                "SELECT count(*) FROM \(table) JOIN users ON users.id = user_id WHERE deleted_at IS NOT NULL")
            #expect(left == 0, "\(table)")
        }
        let miscounted = try await site.int(
            """
            SELECT count(*) FROM rooms
            WHERE member_count <> (SELECT count(*) FROM room_members WHERE room_id = rooms.id)
            """)
        #expect(miscounted == 0)
    }
}
