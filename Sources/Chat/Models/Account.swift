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
        """, lane: .write)

    /// - Throws: `HTTPError` 409 for a name that is taken, 422 for one that is too long.
    static func register(
        _ username: Username, session: SessionToken, in database: PostgresPool
    ) async throws -> Account {
        do {
            let rows = try await database.query(
                registerStatement, [.text(username.text), .bytes(session.bytes)])
            guard let row = rows.first else { throw HTTPError.internalError("INSERT gave no row") }
            return try Account(row)
        } catch let error as PostgresError where error.constraint == "users_username_key" {
            throw HTTPError(.conflict, Username.isTaken, field: "username")
        } catch let error as PostgresError where error.constraint == "users_username_length" {
            throw HTTPError(.unprocessableContent, Username.isTooLong, field: "username")
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
        SELECT id, username, created_at, char_length(normalize($1, NFC))
        FROM (SELECT) AS always LEFT JOIN account ON true
        """, lane: .write)

    /// - Returns: nil when nobody has that name.
    /// - Throws: `HTTPError` 422 for a name that is too long for anybody.
    static func logIn(
        _ username: Username, session: SessionToken, in database: PostgresPool
    ) async throws -> Account? {
        let rows = try await database.query(
            logInStatement, [.text(username.text), .bytes(session.bytes)])
        guard let row = rows.first else { throw HTTPError.internalError("a row was expected") }
        guard try row.int(3) <= ChatLimits.maxUsernameLength else {
            throw HTTPError(.unprocessableContent, Username.isTooLong, field: "username")
        }
        return try row.isNull(0) ? nil : Account(row)
    }

    private static let logOutStatement = PostgresStatement(
        "DELETE FROM sessions WHERE token_hash = sha256($1) RETURNING user_id", lane: .write)

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
            SELECT rooms.id FROM rooms
            JOIN room_members ON room_members.room_id = rooms.id
            JOIN viewer USING (user_id)
            ORDER BY rooms.id FOR NO KEY UPDATE OF rooms
        ), gone AS (
            DELETE FROM users USING viewer
            WHERE users.id = viewer.user_id AND (SELECT count(*) FROM locked) >= 0
            RETURNING users.id
        )
        SELECT gone.id, locked.id FROM gone LEFT JOIN locked ON true
        """, lane: .write)

    /// Messages stay, without a sender; sessions and memberships go.
    /// - Returns: the person's id and the rooms that they were in, nil when the session is over.
    static func delete(
        _ session: SessionToken, in database: PostgresPool
    ) async throws -> (person: Int64, rooms: [Int64])? {
        let rows = try await database.query(deleteStatement, [.bytes(session.bytes)])
        guard let first = rows.first else { return nil }
        return (try first.int(0), try rows.compactMap { try $0.optionalInt(1) })
    }

    private init(_ row: PostgresRow) throws {
        id = try row.int(0)
        name = try row.text(1)
        createdAt = try row.timestamp(2)
    }
}
