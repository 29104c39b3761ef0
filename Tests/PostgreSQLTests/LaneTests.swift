import NonblockingIO
import Synchronization
import TestSupport
import Testing

@testable import PostgreSQL

/// A session whose locks are held until the test has done what it wants.
private func whileLocked(_ statement: String, in schema: String, _ body: () async throws -> Void) async throws {
    try await withPool(size: 1) { holder in
        try await holder.withOpenTransaction([statement], body)
    }
}

@Suite(.timeLimit(.minutes(10))) struct LaneTests {
    private func withRows(
        _ change: (inout PostgresConfiguration) -> Void = { $0.patience = .seconds(300) },
        _ body: (PostgresPool, String) async throws -> Void
    ) async throws {
        try await withSchema { pool, schema in
            try await pool.execute(
                "CREATE TABLE \(schema).t (id int8 PRIMARY KEY, n int8 NOT NULL DEFAULT 0);"
                    + "INSERT INTO \(schema).t SELECT generate_series(1, 100)")
            try await withPool(change) { try await body($0, schema) }
        }
    }

    private func update(_ schema: String, _ lane: PostgresLane = .write) -> PostgresStatement {
        PostgresStatement("UPDATE \(schema).t SET n = n + 1 WHERE id = $1", lane: lane)
    }

    @Test(arguments: [PostgresLane.write, .batch, .long])
    func `those who wait for a locked row let the others of their lane by`(lane: PostgresLane) async throws {
        try await withRows { pool, schema in
            let update = update(schema, lane)
            let order = Log<Int64>()
            try await withThrowingTaskGroup { group in
                try await whileLocked("SELECT FROM \(schema).t WHERE id = 1 FOR UPDATE", in: schema) {
                    for _ in 0..<8 {
                        group.addTask {
                            _ = try await pool.query(update, [1])
                            order.add(1)
                        }
                    }
                    // All of them have been refused the row and have come again.
                    let lock = PostgresStatement("SELECT count(*) FROM pg_locks WHERE NOT granted")
                    while try await pool.query(lock)[0].int(0) == 0 {}
                    for id in 2...40 {
                        _ = try await pool.query(update, [.int(Int64(id))])
                        order.add(Int64(id))
                    }
                }
                try await group.waitForAll()
            }
            // Nobody's statement was done twice or not at all.
            #expect(order.all == Array(2...40) + Array(repeating: 1, count: 8))
            let rows = try await pool.query(PostgresStatement("SELECT n FROM \(schema).t WHERE id <= 40 ORDER BY id"))
            #expect(try rows.map { try $0.int(0) } == [8] + Array(repeating: 1, count: 39))
        }
    }

    @Test func `a locked row in one lane delays no other lane`() async throws {
        try await withRows { pool, schema in
            let order = Log<String>()
            try await withThrowingTaskGroup { group in
                try await whileLocked("SELECT FROM \(schema).t WHERE id = 1 FOR UPDATE", in: schema) {
                    for lane in [PostgresLane.write, .batch] {
                        for _ in 0..<20 {
                            group.addTask {
                                _ = try await pool.query(update(schema, lane), [1])
                                order.add("locked")
                            }
                        }
                    }
                    for _ in 0..<100 { _ = try await pool.query(Statements.one) }
                    _ = try await pool.query(update(schema, .long), [2])
                    order.add("others")
                }
                try await group.waitForAll()
            }
            #expect(order.all.first == "others")
            #expect(order.all.count == 41)
        }
    }

    @Test(arguments: [PostgresLane.write, .batch, .long])
    func `who does not get a row within its patience is busy, and nothing was done`(lane: PostgresLane) async throws {
        let impatient = { @Sendable (configuration: inout PostgresConfiguration) in
            configuration.patience = .milliseconds(300)
        }
        try await withRows(impatient) { pool, schema in
            try await whileLocked("SELECT FROM \(schema).t WHERE id = 1 FOR UPDATE", in: schema) {
                let error = try await postgresError { _ = try await pool.query(update(schema, lane), [1]) }
                #expect(error.isBusy)
                #expect(error.isTransient)
                #expect(!error.isOutcomeUnknown)
            }
            let row = try await pool.query(PostgresStatement("SELECT n FROM \(schema).t WHERE id = 1"))[0]
            #expect(try row.int(0) == 0)
        }
    }

    @Test func `who finds its lane taken for longer than its patience is busy`() async throws {
        try await withPool({ $0.patience = .milliseconds(300) }) { pool in
            let sleep = PostgresStatement("SELECT pg_sleep(555)", lane: .batch)
            let sleeper = Task { try await postgresError { _ = try await pool.query(sleep) } }
            let running = PostgresStatement(
                "SELECT pid::int8 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(555)' AND wait_event = 'PgSleep'"
            )
            var process: Int64?
            while process == nil { process = try await pool.query(running).first?.int(0) }
            let error = try await postgresError {
                _ = try await pool.query(PostgresStatement("SELECT 1", lane: .batch))
            }
            #expect(error.isBusy)
            #expect(error.kind == .busy)
            #expect(try await pool.query(PostgresStatement("SELECT 1", lane: .write)).count == 1)
            let cancel = PostgresStatement("SELECT pg_cancel_backend($1::int4)")
            _ = try await pool.query(cancel, [.int(process ?? 0)])
            #expect(try await sleeper.value.sqlState == "57014")
        }
    }

    @Test func `a write in the lane of those that read is refused at its first use`() async throws {
        try await withRows { pool, schema in
            let error = try await postgresError { _ = try await pool.query(update(schema, .read), [1]) }
            #expect(error.sqlState == "25006")
        }
    }

    @Test func `what reads waits for a table that is being altered for no longer than a second`() async throws {
        try await withRows { pool, schema in
            try await whileLocked("LOCK TABLE \(schema).t", in: schema) {
                let error = try await postgresError {
                    _ = try await pool.query(PostgresStatement("SELECT n FROM \(schema).t"))
                }
                #expect(error.isBusy)
            }
        }
    }

    @Test func `a pool never has more connections than it says, and scripts leave none`() async throws {
        let name = "count \(UInt64.random(in: 0 ... .max))"
        try await withPool({ $0.applicationName = name }) { pool in
            try await withThrowingTaskGroup { group in
                for lane in PostgresLane.allCases {
                    let sleep = PostgresStatement("SELECT pg_sleep(0.2)", lane: lane)
                    for _ in 0..<6 { group.addTask { _ = try await pool.query(sleep) } }
                }
                for _ in 0..<4 { group.addTask { try await pool.execute("SELECT pg_sleep(0.2)") } }
                try await withPool { other in
                    let count = PostgresStatement("SELECT count(*) FROM pg_stat_activity WHERE application_name = $1")
                    var most: Int64 = 0
                    while most < pool.maximumConnections {
                        most = max(most, try await other.query(count, [.text(name)])[0].int(0))
                    }
                    #expect(most == pool.maximumConnections)
                    try await group.waitForAll()
                    // All but that of the scripts; the one of the lane `long` stays for half a minute.
                    while try await other.query(count, [.text(name)])[0].int(0) != pool.maximumConnections - 1 {}
                }
            }
        }
    }
}
