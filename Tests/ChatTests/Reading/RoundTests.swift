import NonblockingIO
import PostgreSQL
import Testing

@testable import Chat

/// When a `RoomReader` looks again by itself.
struct RoundTests {
    @Test func `after a look that has failed the next round is soon, also while news come by themselves`() async throws
    {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            let number = try #require(try await alice.say("hi", in: room)["id"].int)
            let token = SessionToken()
            _ = try await site.query(
                "INSERT INTO sessions (token_hash, user_id) SELECT sha256($1), id FROM users", [.bytes(token.bytes)])
            let loop = try EventLoop(label: "test.rounds")
            let pool = PostgresPool(
                loop: loop,
                configuration: PostgresConfiguration(
                    connectionString: site.schema.connectionString, settings: ChatDatabase.settings))
            await pool.start()
            let reader = RoomReader(loop: loop, database: pool, bytes: 1_000_000)
            reader.hearsOthers(true)
            async let reading = reader.read(.after(number, limit: 50), of: room, wait: .seconds(600), for: token)
            let isHeld = try await eventually { await reader.heldCount == 1 }
            #expect(isHeld)
            #expect(await reader.delay == ChatLimits.roundWithNews)
            try await site.whileAnotherSession("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE") {
                reader.deliver([.room(room)])
                let isSoon = try await eventually { await reader.delay == ChatLimits.roundWithoutNews }
                #expect(isSoon)
            }
            #expect(await reader.heldCount == 1, "who is held waits on")
            await reader.stop()
            #expect(try await reading.batch.messages.isEmpty)
            await pool.close()
        }
    }
}

extension RoomReader {
    /// After which its next round comes.
    fileprivate var delay: Duration? { nextRound?.delay }
    fileprivate var heldCount: Int { watch.heldCount }
}
