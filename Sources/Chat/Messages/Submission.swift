import PostgreSQL

/// A message that somebody wants to have stored.
package struct Submission: Sendable {
    let session: SessionToken
    let room: Int64
    let content: MessageContent
    /// Tells a message that is sent again from a new one: unique for each sender.
    let clientID: UUIDBytes
    /// The message of the room that it answers.
    let replyTo: Int64?

    package init(
        session: SessionToken, room: Int64, content: MessageContent, clientID: UUIDBytes, replyTo: Int64? = nil
    ) {
        self.session = session
        self.room = room
        self.content = content
        self.clientID = clientID
        self.replyTo = replyTo
    }

    /// What became of it.
    package enum Outcome: Sendable {
        /// `isNew` is false when the same `clientID` was stored before, with the same words as far as is known: those of
        /// before a message was edited or deleted nobody knows.
        case stored(Message, isNew: Bool)
        case refused(Refusal)
        /// Another transaction is at the room, the membership or the account, or has stored the same `clientID` since
        /// this one began: nothing was waited for and nothing stored, and another attempt may tell.
        case busy
    }

    /// Stores many by one statement, so by one commit. It waits for nobody, but for one who stores the same `clientID` of
    /// that sender in another room: what others hold is left to a later attempt, and the messages for other rooms go on.
    ///
    /// In one room ids must become visible in increasing order, or a reader who follows with `after` could miss one; so
    /// the room's lock is taken before the first id is drawn, and PostgreSQL frees it after the commit is visible.
    ///
    /// Then the rows are taken that the message depends on, room, account and membership, as they are at that moment
    /// rather than when the statement began. So a membership that has ended since is found to be gone, and one that is
    /// there cannot end before the message is committed: once a leave is answered no message comes any more. Inserting
    /// takes room and account anyway, for the foreign keys, and would wait for them.
    ///
    /// So is the message taken that is answered, after the room's lock: with SHARE, because whoever deletes it changes no
    /// key, and with less it would be found as it was when the statement began.
    private static let statement = PostgresStatement(
        """
        WITH given AS MATERIALIZED (
            SELECT n, account.user_id, account.username, room_id, content,
                encode(client_id_bytes, 'hex')::uuid AS client_id, nullif(reply_to, 0) AS reply_to
            FROM unnest($1::bytea[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[]) WITH ORDINALITY
                AS given (token, room_id, content, client_id_bytes, reply_to, n)
            -- Each look-up here is a subquery that can only be made row by row, so by the index: a plan that was made
            -- while the tables were small would else read one as a whole, also when it has grown.
            LEFT JOIN LATERAL (
                \(Viewer.query("users.id AS user_id, users.username", token: "token")) LIMIT 1
            ) AS account ON true
        ), input AS MATERIALIZED (
            SELECT given.*, room.id IS NOT NULL AS is_room, member.user_id IS NOT NULL AS is_member,
                given.reply_to IS NULL OR quoted.id IS NOT NULL AS has_quote
            FROM given
            LEFT JOIN LATERAL (SELECT id FROM rooms WHERE rooms.id = given.room_id LIMIT 1) AS room ON true
            \(Membership.join(room: "given.room_id", person: "given.user_id"))
            LEFT JOIN LATERAL (
                SELECT quoted.id FROM messages AS quoted
                WHERE quoted.room_id = given.room_id AND quoted.id = given.reply_to AND deleted_at IS NULL LIMIT 1
            ) AS quoted ON true
        ), room AS MATERIALIZED (
            SELECT room_id, pg_try_advisory_xact_lock(room_id) AS is_ours
            FROM (SELECT DISTINCT room_id FROM input WHERE is_member) AS wanted
        ), ready AS MATERIALIZED (
            SELECT n, input.room_id, input.user_id, content, client_id, reply_to
            FROM input
            JOIN room ON room.room_id = input.room_id AND is_ours
            CROSS JOIN LATERAL (
                SELECT FROM room_members AS member
                JOIN rooms ON rooms.id = member.room_id
                JOIN users ON users.id = member.user_id
                WHERE member.room_id = input.room_id AND member.user_id = input.user_id AND deleted_at IS NULL
                FOR KEY SHARE OF member, rooms, users SKIP LOCKED
            ) AS taken
            LEFT JOIN LATERAL (
                SELECT quoted.id FROM messages AS quoted
                WHERE quoted.room_id = room.room_id AND quoted.id = input.reply_to AND deleted_at IS NULL
                FOR SHARE SKIP LOCKED
            ) AS quoted ON true
            WHERE is_member AND (reply_to IS NULL OR quoted.id IS NOT NULL)
        ), stored AS (
            INSERT INTO messages (room_id, sender_id, content, client_id, reply_to)
            SELECT room_id, user_id, content, client_id, reply_to FROM ready ORDER BY n
            ON CONFLICT (sender_id, client_id) DO NOTHING
            RETURNING id, room_id, sender_id, content, client_id, created_at, reply_to
        ), known AS (
            SELECT input.*, stored.id IS NOT NULL AND input.n = (
                    SELECT min(n) FROM ready AS first
                    WHERE first.user_id = input.user_id AND first.client_id = input.client_id) AS is_new,
                coalesce(stored.id, earlier.id) AS message_id, coalesce(stored.room_id, earlier.room_id) AS of_room,
                coalesce(stored.content, earlier.content) AS words,
                CASE WHEN stored.id IS NULL THEN earlier.reply_to ELSE stored.reply_to END AS answered,
                coalesce(stored.created_at, earlier.created_at) AS created_at, earlier.change, earlier.edited_at,
                earlier.deleted_at IS NOT NULL AS is_deleted
            FROM input
            LEFT JOIN stored ON stored.sender_id = input.user_id AND stored.client_id = input.client_id
            LEFT JOIN LATERAL (
                SELECT id, room_id, content, created_at, change, edited_at, deleted_at, reply_to FROM messages
                WHERE sender_id = input.user_id AND client_id = input.client_id LIMIT 1
            ) AS earlier ON true
        )
        SELECT user_id, is_room, is_member, has_quote, is_new, coalesce(of_room = room_id, false) AS is_of_room,
            answered IS NOT DISTINCT FROM reply_to
                AND (edited_at IS NOT NULL OR is_deleted OR coalesce(words = content, false)) AS is_same,
            message_id AS id, of_room AS room_id, user_id AS sender_id, username AS sender, words AS content, created_at,
            client_id, change, edited_at, is_deleted, \(Quote.columns)
        FROM known \(Quote.join(room: "of_room", id: "answered"))
        ORDER BY n
        """, lane: .batch)

    /// - Returns: the outcomes in the order of `batch`.
    static func store(_ batch: [Submission], in database: PostgresPool) async throws -> [Outcome] {
        let rows = try await database.change(
            statement,
            [
                .byteArrays(batch.map(\.session.bytes)), .ints(batch.map(\.room)),
                .utf8s(batch.map(\.content.utf8)), .byteArrays(batch.map(\.clientID.bytes)),
                .ints(batch.map { $0.replyTo ?? 0 }),
            ])
        guard rows.count == batch.count else { throw InternalError("a row for each message was expected") }
        return try rows.map { try Outcome($0) }
    }
}

extension Submission.Outcome {
    fileprivate init(_ row: PostgresRow) throws {
        var columns = PostgresColumns(row)
        guard try columns.optionalInt("user_id") != nil else {
            self = .refused(.notLoggedIn)
            return
        }
        let isRoom = try columns.bool("is_room")
        let isMember = try columns.bool("is_member")
        let hasQuote = try columns.bool("has_quote")
        let isNew = try columns.bool("is_new")
        let isOfRoom = try columns.bool("is_of_room")
        let isSame = try columns.bool("is_same")
        let message = try Message(&columns)
        // What was stored before is answered as the first time, whatever has become of it and of the room since.
        if let message, isOfRoom {
            self = isSame ? .stored(message, isNew: isNew) : .refused(.clientIDIsUsed)
        } else if !isRoom {
            self = .refused(.noSuchRoom)
        } else if !isMember {
            self = .refused(.notAMember)
        } else if message != nil {
            self = .refused(.clientIDIsUsed)
        } else {
            self = hasQuote ? .busy : .refused(.noSuchQuote)
        }
    }
}
