import PostgreSQL
import Testing

/// What a session that is lent by `withSession` keeps from one statement to the next, and what ends with it.
@Suite(.timeLimit(.minutes(10))) struct SessionTests {
    private static let begin = PostgresStatement("BEGIN")
    private static let commit = PostgresStatement("COMMIT")

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

    @Test func `what stands between BEGIN and COMMIT is committed together`() async throws {
        try await withTable(rowsAfter: 3) { pool, insert in
            let value = try await pool.withSession { session throws(PostgresError) in
                _ = try await session.query(Self.begin)
                for id in 1...3 { _ = try await session.query(insert, [.int(Int64(id))]) }
                _ = try await session.query(Self.commit)
                return "done"
            }
            #expect(value == "done")
        }
    }

    @Test func `an error of a statement comes through, and what was not committed is undone`() async throws {
        try await withTable(rowsAfter: 0) { pool, insert in
            let error = try await postgresError {
                try await pool.withSession { session throws(PostgresError) in
                    _ = try await session.query(Self.begin)
                    _ = try await session.query(insert, [1])
                    _ = try await session.query(insert, [-1])
                }
            }
            #expect(error.sqlState == "23514")
        }
    }

    @Test func `a statement that cannot be sent leaves the transaction as it was`() async throws {
        try await withTable(rowsAfter: 1) { pool, insert in
            let kind = try await pool.withSession { session throws(PostgresError) in
                _ = try await session.query(Self.begin)
                var kind: PostgresError.Kind?
                do throws(PostgresError) {
                    _ = try await session.query(insert, Array(repeating: .null, count: 65_536))
                } catch {
                    kind = error.kind
                }
                _ = try await session.query(insert, [1])
                _ = try await session.query(Self.commit)
                return kind
            }
            #expect(kind == .invalidRequest)
        }
    }

    @Test func `an error of the commit comes through`() async throws {
        try await withTable(rowsAfter: 0) { pool, insert in
            let error = try await postgresError {
                try await pool.withSession { session throws(PostgresError) in
                    _ = try await session.query(Self.begin)
                    _ = try await session.query(insert, [1])
                    _ = try await session.query(insert, [1])
                    _ = try await session.query(Self.commit)
                }
            }
            #expect(error.sqlState == "23505")
        }
    }

    @Test func `a session that is lost does not go on in another`() async throws {
        try await withTable(rowsAfter: 0) { pool, insert in
            let lost = try await pool.withSession { session throws(PostgresError) in
                _ = try await session.query(Self.begin)
                _ = try await session.query(insert, [1])
                let process = try await session.query(Statements.processID)[0].int(0)
                var kinds: [PostgresError.Kind] = []
                for (statement, parameter) in [
                    (Statements.terminate, process), (insert, 2), (insert, 3),
                ] {
                    do throws(PostgresError) {
                        _ = try await session.query(statement, [.int(parameter)])
                    } catch {
                        kinds.append(error.kind)
                    }
                }
                return kinds
            }
            #expect(lost == Array(repeating: .connectionLost(outcomeUnknown: false), count: 3))
        }
    }

    @Test func `more who want a session than there are take turns`() async throws {
        try await withTable(rowsAfter: 50) { pool, insert in
            try await withThrowingTaskGroup { group in
                for id in 1...50 {
                    group.addTask {
                        try await pool.withSession { session throws(PostgresError) in
                            _ = try await session.query(Self.begin)
                            _ = try await session.query(insert, [.int(Int64(id))])
                            _ = try await session.query(Self.commit)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
