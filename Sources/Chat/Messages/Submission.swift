import PostgreSQL

/// A message that somebody wants to have stored.
package struct Submission: Sendable {
    let session: SessionToken
    let room: Int64
    let content: MessageContent
    /// Tells a message that is sent again from a new one: unique for each sender.
    let clientID: UUIDBytes

    package init(session: SessionToken, room: Int64, content: MessageContent, clientID: UUIDBytes) {
        self.session = session
        self.room = room
        self.content = content
        self.clientID = clientID
    }

    /// What became of it.
    package enum Outcome: Sendable {
        /// `isNew` is false when the same `clientID` was stored before.
        case stored(Message, isNew: Bool)
        case notLoggedIn, noSuchRoom, notAMember
        /// Another transaction is at the room, the membership or the account, or has stored the same `clientID` since
        /// this one began: nothing was waited for and nothing stored, and another attempt may tell.
        case busy
    }

    /// Stores many by one statement, so by one commit. It waits for nobody: what others hold is left to a later attempt,
    /// and the messages for other rooms go on.
    ///
    /// In one room ids must become visible in increasing order, or a reader who follows with `after` could miss one; so
    /// the room's lock is taken before the first id is drawn, and PostgreSQL frees it after the commit is visible.
    ///
    /// Then the rows are taken that the message depends on, room, account and membership, as they are at that moment
    /// rather than when the statement began. So a membership that has ended since is found to be gone, and one that is
    /// there cannot end before the message is committed: once a leave is answered no message comes any more. Inserting
    /// takes room and account anyway, for the foreign keys, and would wait for them.
    private static let statement = PostgresStatement(
        """
        WITH given AS MATERIALIZED (
            SELECT n, account.user_id, account.username, room_id, content, encode(client_id_bytes, 'hex')::uuid AS client_id
            FROM unnest($1::bytea[], $2::bigint[], $3::text[], $4::bytea[]) WITH ORDINALITY
                AS given (token, room_id, content, client_id_bytes, n)
            -- Each look-up here is a subquery that can only be made row by row, so by the index: a plan that was made
            -- while the tables were small would else read one as a whole, also when it has grown.
            LEFT JOIN LATERAL (
                \(Viewer.query("users.id AS user_id, users.username", token: "token")) LIMIT 1
            ) AS account ON true
        ), input AS MATERIALIZED (
            SELECT given.*, room.id IS NOT NULL AS is_room, member.user_id IS NOT NULL AS is_member
            FROM given
            LEFT JOIN LATERAL (SELECT id FROM rooms WHERE rooms.id = given.room_id LIMIT 1) AS room ON true
            \(Membership.join(room: "given.room_id", person: "given.user_id"))
        ), room AS MATERIALIZED (
            SELECT room_id, pg_try_advisory_xact_lock(room_id) AS is_ours
            FROM (SELECT DISTINCT room_id FROM input WHERE is_member) AS wanted
        ), ready AS MATERIALIZED (
            SELECT n, input.room_id, input.user_id, content, client_id
            FROM input
            JOIN room ON room.room_id = input.room_id AND is_ours
            CROSS JOIN LATERAL (
                SELECT FROM room_members AS member
                JOIN rooms ON rooms.id = member.room_id
                JOIN users ON users.id = member.user_id
                WHERE member.room_id = input.room_id AND member.user_id = input.user_id AND deleted_at IS NULL
                FOR KEY SHARE OF member, rooms, users SKIP LOCKED
            ) AS taken
            WHERE is_member
        ), stored AS (
            INSERT INTO messages (room_id, sender_id, content, client_id)
            SELECT room_id, user_id, content, client_id FROM ready ORDER BY n
            ON CONFLICT (sender_id, client_id) DO NOTHING
            RETURNING id, sender_id, content, client_id, created_at
        )
        SELECT input.user_id, is_room, is_member, stored.id IS NOT NULL AND input.n = (
                SELECT min(n) FROM ready AS first
                WHERE first.user_id = input.user_id AND first.client_id = input.client_id) AS is_new,
            coalesce(stored.id, earlier.id) AS id, input.user_id AS sender_id, input.username AS sender,
            coalesce(stored.content, earlier.content) AS content,
            coalesce(stored.created_at, earlier.created_at) AS created_at, input.client_id, earlier.change
        FROM input
        LEFT JOIN stored ON stored.sender_id = input.user_id AND stored.client_id = input.client_id
        LEFT JOIN LATERAL (
            SELECT id, content, created_at, change FROM messages
            WHERE sender_id = input.user_id AND client_id = input.client_id LIMIT 1
        ) AS earlier ON true
        ORDER BY input.n
        """, lane: .batch)

    /// - Returns: the outcomes in the order of `batch`.
    static func store(_ batch: [Submission], in database: PostgresPool) async throws -> [Outcome] {
        let rows = try await database.change(
            statement,
            [
                .byteArrays(batch.map(\.session.bytes)), .ints(batch.map(\.room)),
                .utf8s(batch.map(\.content.utf8)), .byteArrays(batch.map(\.clientID.bytes)),
            ])
        guard rows.count == batch.count else { throw InternalError("a row for each message was expected") }
        return try rows.map { try Outcome($0) }
    }
}

extension Submission.Outcome {
    fileprivate init(_ row: PostgresRow) throws {
        var columns = PostgresColumns(row)
        guard try columns.optionalInt("user_id") != nil else {
            self = .notLoggedIn
            return
        }
        let isRoom = try columns.bool("is_room")
        let isMember = try columns.bool("is_member")
        let isNew = try columns.bool("is_new")
        // What was stored before is answered as the first time, whatever has become of the room since.
        if let message = try Message(&columns) {
            self = .stored(message, isNew: isNew)
        } else if !isRoom {
            self = .noSuchRoom
        } else {
            self = isMember ? .busy : .notAMember
        }
    }
}
