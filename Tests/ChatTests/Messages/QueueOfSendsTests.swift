import NonblockingIO
import PostgreSQL
import Testing

@testable import Chat

/// While one batch takes long, nobody waits for ever to be in the next.
struct QueueOfSendsTests {
    /// What a writer has said of a message, as far as the tests tell it apart.
    private enum Answer { case stored, busy, other }

    private func send(_ text: String, by session: SessionToken, to room: Int64, with writer: MessageWriter)
        async throws -> Answer
    {
        let submission = Submission(
            session: session, room: room, content: try MessageContent(text), clientID: UUIDBytes())
        return switch try await writer.store(submission) {
        case .stored: .stored
        case .busy: .busy
        case .refused: .other
        }
    }

    /// Gives `body` a writer of its own, on a loop of its own, with a session that may send to a room.
    private func withWriter(
        longestQueue: Duration, _ body: (TestSite, MessageWriter, SessionToken, Int64) async throws -> Void
    ) async throws {
        try await TestSite.with { site in
            let room = try await site.person("alice").makeRoom()
            let session = SessionToken()
            _ = try await site.query(
                "INSERT INTO sessions (token_hash, user_id) SELECT sha256($1), id FROM users", [.bytes(session.bytes)])
            let loop = try EventLoop(label: "test.writer")
            let pool = PostgresPool(
                loop: loop,
                configuration: PostgresConfiguration(
                    connectionString: site.schema.connectionString, acquireTimeout: .patience, patience: .patience,
                    settings: ChatDatabase.settings))
            await pool.start()
            let publisher = NewsPublisher(loop: loop, database: pool, process: "test")
            let writer = MessageWriter(
                loop: loop, database: pool, outlet: NewsOutlet(readers: [], publisher: publisher),
                turns: WriterTurns(), longestQueue: longestQueue)
            do {
                try await body(site, writer, session, room)
            } catch {
                await pool.close()
                throw error
            }
            await pool.close()
        }
    }

    @Test func `a message that is in no batch in time is answered busy while another batch is still under way`()
        async throws
    {
        // Long enough for the first to be in a batch before.
        try await withWriter(longestQueue: .milliseconds(500)) { site, writer, session, room in
            let first = try await site.whileAnotherSession("LOCK TABLE messages IN SHARE MODE") {
                let first = Task { try await send("first", by: session, to: room, with: writer) }
                // Its statement waits, gives way and comes again as long as the table is locked.
                let waits = "SELECT count(*) FROM pg_locks WHERE relation = 'messages'::regclass AND NOT granted"
                let isInBatch = try await eventually { try await site.int(waits) > 0 }
                #expect(isInBatch)
                let second = try await send("second", by: session, to: room, with: writer)
                #expect(second == .busy)
                return first
            }
            #expect(try await first.value == .stored)
            #expect(try await send("third", by: session, to: room, with: writer) == .stored)
            let stored = try await site.query("SELECT content FROM messages ORDER BY id").map { try $0.text(0) }
            #expect(stored == ["first", "third"])
        }
    }
}
