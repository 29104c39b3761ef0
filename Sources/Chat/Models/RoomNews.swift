import PostgreSQL

/// What a room has for those whose requests are held: asked once for all of them.
enum RoomNews {
    private static let messagesStatement = PostgresStatement(
        """
        SELECT rooms.type, rooms.name, rooms.member_count, message.*
        FROM rooms LEFT JOIN LATERAL (
            SELECT \(Message.columns)
            FROM messages LEFT JOIN users AS sender ON sender.id = messages.sender_id
            WHERE messages.room_id = rooms.id AND messages.id > $2
            ORDER BY messages.id LIMIT $3
        ) AS message ON true
        WHERE rooms.id = $1
        ORDER BY message.id
        """)

    private static let standingStatement = PostgresStatement(
        """
        SELECT token, sessions.user_id IS NOT NULL, member.user_id IS NOT NULL
        FROM unnest($2::bytea[]) AS given (token)
        LEFT JOIN sessions ON token_hash = sha256(token) AND expires_at > now()
        LEFT JOIN room_members AS member ON member.room_id = $1 AND member.user_id = sessions.user_id
        """)

    /// Where a session stands with a room.
    enum Standing { case member, notAMember, notLoggedIn }

    /// The oldest messages after `cursor`, then who of `sessions` may read them.
    ///
    /// In this order: whoever is found a member has been one after the last of these messages was stored.
    static func read(
        room id: Int64, after cursor: Int64, limit: Int64, for sessions: Set<[UInt8]>, in database: PostgresPool
    ) async throws -> (batch: MessageBatch, standings: [[UInt8]: Standing]) {
        let rows = try await database.query(messagesStatement, [.int(id), .int(cursor), .int(limit + 1)])
        guard let first = rows.first else { throw HTTPError.noSuchRoom }
        let room = try Room(id: id, kind: first.text(0), name: first.optionalText(1), memberCount: first.int(2))
        var messages: [Message] = []
        if try first.optionalInt(3) != nil {
            for row in rows.prefix(Int(limit)) { messages.append(try Message(row, from: 3)) }
        }
        let batch = MessageBatch(room: room, messages: messages, hasMore: rows.count > limit)

        var standings: [[UInt8]: Standing] = [:]
        for row in try await database.query(standingStatement, [.int(id), .byteArrays(Array(sessions))]) {
            let isMember = try row.bool(2)
            standings[try row.bytes(0)] = try isMember ? .member : row.bool(1) ? .notAMember : .notLoggedIn
        }
        return (batch, standings)
    }
}
