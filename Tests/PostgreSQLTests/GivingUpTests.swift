import NonblockingIO
import Testing

@testable import PostgreSQL

@Suite(.timeLimit(.minutes(10))) struct GivingUpTests {
    private static let backends = PostgresStatement(
        """
        SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()
        """)

    @Test func `with a standby that is gone writes are given up, reads go on, and no backend stays behind`()
        async throws
    {
        let cluster = try ScratchCluster()
        let name = "standby"
        let change = { @Sendable (configuration: inout PostgresConfiguration) in
            configuration.connectionString = cluster.connectionString
            configuration.applicationName = name
            // So that silence is over after six seconds.
            configuration.statementTimeout = .seconds(1)
        }
        let elsewhere = { @Sendable (configuration: inout PostgresConfiguration) in
            configuration.connectionString = cluster.connectionString
        }
        try await withPool(change) { pool in
            try await pool.execute("CREATE TABLE t (id int8)")
            try await pool.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
            try await pool.execute("SELECT pg_reload_conf()")
            let insert = PostgresStatement("INSERT INTO t VALUES ($1)", lane: .write)
            // As many as there are connections: each is at it until it has been silent for too long.
            try await withThrowingTaskGroup { group in
                for id in 0..<2 {
                    group.addTask {
                        await firstError { () throws(PostgresError) in
                            _ = try await pool.query(insert, [.int(Int64(id))])
                        }
                    }
                }
                let isOver = Flag()
                async let reads = {
                    var count = 0
                    while !isOver.isSet { count += try await pool.query(Statements.one).count }
                    return count
                }()
                // Before the reads are waited for, however this ends.
                defer { isOver.set() }
                for try await error in group { #expect(error.isOutcomeUnknown) }
                isOver.set()
                #expect(try await reads > 0)
            }
            try await withPool(elsewhere) { other in
                while try await other.query(Self.backends, [.text(name)])[0].int(0) > pool.maximumConnections {}
                let waiting = PostgresStatement("SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
                while try await !other.query(waiting).isEmpty {}
            }
        }
    }

    @Test func `a commit whose wait for the standby was cancelled is not told as done`() async throws {
        let cluster = try ScratchCluster()
        let change = { @Sendable (configuration: inout PostgresConfiguration) in
            configuration.connectionString = cluster.connectionString
        }
        try await withPool(change) { pool in
            try await pool.execute("CREATE TABLE t (id int8)")
            try await pool.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
            try await pool.execute("SELECT pg_reload_conf()")
            let insert = PostgresStatement("INSERT INTO t VALUES ($1)", lane: .write)
            let writer = Task { await firstError { () throws(PostgresError) in _ = try await pool.query(insert, [1]) } }
            let cancel = PostgresStatement(
                "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
            while try await pool.query(cancel).isEmpty {}
            #expect(await writer.value.isOutcomeUnknown)
            try await pool.execute("ALTER SYSTEM RESET synchronous_standby_names")
            try await pool.execute("SELECT pg_reload_conf()")
            while true {
                do throws(PostgresError) {
                    _ = try await pool.query(insert, [2])
                    break
                } catch { #expect(error.isOutcomeUnknown) }
            }
            let stored = PostgresStatement("SELECT FROM t WHERE id = 1")
            #expect(try await !pool.query(stored).isEmpty)
        }
    }

    @Test func `a pool that is closed leaves nothing running on the server`() async throws {
        let name = "closing \(UInt64.random(in: 0 ... .max))"
        try await withPool { other in
            try await withPool({ $0.applicationName = name }) { pool in
                for lane in PostgresLane.allCases {
                    let sleep = PostgresStatement("SELECT pg_sleep(600)", lane: lane)
                    // Their errors are other tests' concern.
                    Task { _ = try? await pool.query(sleep) }
                }
                let running = PostgresStatement(
                    "SELECT FROM pg_stat_activity WHERE application_name = $1 AND query LIKE '%(600)'")
                while try await other.query(running, [.text(name)]).count < PostgresLane.allCases.count {}
            }
            while try await other.query(Self.backends, [.text(name)])[0].int(0) > 0 {}
        }
    }

    @Test(arguments: PostgresLane.allCases)
    func `a statement whose session is ended before it is complete is sent again`(lane: PostgresLane) async throws {
        try await withSchema { pool, schema in
            // Only the first time does it wait to be ended.
            try await pool.execute("CREATE SEQUENCE \(schema).attempts")
            let name = "ended \(UInt64.random(in: 0 ... .max))"
            try await withPool(size: 1, { $0.applicationName = name }) { victim in
                let statement = PostgresStatement(
                    "SELECT pg_sleep(CASE WHEN last_value = 1 AND NOT is_called THEN 60 ELSE 0 END) FROM \(schema).attempts",
                    lane: lane)
                let sleeper = Task { try await victim.query(statement).count }
                let active = PostgresStatement(
                    "SELECT pid::int8 FROM pg_stat_activity WHERE application_name = $1 AND wait_event = 'PgSleep'")
                var process: Int64?
                while process == nil { process = try await pool.query(active, [.text(name)]).first?.int(0) }
                _ = try await pool.query(
                    PostgresStatement("SELECT nextval('\(schema).attempts')", lane: .write))
                _ = try await pool.query(Statements.terminate, [.int(process ?? 0)])
                #expect(try await sleeper.value == 1)
            }
        }
    }
}

/// The error that `body` throws at last: what a server is told by `pg_reload_conf` it does a little later.
private func firstError(_ body: () async throws(PostgresError) -> Void) async -> PostgresError {
    while true {
        do throws(PostgresError) { try await body() } catch { return error }
    }
}
