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

    /// The columns that `init(_:from:)` reads, of `rooms` and of what the joins after them find.
    static let columns = """
        rooms.id, rooms.type, rooms.name, rooms.member_count, people.names, last.id IS NOT NULL, last.sender, last.is_own,
        last.content, last.created_at
        """

    /// The names of the first to have joined `rooms`, other than `viewer`: as many rows are read as there are names,
    /// because `room_members_room_id_joined_at` has them in that order.
    static let peopleJoin = """
        LEFT JOIN LATERAL (
            SELECT string_agg(username, ', ') AS names FROM (
                SELECT username FROM room_members AS other JOIN users ON users.id = other.user_id
                WHERE other.room_id = rooms.id AND other.user_id <> viewer.id AND rooms.name IS NULL
                    AND rooms.member_count <= \(ChatLimits.maxNamedMembers)
                ORDER BY other.joined_at, other.user_id LIMIT 3
            ) AS other
        ) AS people ON true
        """

    /// The message of `rooms` whose id is `id`; `LIMIT` as in `Membership.join`.
    static func lastJoin(id: String) -> String {
        """
        LEFT JOIN LATERAL (
            SELECT messages.id, sender.username AS sender, coalesce(sender.id = viewer.id, false) AS is_own,
                left(messages.content, 100) AS content, messages.created_at
            FROM messages \(Message.senderJoin)
            WHERE messages.room_id = rooms.id AND messages.id = \(id) LIMIT 1
        ) AS last ON true
        """
    }

    /// Decodes `columns` from the row's column `first` on.
    init(_ row: PostgresRow, from first: Int) throws {
        room = try Room(
            id: row.int(first), kind: row.text(first + 1), name: row.optionalText(first + 2),
            memberCount: row.int(first + 3))
        people = try row.optionalText(first + 4)
        lastMessage =
            try row.bool(first + 5)
            ? LastMessage(
                sender: row.optionalText(first + 6), isOwn: row.bool(first + 7), content: row.text(first + 8),
                createdAt: row.timestamp(first + 9)) : nil
    }
}
