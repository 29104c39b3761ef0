package import PostgreSQL

/// The sessions in which a person is logged in.
package struct Sessions: Sendable {
    package struct Item: Sendable {
        /// Microseconds since 1970-01-01T00:00:00Z.
        package let begunAt: Int64
        /// It is the one that asks.
        package let isOwn: Bool
    }

    /// The newest first, `maxListed` at most.
    package let items: [Item]

    /// How many are listed: 20. Whoever has more ends them all anyway.
    package static let maxListed: Int64 = 20

    private static let statement = PostgresStatement(
        """
        SELECT sessions.created_at, sessions.token_hash = own.token_hash AS is_own
        FROM sessions AS own JOIN sessions ON sessions.user_id = own.user_id
        WHERE own.token_hash = sha256($1) AND own.expires_at > now() AND sessions.expires_at > now()
        ORDER BY is_own DESC, sessions.created_at DESC LIMIT \(maxListed)
        """)

    /// Those of the session's person, its own first; none when it is over.
    package static func read(for session: SessionToken, in database: PostgresPool) async throws -> Sessions {
        let rows = try await database.query(statement, [.bytes(session.bytes)])
        return Sessions(
            items: try rows.map { row in
                var columns = PostgresColumns(row)
                return Item(begunAt: try columns.timestamp("created_at"), isOwn: try columns.bool("is_own"))
            })
    }

    /// The account is taken first, so that two browsers that end each other take turns; whose session is over by then
    /// ends nothing.
    private static let endOthersStatement = PostgresStatement(
        """
        WITH account AS MATERIALIZED (
            SELECT users.id FROM sessions JOIN users ON users.id = sessions.user_id
            WHERE token_hash = sha256($1) AND expires_at > now() AND deleted_at IS NULL
            FOR NO KEY UPDATE OF users
        ), own AS MATERIALIZED (
            SELECT user_id, token_hash FROM sessions JOIN account ON account.id = user_id
            WHERE token_hash = sha256($1) FOR KEY SHARE OF sessions
        ), ended AS (
            DELETE FROM sessions USING own
            WHERE sessions.user_id = own.user_id AND sessions.token_hash <> own.token_hash
        )
        SELECT user_id FROM own
        """, lane: .write)

    /// Ends all of the person's sessions but this one.
    /// - Returns: whose they were, who has to be told to those that have requests held.
    /// - Throws: `Refusal`: not logged in.
    package static func endOthers(than session: SessionToken, in database: PostgresPool) async throws -> Int64 {
        guard let row = try await database.change(endOthersStatement, [.bytes(session.bytes)]).first else {
            throw Refusal.notLoggedIn
        }
        return try row.int(0)
    }
}
