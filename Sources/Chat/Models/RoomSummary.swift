import PostgreSQL

/// One of a person's rooms, as the list of rooms shows it.
struct RoomSummary: Sendable {
    struct LastMessage: Sendable {
        let sender: String?
        let isOwn: Bool
        /// The beginning of it.
        let content: String
        /// Microseconds since 1970-01-01T00:00:00Z.
        let createdAt: Int64
    }

    let room: Room
    /// Some of the other people's names, in the order in which they joined, with commas between them; nil when the room
    /// has a name of its own, or so many people that a few names would not tell it.
    let people: String?
    let lastMessage: LastMessage?

    /// What to call it: its name, or the people in it, or its number.
    var label: String { room.name ?? people ?? "Room \(room.id)" }

    private static let statement = PostgresStatement(
        """
        SELECT viewer.id, viewer.username, rooms.id, rooms.type, rooms.name, rooms.member_count,
            people.names, last.id IS NOT NULL, last.sender, coalesce(last.sender_id = viewer.id, false), last.content, last.created_at
        FROM sessions
        JOIN users AS viewer ON viewer.id = sessions.user_id
        LEFT JOIN room_members ON room_members.user_id = viewer.id
        LEFT JOIN rooms ON rooms.id = room_members.room_id
        LEFT JOIN LATERAL (
            SELECT string_agg(username, ', ') AS names FROM (
                SELECT username FROM room_members AS other JOIN users ON users.id = other.user_id
                WHERE other.room_id = rooms.id AND other.user_id <> viewer.id AND rooms.name IS NULL
                    AND rooms.member_count <= \(ChatLimits.maxNamedMembers)
                ORDER BY other.joined_at, other.user_id LIMIT 3
            ) AS other
        ) AS people ON true
        LEFT JOIN LATERAL (
            SELECT messages.id, sender.username AS sender, sender.id AS sender_id, left(content, 100) AS content,
                messages.created_at
            FROM messages \(Message.senderJoin)
            WHERE messages.room_id = rooms.id ORDER BY messages.id DESC LIMIT 1
        ) AS last ON true
        WHERE token_hash = sha256($1) AND expires_at > now()
        ORDER BY coalesce(last.created_at, room_members.joined_at) DESC, rooms.id DESC
        """)

    /// The rooms of the session's person, the one with the newest news first.
    /// - Throws: `HTTPError` 401.
    static func all(
        for session: SessionToken, in database: PostgresPool
    ) async throws -> (viewer: Viewer, rooms: [RoomSummary]) {
        let rows = try await database.query(statement, [.bytes(session.bytes)])
        guard let first = rows.first else { throw HTTPError.notLoggedIn }
        let viewer = Viewer(id: try first.int(0), name: try first.text(1))
        // A person without rooms is one row without a room.
        let hasRooms = try first.optionalInt(2) != nil
        return (viewer, hasRooms ? try rows.map(RoomSummary.init) : [])
    }

    private init(_ row: PostgresRow) throws {
        room = try Room(
            id: row.int(2), kind: row.text(3), name: row.optionalText(4), memberCount: row.int(5))
        people = try row.optionalText(6)
        lastMessage =
            try row.bool(7)
            ? LastMessage(
                sender: row.optionalText(8), isOwn: row.bool(9), content: row.text(10),
                createdAt: row.timestamp(11)) : nil
    }
}
