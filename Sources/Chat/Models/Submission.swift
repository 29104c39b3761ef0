import PostgreSQL

/// A message that somebody wants to have stored.
struct Submission: Sendable {
    let session: SessionToken
    let room: Int64
    let content: MessageContent
    /// Tells a message that is sent again from a new one: unique for each sender.
    let clientID: UUIDBytes

    /// What became of it.
    enum Outcome: Sendable {
        /// `isNew` is false when the same `clientID` was stored before.
        case stored(Message, isNew: Bool)
        case notLoggedIn, notThatPerson, noSuchRoom, notAMember
        /// Another transaction has stored the same `clientID` after this one's snapshot: asking again finds it.
        case storedMeanwhile
    }

    /// Stores many by one statement, so by one commit.
    ///
    /// In one room ids must become visible in increasing order, or a reader who follows with `after` could miss one; so
    /// the room's lock is taken before the first id is drawn, and PostgreSQL frees it after the commit is visible. The
    /// rooms' locks are all taken before anything is stored (`count` needs every one of them), in the order of the
    /// rooms' ids, so that no two batches wait for each other.
    private static let statement = PostgresStatement(
        """
        WITH input AS MATERIALIZED (
            SELECT n, users.id AS user_id, username, is_owner, input.room_id, input.content, client_id,
                rooms.id IS NOT NULL AS is_room, member.user_id IS NOT NULL AS is_member
            FROM unnest($1::bytea[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[]) WITH ORDINALITY
                AS given (token, room_id, content, client_id_bytes, expected_owner, n)
            CROSS JOIN LATERAL (SELECT encode(client_id_bytes, 'hex')::uuid AS client_id) AS decoded
            CROSS JOIN LATERAL (SELECT given.room_id, given.content) AS input
            LEFT JOIN sessions ON token_hash = sha256(token) AND expires_at > now()
            LEFT JOIN users ON users.id = sessions.user_id
            CROSS JOIN LATERAL (SELECT expected_owner IN (0, users.id) AS is_owner) AS compared
            LEFT JOIN rooms ON rooms.id = input.room_id
            LEFT JOIN room_members AS member
                ON member.room_id = input.room_id AND member.user_id = users.id AND is_owner
        ), locked AS MATERIALIZED (
            SELECT count(lock) FROM (
                SELECT pg_advisory_xact_lock(room_id) AS lock
                FROM (SELECT DISTINCT room_id FROM input WHERE is_member ORDER BY room_id) AS room
            ) AS room
        ), stored AS (
            INSERT INTO messages (room_id, sender_id, content, client_id)
            SELECT room_id, user_id, content, client_id FROM input, locked WHERE is_member ORDER BY n
            ON CONFLICT (sender_id, client_id) DO NOTHING
            RETURNING id, sender_id, content, client_id, created_at
        )
        SELECT input.user_id, input.username, is_room, is_member, stored.id IS NOT NULL AND input.n = (
                SELECT min(n) FROM input AS first
                WHERE first.user_id = input.user_id AND first.client_id = input.client_id AND first.is_member),
            coalesce(stored.id, earlier.id), coalesce(stored.content, earlier.content),
            coalesce(stored.created_at, earlier.created_at), is_owner
        FROM input
        LEFT JOIN stored ON stored.sender_id = input.user_id AND stored.client_id = input.client_id
        LEFT JOIN messages AS earlier
            ON earlier.sender_id = input.user_id AND earlier.client_id = input.client_id
        ORDER BY input.n
        """, lane: .batch)

    /// - Returns: the outcomes in the order of `batch`.
    static func store(_ batch: [Submission], in database: PostgresPool) async throws -> [Outcome] {
        let rows = try await database.query(
            statement,
            [
                .byteArrays(batch.map(\.session.bytes)), .ints(batch.map(\.room)),
                .utf8s(batch.map(\.content.utf8)), .byteArrays(batch.map(\.clientID.bytes)),
                // No person has the id 0.
                .ints(batch.map { $0.session.expectedOwner ?? 0 }),
            ])
        guard rows.count == batch.count else { throw HTTPError.internalError("a row for each message was expected") }
        return try zip(rows, batch).map { try Outcome($0, clientID: $1.clientID) }
    }
}

extension Submission.Outcome {
    fileprivate init(_ row: PostgresRow, clientID: UUIDBytes) throws {
        guard let sender = try row.optionalInt(0) else {
            self = .notLoggedIn
            return
        }
        guard try row.bool(8) else {
            self = .notThatPerson
            return
        }
        // What was stored before is answered as the first time, whatever has become of the room since.
        if let id = try row.optionalInt(5) {
            let message = Message(
                id: id, senderID: sender, sender: try row.text(1), content: try row.utf8(6),
                createdAt: try row.timestamp(7), clientID: clientID)
            self = .stored(message, isNew: try row.bool(4))
        } else if try !row.bool(2) {
            self = .noSuchRoom
        } else if try !row.bool(3) {
            self = .notAMember
        } else {
            self = .storedMeanwhile
        }
    }
}
