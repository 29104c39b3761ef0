import PostgreSQL

/// What a room has for those whose requests are held: asked once for all of them.
enum RoomNews {
    /// Where a session stands with a room; as the statement writes it.
    enum Standing: Unicode.Scalar {
        case member = "m"
        case notAMember = "n"
        case notLoggedIn = "l"
    }

    /// One statement, so that both are of the same moment: whoever is found a member may read these messages. The
    /// standings, a letter for each session, are with the first row.
    private static let readStatement = PostgresStatement(
        """
        SELECT rooms.type, rooms.name, rooms.member_count,
            CASE WHEN place > 1 THEN '' ELSE (
                SELECT string_agg(
                    CASE WHEN member.user_id IS NOT NULL THEN 'm' WHEN sessions.user_id IS NOT NULL THEN 'n' ELSE 'l' END,
                    '' ORDER BY n)
                FROM unnest($4::bytea[]) WITH ORDINALITY AS given (token, n)
                LEFT JOIN sessions ON token_hash = sha256(token) AND expires_at > now()
                \(Membership.join(room: "$1", person: "sessions.user_id"))
            ) END AS standings,
            message.*
        FROM rooms LEFT JOIN LATERAL (
            SELECT row_number() OVER (ORDER BY messages.id) AS place, \(Message.columns)
            FROM messages \(Message.senderJoin)
            WHERE messages.room_id = rooms.id AND messages.id > $2
            ORDER BY messages.id LIMIT $3
        ) AS message ON true
        WHERE rooms.id = $1
        ORDER BY place
        """)

    /// The oldest messages after `cursor`, and who of `sessions` may read them.
    static func read(
        room id: Int64, after cursor: Int64, limit: Int64, for sessions: Set<SessionToken>, in database: PostgresPool
    ) async throws -> (batch: MessageBatch, standings: [SessionToken: Standing]) {
        let sessions = Array(sessions)
        let rows = try await database.query(
            readStatement, [.int(id), .int(cursor), .int(limit + 1), .byteArrays(sessions.map(\.bytes))])
        guard let first = rows.first else { throw Refusal.noSuchRoom }
        var heading = PostgresColumns(first)
        guard let room = try Room(id: id, &heading) else { throw Refusal.noSuchRoom }
        let letters = try heading.text("standings").unicodeScalars.map { Standing(rawValue: $0) }
        var standings: [SessionToken: Standing] = [:]
        for (session, letter) in zip(sessions, letters) { standings[session] = letter }
        var messages: [Message] = []
        let column = try rows.column("id")
        for row in rows.prefix(Int(limit)) {
            var columns = PostgresColumns(row, from: column)
            // A room without such messages is one row without a message.
            if let message = try Message(&columns) { messages.append(message) }
        }
        return (MessageBatch(room: room, messages: messages, hasMore: rows.count > limit), standings)
    }

    private static let missedStatement = PostgresStatement(
        """
        SELECT n FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bigint[]) WITH ORDINALITY
            AS held (token, room_id, cursor, members, n)
        LEFT JOIN sessions ON token_hash = sha256(token) AND expires_at > now()
        \(Membership.join(room: "held.room_id", person: "sessions.user_id"))
        LEFT JOIN rooms ON rooms.id = held.room_id
        WHERE member.user_id IS NULL OR (held.members >= 0 AND held.members <> rooms.member_count)
            OR EXISTS (SELECT FROM messages WHERE messages.room_id = held.room_id AND messages.id > held.cursor)
        """)

    /// Which of these requests have an answer by now, of whatever rooms they are: their places in `held`.
    static func missed(by held: some Collection<HeldRequest>, in database: PostgresPool) async throws -> [Int] {
        let rows = try await database.query(
            missedStatement,
            [
                .byteArrays(held.map(\.session.bytes)), .ints(held.map(\.room)), .ints(held.map(\.cursor)),
                .ints(held.map { $0.members ?? -1 }),
            ])
        return try rows.map { Int(try $0.int(0)) - 1 }
    }
}
