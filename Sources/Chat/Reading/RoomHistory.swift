package import PostgreSQL

/// Reads messages of a room that are not kept, for one of its members, by one statement that is the authorization, too:
/// without the membership it finds no message.
package enum RoomHistory {
    /// Which messages, and how many at most.
    package enum Range: Sendable {
        /// What has a greater number, in the order of the numbers.
        case after(Int64, limit: Int64)
        /// Those with a greater id, whatever has changed, the oldest of them.
        case following(Int64, limit: Int64)
        /// Those with a smaller id, the newest of them.
        case before(Int64, limit: Int64)
        /// The newest of all.
        case newest(limit: Int64)
        /// The one with that id, if there is one.
        case one(Int64)
    }

    private static func statement(_ messages: String, order: String) -> PostgresStatement {
        PostgresStatement(
            """
            SELECT \(Viewer.columns), rooms.type, rooms.name, rooms.member_count,
                member.user_id IS NOT NULL AS is_member, people.people, last.number AS last_number, message.*
            FROM (\(Viewer.query(token: "$1"))) AS viewer
            LEFT JOIN rooms ON rooms.id = $2
            \(Membership.join(room: "rooms.id", person: "viewer.id"))
            \(RoomPerson.join(room: "rooms", if: "member.user_id IS NOT NULL"))
            LEFT JOIN LATERAL (
                SELECT greatest(rooms.change, \(Message.greatestNumber(room: "rooms.id"))) AS number LIMIT 1
            ) AS last ON member.user_id IS NOT NULL
            LEFT JOIN LATERAL (\(messages)) AS message ON true
            ORDER BY \(order)
            """)
    }

    /// Messages with a smaller id.
    private static let beforeStatement = statement(
        """
        SELECT \(Message.columns) FROM messages \(Message.joins)
        WHERE messages.room_id = member.room_id AND messages.id < $3
        ORDER BY messages.id DESC LIMIT $4
        """, order: "message.id DESC")

    /// Messages with a greater id.
    private static let followingStatement = statement(
        """
        SELECT \(Message.columns) FROM messages \(Message.joins)
        WHERE messages.room_id = member.room_id AND messages.id > $3
        ORDER BY messages.id LIMIT $4
        """, order: "message.id")

    private static let oneStatement = statement(
        """
        SELECT \(Message.columns) FROM messages \(Message.joins)
        WHERE messages.room_id = member.room_id AND messages.id = $3 LIMIT $4
        """, order: "message.id")

    /// A message that was changed stands at that number alone.
    private static let afterStatement = statement(
        """
        SELECT * FROM (
            (SELECT \(Message.columns) FROM messages \(Message.joins)
            WHERE messages.room_id = member.room_id AND messages.id > $3 AND messages.change IS NULL
            ORDER BY messages.id LIMIT $4)
            UNION ALL
            (SELECT \(Message.columns) FROM messages \(Message.joins)
            WHERE messages.room_id = member.room_id AND messages.change > $3
            ORDER BY messages.change LIMIT $4)
        ) AS newer
        ORDER BY coalesce(change, id) LIMIT $4
        """, order: "coalesce(message.change, message.id)")

    /// - Throws: `Refusal`: not logged in, no such room, not a member.
    package static func read(
        _ range: Range, of room: Int64, for session: SessionToken, in database: PostgresPool
    ) async throws -> RoomReading {
        let (statement, number, limit) =
            switch range {
            case .after(let number, let limit): (afterStatement, number, limit)
            case .following(let id, let limit): (followingStatement, id, limit)
            case .before(let id, let limit): (beforeStatement, id, limit)
            case .newest(let limit): (beforeStatement, .max, limit)
            case .one(let id): (oneStatement, id, 1)
            }
        // One more than asked for tells whether there are more.
        let rows = try await database.query(
            statement, [.bytes(session.bytes), .int(room), .int(number), .int(limit + 1)])
        guard let first = rows.first else { throw Refusal.notLoggedIn }
        var heading = PostgresColumns(first)
        let viewer = try Viewer(&heading)
        guard let room = try Room(id: room, &heading) else { throw Refusal.noSuchRoom }
        guard try heading.bool("is_member") else { throw Refusal.notAMember }
        let people = RoomPerson.list(try heading.optionalText("people"))
        var cursor = try heading.int("last_number")
        var messages: [Message] = []
        messages.reserveCapacity(rows.count)
        // A room without such messages is one row without a message.
        let column = try rows.column("id")
        for row in rows.prefix(Int(limit)) {
            var columns = PostgresColumns(row, from: column)
            if let message = try Message(&columns) { messages.append(message) }
        }
        let hasMore = rows.count > limit
        switch range {
        case .after: if hasMore, let last = messages.last { cursor = last.number }
        case .following, .one: break
        case .before, .newest: messages.reverse()
        }
        let batch = MessageBatch(room: room, messages: messages, hasMore: hasMore, cursor: cursor)
        return RoomReading(viewer: viewer, batch: batch, firstPeople: people)
    }
}
