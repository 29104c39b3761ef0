package import PostgreSQL

/// Whether the database answers.
package enum HealthCheck {
    private static let statement = PostgresStatement("SELECT 1")

    /// Asks it for nothing.
    /// - Throws: `PostgresError` when it does not answer.
    package static func run(in database: PostgresPool) async throws(PostgresError) {
        _ = try await database.query(statement, [])
    }
}
