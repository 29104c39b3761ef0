import PostgreSQL

/// Some of a room's messages with the room itself, read for one of its members by one statement that is the
/// authorization, too: without the membership it finds no message.
struct RoomHistory: Sendable {
    /// Which messages, and how many at most.
    enum Range: Sendable {
        /// Those with a greater id, the oldest of them.
        case after(Int64, limit: Int64)
        /// Those with a smaller id, the newest of them.
        case before(Int64, limit: Int64)

        /// The newest of all.
        static func newest(limit: Int64) -> Range { .before(.max, limit: limit) }
    }

    let viewer: Viewer
    let room: Room
    /// The other people, when the room has no name of its own and is not for many.
    let people: String?
    /// In the order of their ids.
    let messages: [Message]
    /// There are more in the direction that was asked for.
    let hasMore: Bool

    var label: String { room.name ?? people ?? "Room \(room.id)" }

    private static func statement(_ condition: String, _ order: String) -> PostgresStatement {
        PostgresStatement(
            """
            SELECT viewer.id, viewer.username, rooms.type, rooms.name, rooms.member_count, member.user_id IS NOT NULL,
                people.names, message.*
            FROM sessions
            JOIN users AS viewer ON viewer.id = sessions.user_id
            LEFT JOIN rooms ON rooms.id = $2
            \(Membership.join(room: "rooms.id", person: "viewer.id"))
            \(RoomSummary.peopleJoin) AND $5 AND member.user_id IS NOT NULL
            LEFT JOIN LATERAL (
                SELECT \(Message.columns)
                FROM messages \(Message.senderJoin)
                WHERE messages.room_id = member.room_id AND messages.id \(condition) $3
                ORDER BY messages.id \(order) LIMIT $4
            ) AS message ON true
            WHERE token_hash = sha256($1) AND expires_at > now()
            ORDER BY message.id \(order)
            """)
    }

    private static let afterStatement = statement(">", "ASC")
    private static let beforeStatement = statement("<", "DESC")

    /// - Parameter withPeople: whether the other people's names are wanted.
    /// - Throws: `HTTPError` 401; 404 when there is no such room; 403
    ///   when the session's person is no member.
    static func read(
        _ range: Range, of room: Int64, withPeople: Bool = false, for session: SessionToken,
        in database: PostgresPool
    ) async throws -> RoomHistory {
        let (statement, id, limit) =
            switch range {
            case .after(let id, let limit): (afterStatement, id, limit)
            case .before(let id, let limit): (beforeStatement, id, limit)
            }
        // One more than asked for tells whether there are more.
        let rows = try await database.query(
            statement, [.bytes(session.bytes), .int(room), .int(id), .int(limit + 1), .bool(withPeople)])
        guard let first = rows.first else { throw HTTPError.notLoggedIn }
        let viewer = Viewer(id: try first.int(0), name: try first.text(1))
        guard let kind = try first.optionalText(2) else { throw HTTPError.noSuchRoom }
        guard try first.bool(5) else { throw HTTPError.notAMember }
        var messages: [Message] = []
        // A room without such messages is one row without a message.
        if try first.optionalInt(7) != nil {
            messages.reserveCapacity(rows.count)
            for row in rows.prefix(Int(limit)) { messages.append(try Message(row, from: 7)) }
        }
        if case .before = range { messages.reverse() }
        return RoomHistory(
            viewer: viewer,
            room: try Room(id: room, kind: kind, name: first.optionalText(3), memberCount: first.int(4)),
            people: try first.optionalText(6), messages: messages, hasMore: rows.count > limit)
    }
}
