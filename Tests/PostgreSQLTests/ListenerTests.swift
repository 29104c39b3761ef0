import NonblockingIO
import PostgreSQL
import Testing

@Suite(.timeLimit(.minutes(10))) struct ListenerTests {
    private enum Seen: Equatable {
        case connected
        case disconnected
        case notification(String, String)
    }

    private static let notify = PostgresStatement("SELECT pg_notify($1, $2)")

    /// Gives `body` a listener on a channel with a name that needs quotes, and what it tells.
    private func withListener(
        _ change: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: (PostgresPool, String, AsyncStream<Seen>, PostgresListener) async throws -> Void
    ) async throws {
        let name = "Room \"\(UInt64.random(in: 0 ... .max))\""
        let (stream, events) = AsyncStream.makeStream(of: Seen.self)
        try await withPool { pool in
            var configuration = PostgresConfiguration(connectionString: try ScratchCluster.connectionString())
            configuration.applicationName = name
            change(&configuration)
            let listener = PostgresListener(loop: pool.loop, configuration: configuration, channels: [name, "other"]) {
                switch $0 {
                case .connected: events.yield(.connected)
                case .disconnected: events.yield(.disconnected)
                case .notification(let channel, let payload): events.yield(.notification(channel, payload))
                }
            }
            await listener.start()
            #expect(await next(stream) == .connected)
            try await body(pool, name, stream, listener)
            await listener.close()
        }
    }

    private func next(_ events: AsyncStream<Seen>) async -> Seen? {
        var iterator = events.makeAsyncIterator()
        return await iterator.next()
    }

    @Test func `notifications come in order, with channel and payload`() async throws {
        try await withListener { pool, name, events, _ in
            for payload in ["", "7", "é\"'"] {
                _ = try await pool.query(Self.notify, [.text(name), .text(payload)])
                #expect(await next(events) == .notification(name, payload))
            }
            let notifyAll = PostgresStatement(
                "SELECT pg_notify($1, payload::text) FROM generate_series(0, 999) AS payload", lane: .write)
            _ = try await pool.query(notifyAll, [.text(name)])
            for payload in 0..<1000 { #expect(await next(events) == .notification(name, "\(payload)")) }
        }
    }

    @Test func `a listener whose backend is terminated says so and listens again`() async throws {
        try await withListener { pool, name, events, _ in
            let terminate = PostgresStatement(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1")
            #expect(try await pool.query(terminate, [.text(name)]).count == 1)
            #expect(await next(events) == .disconnected)
            #expect(await next(events) == .connected)
            _ = try await pool.query(Self.notify, [.text(name), "back"])
            #expect(await next(events) == .notification(name, "back"))
        }
    }

    @Test func `a listener whose server falls silent says so and listens at the next one`() async throws {
        let (silent, other) = (try ScratchCluster(), try ScratchCluster.shared.get())
        let change = { @Sendable (configuration: inout PostgresConfiguration) in
            configuration.connectionString =
                silent.connectionString + " host=/nowhere,\(silent.socketFolder),\(other.socketFolder)"
            // So that silence is over after six seconds.
            configuration.statementTimeout = .seconds(1)
        }
        try await withListener(change) { _, _, events, _ in
            try silent.freeze()
            #expect(await next(events) == .disconnected)
            #expect(await next(events) == .connected)
            try silent.thaw()
        }
    }

    @Test func `a closed listener has left the server`() async throws {
        try await withListener { pool, name, _, listener in
            await listener.close()
            let count = PostgresStatement("SELECT count(*) FROM pg_stat_activity WHERE application_name = $1")
            while try await pool.query(count, [.text(name)])[0].int(0) > 0 {}
        }
    }
}
