import PostgreSQL

/// One of a person's rooms, as the list of rooms shows it.
package struct RoomSummary: Sendable {
    package struct LastMessage: Sendable {
        package let sender: String?
        package let isOwn: Bool
        /// The beginning of it; nil when it is deleted.
        package let content: String?
        /// Microseconds since 1970-01-01T00:00:00Z.
        package let createdAt: Int64
        /// As `createdAt`; nil when it was never edited.
        package let editedAt: Int64?
        /// What it answers; nil when it is no reply.
        package let quote: Quote?
    }

    package let room: Room
    /// Some of the other people's names, in the order in which they joined, with commas between them; nil when the room
    /// has a name of its own, or so many people that a few names would not tell it.
    package let people: String?
    package let lastMessage: LastMessage?

    /// The columns that `init(_:)` reads, of `rooms` and of what the joins after them find.
    static let columns = """
        rooms.id, rooms.type, rooms.name, rooms.member_count, people.names, last.id IS NOT NULL AS has_last, last.sender,
        last.is_own, last.content, last.created_at, last.edited_at, last.quoted_id, last.quoted_sender,
        last.quoted_content
        """

    /// The names of the first to have joined `rooms`, other than `viewer`.
    static let peopleJoin = """
        LEFT JOIN LATERAL (
            SELECT string_agg(username, ', ' ORDER BY joined_at, id) AS names
            FROM (\(RoomPerson.query(room: "rooms", if: "other.user_id <> viewer.id", limit: RoomPerson.named))) AS first
        ) AS people ON true
        """

    /// The message of `rooms` whose id is `id`; `LIMIT` as in `Membership.join`.
    static func lastJoin(id: String) -> String {
        """
        LEFT JOIN LATERAL (
            SELECT messages.id, sender.username AS sender, coalesce(sender.id = viewer.id, false) AS is_own,
                CASE WHEN messages.deleted_at IS NULL THEN left(messages.content, 100) END AS content,
                messages.created_at, messages.edited_at, \(Quote.columns)
            FROM messages \(Message.joins)
            WHERE messages.room_id = rooms.id AND messages.id = \(id) LIMIT 1
        ) AS last ON true
        """
    }

    /// Decodes `columns`; nil where a join has found no room, and then nothing is read after it.
    init?(_ row: inout PostgresColumns) throws {
        guard let id = try row.optionalInt("id"), let room = try Room(id: id, &row) else { return nil }
        self.room = room
        people = try row.optionalText("names")
        guard try row.bool("has_last") else {
            lastMessage = nil
            return
        }
        lastMessage = LastMessage(
            sender: try row.optionalText("sender"), isOwn: try row.bool("is_own"),
            content: try row.optionalText("content"), createdAt: try row.timestamp("created_at"),
            editedAt: try row.optionalTimestamp("edited_at"), quote: try Quote(&row))
    }
}
