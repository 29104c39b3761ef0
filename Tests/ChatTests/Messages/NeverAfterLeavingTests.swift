import PostgreSQL
import Testing

/// Once a leave is answered no message of that person comes into the room.
struct NeverAfterLeavingTests {
    @Test func `a send that waits for the room while its sender leaves is stored before that is answered, or never`()
        async throws
    {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob", "carol")
            let (alice, bob, carol) = (people[0], people[1], people[2])
            let room = try await alice.makeRoom("dm", with: "bob")
            let (send, leave) = try await site.whileAnotherSession("SELECT pg_advisory_xact_lock(\(room))") {
                let send = try await bob.begin(posting: ["content": "for alice alone"], to: "/room/\(room)/send")
                #expect(try await send.isHeld())
                let leave = try await bob.begin(posting: [:], to: "/room/\(room)/leave")
                #expect(try await leave.isHeld())
                return (send, leave)
            }
            #expect(try await leave.response().status == 200)
            try await carol.join(room)
            let contents = try await carol.contents(in: room)
            let status = try await send.response().status
            #expect(contents == (status == 201 ? ["for alice alone"] : []))
            #expect(status == 201 || status == 403)
            #expect(try await site.int("SELECT count(*) FROM messages") == Int64(contents.count))
        }
    }

    @Test func `a leave that comes while a message is being stored is answered after it`() async throws {
        try await TestSite.with { site in
            let people = try await site.people("alice", "bob")
            let (alice, bob) = (people[0], people[1])
            let room = try await alice.makeRoom()
            try await bob.join(room)
            // A send that has taken all that it needs, also its rows, stops here without waiting for a lock; that it has
            // come says a lock of its own. (The room's lock would not: it is taken before the rows.)
            let gate = -site.schema.number
            let arrival = "2, \(site.schema.number)"
            _ = try await site.query(
                """
                CREATE FUNCTION stop_at_the_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    PERFORM pg_advisory_xact_lock(\(arrival));
                    WHILE NOT pg_try_advisory_xact_lock(\(gate)) LOOP PERFORM pg_sleep(0.01); END LOOP;
                    RETURN NEW;
                END $$
                """)
            _ = try await site.query(
                "CREATE TRIGGER gate BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION stop_at_the_gate()")

            let (send, leave) = try await site.whileAnotherSession("SELECT pg_advisory_xact_lock(\(gate))") {
                let send = try await bob.begin(posting: ["content": "my last word"], to: "/room/\(room)/send")
                let isAtTheGate = try await eventually {
                    let locks = """
                        SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND (classid, objid) = (\(arrival))
                        """
                    return try await TestDatabase.shared.query(locks).first?.int(0) == 1
                }
                #expect(isAtTheGate)
                let leave = try await bob.begin(posting: [:], to: "/room/\(room)/leave")
                #expect(try await leave.isHeld())
                return (send, leave)
            }
            #expect(try await leave.response().status == 200)
            #expect(try await site.int("SELECT count(*) FROM messages") == 1, "it was there before the answer")
            #expect(try await send.response().status == 201)
            #expect(try await alice.contents(in: room) == ["my last word"])
        }
    }
}
