package import PostgreSQL

/// The person whose session a request carries.
package struct Viewer: Sendable {
    package let id: Int64
    package let name: String
}

extension Viewer {
    private static let statement = PostgresStatement(
        """
        SELECT users.id AS viewer_id, users.username AS viewer FROM sessions JOIN users ON users.id = sessions.user_id
        WHERE token_hash = sha256($1) AND expires_at > now()
        """)

    /// - Returns: nil when the session is over or never was.
    package static func find(_ session: SessionToken, in database: PostgresPool) async throws -> Viewer? {
        guard let row = try await database.query(statement, [.bytes(session.bytes)]).first else { return nil }
        var columns = PostgresColumns(row)
        return try Viewer(&columns)
    }

    /// The columns `viewer_id` and `viewer`.
    init(_ row: inout PostgresColumns) throws {
        id = try row.int("viewer_id")
        name = try row.text("viewer")
    }
}
