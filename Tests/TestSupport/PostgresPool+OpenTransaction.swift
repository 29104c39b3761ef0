package import PostgreSQL

extension PostgresPool {
    /// Runs `body` while a session of its own has run these statements and not committed them yet: what they have locked
    /// is locked until `body` has come back. They are rolled back when it throws.
    package nonisolated func withOpenTransaction<Value: Sendable>(
        _ statements: [String], _ body: () async throws -> Value
    ) async throws -> Value {
        let outcome = try await withSession { session throws(PostgresError) -> Result<Value, any Error> in
            try await session.execute("BEGIN")
            for statement in statements { try await session.execute(statement) }
            do {
                let value = try await body()
                try await session.execute("COMMIT")
                return .success(value)
            } catch {
                try await session.execute("ROLLBACK")
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}
