package import PostgreSQL

/// What a person does with an account: makes it, logs in, logs out, deletes it.
///
/// There is no password: a name is all it takes. Whoever logs in gets a new session; the one that the browser had is
/// over.
package struct Account: Sendable {
    package let id: Int64
    package let name: String
    package let createdAt: Int64

    /// An account with its new session, and what became of the browser's former one.
    package struct Entrance: Sendable {
        package let account: Account
        /// Whose session is over now.
        package let former: Int64?
    }

    /// In a WITH clause after `account`, who may be nobody: that person's session begins, of the token $2, and the one that
    /// the browser had, of the token $3, ends.
    private static let changeOfSessions = """
        ended AS (
            DELETE FROM sessions WHERE token_hash = sha256($3) AND EXISTS (SELECT FROM account) RETURNING user_id
        ), session AS (
            INSERT INTO sessions (token_hash, user_id) SELECT sha256($2), id FROM account
        )
        """

    /// The end of the browser's former session is part of it: when that fails nothing is done, and the name is still
    /// free for the next attempt.
    private static let registerStatement = PostgresStatement(
        """
        WITH account AS (
            INSERT INTO users (name_key, username) SELECT $1, $4 WHERE NOT \(NameKeys.areMissing)
            RETURNING id, username, created_at
        ), \(changeOfSessions)
        SELECT id, username, created_at, (SELECT user_id FROM ended) AS former FROM account
        """, lane: .write)

    /// Makes an account and logs in, by one commit.
    /// - Parameter former: the session that the browser had; it ends.
    /// - Throws: `Refusal`, `usernameTaken` among others.
    package static func register(
        _ username: Username, session: SessionToken, ending former: SessionToken?, in database: PostgresPool
    ) async throws -> Entrance {
        for _ in 0..<maxAttempts {
            let rows = try await database.change(
                registerStatement,
                [.text(username.key), .bytes(session.bytes), former.parameter, .text(username.text)])
            if let row = rows.first {
                var columns = PostgresColumns(row)
                if let entrance = try Entrance(&columns) { return entrance }
            }
            // An earlier version has added names that this one would not see.
            try await NameKeys.complete(in: database)
        }
        throw Refusal.busy
    }

    /// How often it is tried again when names without a key had to get one.
    private static let maxAttempts = 3

    /// The account is taken before anything is done for it. When it is being deleted, that is waited for, and then it
    /// has no name any more.
    private static let logInStatement = PostgresStatement(
        """
        WITH account AS MATERIALIZED (
            SELECT id, username, created_at FROM users WHERE name_key = $1 FOR KEY SHARE
        ), expired AS (
            -- Old sessions go a few at a time, where new ones are made; two that do so at once do not wait.
            DELETE FROM sessions WHERE token_hash IN (
                SELECT token_hash FROM sessions WHERE expires_at < now() LIMIT 10 FOR UPDATE SKIP LOCKED)
        ), \(changeOfSessions)
        SELECT id, username, created_at, (SELECT user_id FROM ended) AS former,
            \(NameKeys.areMissing) AS are_keys_missing
        FROM (SELECT) AS always LEFT JOIN account ON true
        """, lane: .write)

    /// Logs in, by one commit with the end of the session that the browser had.
    /// - Throws: `Refusal`: nobody has that name; the browser's session then stays.
    package static func logIn(
        _ username: Username, session: SessionToken, ending former: SessionToken?, in database: PostgresPool
    ) async throws -> Entrance {
        for _ in 0..<maxAttempts {
            let rows = try await database.change(
                logInStatement, [.text(username.key), .bytes(session.bytes), former.parameter])
            guard let row = rows.first else { throw InternalError("a row was expected") }
            var columns = PostgresColumns(row)
            if let entrance = try Entrance(&columns) { return entrance }
            guard try row.bool(rows.column("are_keys_missing")) else { throw Refusal.noSuchAccount }
            try await NameKeys.complete(in: database)
        }
        throw Refusal.busy
    }

    private static let logOutStatement = PostgresStatement(
        "DELETE FROM sessions WHERE token_hash = sha256($1) RETURNING user_id", lane: .write)

    /// - Returns: whose session it was; nil when it was over already.
    package static func logOut(_ session: SessionToken, in database: PostgresPool) async throws -> Int64? {
        try await database.change(logOutStatement, [.bytes(session.bytes)]).first?.int(0)
    }

    private static let deleteStatement = PostgresStatement(
        """
        SELECT gone.person, gone.room
        FROM sessions CROSS JOIN LATERAL delete_account(sessions.user_id) AS gone
        WHERE \(SessionToken.isCurrent("$1"))
        """, lane: .write)

    /// Ends the account at once: its name, its sessions and its memberships. Its messages stay, and have no sender from
    /// now on, for which `Upkeep` then makes the rows fit.
    /// - Returns: the person's id and the rooms that they were in, nil when the session is over.
    package static func delete(
        _ session: SessionToken, in database: PostgresPool
    ) async throws -> (person: Int64, rooms: [Int64])? {
        let rows = try await database.change(deleteStatement, [.bytes(session.bytes)])
        guard let first = rows.first else { return nil }
        return (try first.int(0), try rows.compactMap { try $0.optionalInt(1) })
    }

    /// The columns `id`, `username` and `created_at`; nil where there is no account, and then nothing is read after it.
    fileprivate init?(_ row: inout PostgresColumns) throws {
        guard let id = try row.optionalInt("id") else { return nil }
        self.id = id
        name = try row.text("username")
        createdAt = try row.timestamp("created_at")
    }
}

extension Account.Entrance {
    fileprivate init?(_ row: inout PostgresColumns) throws {
        guard let account = try Account(&row) else { return nil }
        self.account = account
        former = try row.optionalInt("former")
    }
}

extension SessionToken? {
    fileprivate var parameter: PostgresParameter { self.map { .bytes($0.bytes) } ?? .null }
}
