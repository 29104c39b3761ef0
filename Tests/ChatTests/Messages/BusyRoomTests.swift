import Testing

/// What somebody else holds in the database delays the messages that need it, and no others.
struct BusyRoomTests {
    /// By what is held; ROOM is where bob wants to send.
    private static let holds = [
        "the room's lock": "SELECT pg_advisory_xact_lock(ROOM)",
        "the room": "SELECT FROM rooms WHERE id = ROOM FOR UPDATE",
        "the membership": "SELECT FROM room_members WHERE room_id = ROOM FOR UPDATE",
        "the sender": "SELECT FROM users WHERE username = 'bob' FOR UPDATE",
    ]

    @Test(arguments: holds.keys.sorted())
    func `messages for other rooms go on, and the one that waits is stored when it can be`(_ name: String) async throws
    {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let (room, other) = (try await bob.makeRoom(), try await alice.makeRoom())
            let hold = try #require(Self.holds[name]).replacing("ROOM", with: "\(room)")
            let send = try await site.whileAnotherSession(hold) {
                let send = try await bob.begin(posting: ["content": "late"], to: "/room/\(room)/send")
                #expect(try await send.isHeld())
                // So many that both event loops have some.
                let statuses = try await atOnce(20) { index in
                    try await alice.post("/room/\(other)/send", ["content": "\(index)"], as: .json).status
                }
                #expect(statuses.allSatisfy { $0 == 201 })
                #expect(try await send.isHeld(for: .zero))
                return send
            }
            #expect(try await send.response().status == 201)
            #expect(try await bob.contents(in: room) == ["late"])
        }
    }

    @Test func `when it takes too long the sender is told so, and nothing is stored`() async throws {
        try await TestSite.with { site in
            let bob = try await site.person("bob")
            let room = try await bob.makeRoom()
            try await site.whileAnotherSession("SELECT pg_advisory_xact_lock(\(room))") {
                let form = ["content": "<not lost>"]
                let page = try await bob.post("/room/\(room)/send", form)
                expectPage(page, 503, "Server sedang sibuk. Coba lagi sebentar lagi.", "&lt;not lost&gt;")
                #expect(page["retry-after"].flatMap { Int($0) } ?? 0 > 0)
                let problem = try await bob.post("/room/\(room)/send", form, as: .json)
                try expectProblem(problem, 503)
                #expect(try problem.json()["detail"].string == "Server sedang sibuk. Coba lagi sebentar lagi.")
                #expect(problem["retry-after"].flatMap { Int($0) } ?? 0 > 0)
            }
            try await bob.say("now", in: room)
            #expect(try await bob.contents(in: room) == ["now"])
        }
    }
}
