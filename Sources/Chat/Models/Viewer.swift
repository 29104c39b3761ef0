import PostgreSQL

/// The person whose session a request carries.
struct Viewer: Sendable {
    let id: Int64
    let name: String
}

extension Viewer {
    private static let statement = PostgresStatement(
        """
        SELECT users.id, users.username FROM sessions JOIN users ON users.id = sessions.user_id
        WHERE token_hash = sha256($1) AND expires_at > now()
        """)

    /// - Returns: nil when the session is over or never was.
    static func find(_ session: SessionToken, in database: PostgresPool) async throws -> Viewer? {
        try await database.query(statement, [.bytes(session.bytes)]).first.map {
            Viewer(id: try $0.int(0), name: try $0.text(1))
        }
    }
}
