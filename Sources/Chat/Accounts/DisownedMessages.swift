import PostgreSQL

/// The messages whose rows still point to a deleted account. What is read of them has no sender already; this makes the
/// rows say so, a few at a time, and then does away with the account's row.
enum DisownedMessages {
    private static let accountStatement = PostgresStatement(
        "SELECT id FROM users WHERE deleted_at IS NOT NULL AND id > $1 ORDER BY id LIMIT 1")

    /// The deleted account with the next greater id.
    /// - Throws: `PostgresError`.
    static func account(after id: Int64, in database: PostgresPool) async throws(PostgresError) -> Int64? {
        try await database.query(accountStatement, [.int(id)]).first?.int(0)
    }

    /// Takes the account's row, so that of several processes one works on it; the others find nothing. Goes by the
    /// index on sender and `client_id`, from where it has got to: what it has done is left behind there until a vacuum,
    /// and would have to be gone over each time.
    ///
    /// The number stands in the text: of one that it does not know the planner thinks a tenth of all, and reads and
    /// sorts all of them instead.
    private static let clearStatement = PostgresStatement(
        """
        WITH account AS MATERIALIZED (
            SELECT id FROM users WHERE id = $1 AND deleted_at IS NOT NULL FOR UPDATE SKIP LOCKED
        ), chunk AS MATERIALIZED (
            SELECT room_id, id, client_id FROM messages
            WHERE sender_id = $1 AND client_id >= $2 AND (SELECT count(*) FROM account) = 1
            ORDER BY client_id LIMIT \(ChatLimits.clearedAtOnce)
        ), cleared AS (
            UPDATE messages SET sender_id = NULL FROM chunk
            WHERE messages.room_id = chunk.room_id AND messages.id = chunk.id
            RETURNING messages.client_id
        )
        SELECT count(*), (SELECT client_id FROM chunk ORDER BY client_id DESC LIMIT 1) FROM cleared
        """, lane: .long)

    /// Does the next messages of the account from that `client_id` on, `ChatLimits.clearedAtOnce` at most.
    /// - Returns: where to go on; nil when nothing is left, or another process is at it.
    /// - Throws: `PostgresError`; with `isRefusal` when one of them breaks a rule.
    static func clear(
        _ account: Int64, from clientID: UInt128, in database: PostgresPool
    ) async throws(PostgresError) -> UInt128? {
        let rows = try await database.query(clearStatement, [.int(account), .uuid(clientID)])
        guard let row = rows.first, try row.int(0) == ChatLimits.clearedAtOnce else { return nil }
        let last = try row.uuid(1)
        return last < .max ? last + 1 : nil
    }

    private static let endStatement = PostgresStatement(
        """
        DELETE FROM users WHERE id = $1 AND deleted_at IS NOT NULL
            AND NOT EXISTS (SELECT FROM messages WHERE sender_id = $1)
        """, lane: .long)

    /// Does away with the account's row, if no message points to it any more.
    static func end(_ account: Int64, in database: PostgresPool) async throws(PostgresError) {
        _ = try await database.query(endStatement, [.int(account)])
    }
}

extension PostgresError {
    /// Whether a CHECK forbids it (SQLSTATE 23514).
    var isRefusal: Bool { kind == .server && sqlState == "23514" }
}
