import PostgreSQL
import Testing

private struct Refusal: Error {}

@Suite(.timeLimit(.minutes(10))) struct TransactionTests {
    /// Gives `body` a table with one column, and counts its rows after.
    private func withTable(
        rowsAfter expected: Int64, _ body: (PostgresPool, _ insert: PostgresStatement) async throws -> Void
    ) async throws {
        try await withSchema { pool, schema in
            try await pool.execute(
                "CREATE TABLE \(schema).t (id int8 UNIQUE DEFERRABLE INITIALLY DEFERRED CHECK (id > 0))")
            try await body(pool, PostgresStatement("INSERT INTO \(schema).t VALUES ($1)", lane: .write))
            let count = PostgresStatement("SELECT count(*) FROM \(schema).t")
            #expect(try await pool.query(count)[0].int(0) == expected)
        }
    }

    @Test func `what returns is committed`() async throws {
        try await withTable(rowsAfter: 3) { pool, insert in
            let value = try await pool.transaction { transaction in
                for id in 1...3 { _ = try await transaction.query(insert, [.int(Int64(id))]) }
                return "done"
            }
            #expect(value == "done")
        }
    }

    @Test func `what throws is rolled back, and the error comes through`() async throws {
        try await withTable(rowsAfter: 0) { pool, insert in
            await #expect(throws: Refusal.self) {
                try await pool.transaction { transaction in
                    _ = try await transaction.query(insert, [1])
                    throw Refusal()
                }
            }
        }
    }

    @Test func `the first statement's error rolls back`() async throws {
        try await withTable(rowsAfter: 0) { pool, insert in
            let error = try await postgresError {
                try await pool.transaction { _ = try await $0.query(insert, [-1]) }
            }
            #expect(error.sqlState == "23514")
        }
    }

    @Test func `an error that the body ignores does not pass for a commit`() async throws {
        try await withTable(rowsAfter: 0) { pool, insert in
            let error = try await postgresError {
                try await pool.transaction { transaction in
                    _ = try await transaction.query(insert, [1])
                    let ignored = try await postgresError { _ = try await transaction.query(insert, [-1]) }
                    #expect(ignored.sqlState == "23514")
                }
            }
            #expect(error.message.contains("rolled back"))
        }
    }

    @Test func `an error of the commit comes through`() async throws {
        try await withTable(rowsAfter: 0) { pool, insert in
            let error = try await postgresError {
                try await pool.transaction { transaction in
                    _ = try await transaction.query(insert, [1])
                    _ = try await transaction.query(insert, [1])
                }
            }
            #expect(error.sqlState == "23505")
        }
    }

    @Test func `nothing is sent for a body that asks nothing`() async throws {
        try await withPool { pool throws in #expect(try await pool.transaction { _ in 7 } == 7) }
    }

    @Test func `a first query that cannot be sent leaves no later one outside the transaction`() async throws {
        try await withTable(rowsAfter: 0) { pool, insert in
            await #expect(throws: Refusal.self) {
                try await pool.transaction { transaction in
                    let tooMany = Array(repeating: PostgresParameter.null, count: 65_536)
                    let error = try await postgresError { _ = try await transaction.query(insert, tooMany) }
                    #expect(error.kind == .invalidRequest)
                    _ = try await transaction.query(insert, [1])
                    throw Refusal()
                }
            }
        }
    }

    @Test func `a query after the end is refused`() async throws {
        try await withPool { pool in
            let escaped = try await pool.transaction { transaction in
                _ = try await transaction.query(Statements.one)
                return transaction
            }
            let error = try await postgresError { _ = try await escaped.query(Statements.one) }
            #expect(error.kind == .invalidRequest)
        }
    }

    @Test func `a transaction whose session is lost does not go on in another`() async throws {
        try await withTable(rowsAfter: 0) { pool, insert in
            let error = try await postgresError {
                try await pool.transaction { transaction in
                    _ = try await transaction.query(insert, [1])
                    let process = try await transaction.query(Statements.processID)[0].int(0)
                    let lost = try await postgresError {
                        _ = try await transaction.query(Statements.terminate, [.int(process)])
                    }
                    #expect(lost.kind == .connectionLost(outcomeUnknown: false))
                    _ = try await transaction.query(insert, [2])
                }
            }
            #expect(error.kind == .connectionLost(outcomeUnknown: false))
        }
    }

    @Test func `more transactions than connections take turns`() async throws {
        try await withTable(rowsAfter: 50) { pool, insert in
            try await withThrowingTaskGroup { group in
                for id in 1...50 {
                    group.addTask {
                        try await pool.transaction { transaction in
                            _ = try await transaction.query(insert, [.int(Int64(id))])
                            _ = try await transaction.query(Statements.one)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
