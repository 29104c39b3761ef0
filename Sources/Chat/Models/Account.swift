import HTTP
import PostgreSQL

/// What a person does with an account: makes it, logs in, logs out, deletes it.
///
/// There is no password: a name is all it takes. Whoever logs in gets a new session; the one that the browser had is
/// over.
struct Account: Sendable {
    let id: Int64
    let name: String
    let createdAt: Int64

    private static let registerStatement = PostgresStatement(
        """
        WITH account AS (
            INSERT INTO users (username) VALUES (normalize($1, NFC)) RETURNING id, username, created_at
        ), session AS (
            INSERT INTO sessions (token_hash, user_id) SELECT sha256($2), id FROM account
        )
        SELECT id, username, created_at FROM account
        """)

    /// - Throws: `RuleError` for a name that is taken or too long.
    static func register(
        _ username: Username, session: SessionToken, in database: PostgresPool
    ) async throws -> Account {
        do {
            let rows = try await database.query(
                registerStatement, [.text(username.text), .bytes(session.bytes)])
            guard let row = rows.first else { throw HTTPError.internalError("INSERT gave no row") }
            return try Account(row)
        } catch let error as PostgresError where error.constraint == "users_username_key" {
            throw HTTPError(.conflict, Username.isTaken)
        } catch let error as PostgresError where error.constraint == "users_username_length" {
            throw HTTPError(.unprocessableContent, Username.isTooLong)
        }
    }

    private static let logInStatement = PostgresStatement(
        """
        WITH account AS (
            SELECT id, username, created_at FROM users
            WHERE lower(upper(username COLLATE "und-x-icu")) = lower(upper(normalize($1, NFC) COLLATE "und-x-icu"))
        ), expired AS (
            -- Old sessions go a few at a time, where new ones are made; two that do so at once do not wait.
            DELETE FROM sessions WHERE token_hash IN (
                SELECT token_hash FROM sessions WHERE expires_at < now() LIMIT 10 FOR UPDATE SKIP LOCKED)
        ), session AS (
            INSERT INTO sessions (token_hash, user_id) SELECT sha256($2), id FROM account
        )
        SELECT id, username, created_at FROM account
        """)

    /// - Returns: nil when nobody has that name.
    static func logIn(
        _ username: Username, session: SessionToken, in database: PostgresPool
    ) async throws -> Account? {
        let rows = try await database.query(
            logInStatement, [.text(username.text), .bytes(session.bytes)])
        return try rows.first.map(Account.init)
    }

    private static let logOutStatement = PostgresStatement(
        "DELETE FROM sessions WHERE token_hash = sha256($1) RETURNING user_id")

    /// - Returns: whose session it was; nil when it was over already.
    static func logOut(_ session: SessionToken, in database: PostgresPool) async throws -> Int64? {
        try await database.query(logOutStatement, [.bytes(session.bytes)]).first?.int(0)
    }

    /// The rooms are locked in the order of their ids, so that two people who share rooms and leave at once do not
    /// wait for each other: deleting the memberships updates them.
    private static let deleteStatement = PostgresStatement(
        """
        WITH viewer AS MATERIALIZED (
            SELECT user_id FROM sessions WHERE token_hash = sha256($1) AND expires_at > now()
        ), locked AS MATERIALIZED (
            SELECT count(*) FROM (
                SELECT rooms.id FROM rooms
                JOIN room_members ON room_members.room_id = rooms.id
                JOIN viewer USING (user_id)
                ORDER BY rooms.id FOR NO KEY UPDATE OF rooms
            ) AS room
        )
        DELETE FROM users USING viewer, locked WHERE users.id = viewer.user_id RETURNING users.id
        """)

    /// Messages stay, without a sender; sessions and memberships go.
    /// - Returns: the person's id, nil when the session is over.
    static func delete(_ session: SessionToken, in database: PostgresPool) async throws -> Int64? {
        try await database.query(deleteStatement, [.bytes(session.bytes)]).first?.int(0)
    }

    private init(_ row: PostgresRow) throws {
        id = try row.int(0)
        name = try row.text(1)
        createdAt = try row.timestamp(2)
    }
}
