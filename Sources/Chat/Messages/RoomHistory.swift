package import PostgreSQL

/// Some of a room's messages with the room itself, read for one of its members by one statement that is the
/// authorization, too: without the membership it finds no message.
package struct RoomHistory: Sendable {
    /// Which messages, and how many at most.
    package enum Range: Sendable {
        /// Those with a greater id, the oldest of them.
        case after(Int64, limit: Int64)
        /// Those with a smaller id, the newest of them.
        case before(Int64, limit: Int64)

        /// The newest of all.
        package static func newest(limit: Int64) -> Range { .before(.max, limit: limit) }
    }

    package let viewer: Viewer
    package let room: Room
    /// The other people, when the room has no name of its own and is not for many.
    package let people: String?
    /// In the order of their ids.
    package let messages: [Message]
    /// There are more in the direction that was asked for.
    package let hasMore: Bool

    private static func statement(_ condition: String, _ order: String) -> PostgresStatement {
        PostgresStatement(
            """
            SELECT viewer.id AS viewer_id, viewer.username AS viewer, rooms.type, rooms.name, rooms.member_count,
                member.user_id IS NOT NULL AS is_member, people.names, message.*
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
    /// - Throws: `Refusal`: not logged in, no such room, not a member.
    package static func read(
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
        guard let first = rows.first else { throw Refusal.notLoggedIn }
        var heading = PostgresColumns(first)
        let viewer = try Viewer(&heading)
        guard let room = try Room(id: room, &heading) else { throw Refusal.noSuchRoom }
        guard try heading.bool("is_member") else { throw Refusal.notAMember }
        let people = try heading.optionalText("names")
        var messages: [Message] = []
        messages.reserveCapacity(rows.count)
        // A room without such messages is one row without a message.
        let column = try rows.column("id")
        for row in rows.prefix(Int(limit)) {
            var columns = PostgresColumns(row, from: column)
            if let message = try Message(&columns) { messages.append(message) }
        }
        if case .before = range { messages.reverse() }
        return RoomHistory(
            viewer: viewer, room: room, people: people, messages: messages, hasMore: rows.count > limit)
    }
}
