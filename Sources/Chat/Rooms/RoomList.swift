package import PostgreSQL

/// A part of a person's rooms, the one with the newest news first: the last message, or where there is none the joining.
///
/// What a room's place in the list is called by is a number: its last message's id, or the one that was drawn from the
/// same sequence when the person joined. So a list that is asked for part by part has each room once whatever the clocks
/// say. A room that has news meanwhile goes to the top, and is not in the older parts any more.
package struct RoomList: Sendable {
    package let viewer: Viewer
    package let rooms: [RoomSummary]
    /// Where the older part begins; nil when there is none.
    package let next: Place?

    /// A place in the list.
    package struct Place: Sendable, Equatable {
        /// The number that the room stands at.
        package let number: Int64
        /// Two rooms may stand at one number, 0: those without a message that were joined before numbers were drawn.
        package let room: Int64

        package init(number: Int64, room: Int64) {
            self.number = number
            self.room = room
        }

        /// Before everything.
        package static let top = Place(number: .max, room: .max)
    }

    /// Only the numbers are found for every room, and all else for those that are shown. `OFFSET 0` keeps the planner
    /// from finding a number again wherever it is named.
    private static let statement = PostgresStatement(
        """
        SELECT \(Viewer.columns), shown.number, \(RoomSummary.columns)
        FROM (\(Viewer.query(token: "$1"))) AS viewer
        LEFT JOIN LATERAL (
            SELECT room_id, message_id, number FROM (
                SELECT mine.room_id, message_id, coalesce(message_id, (
                    SELECT joined_number FROM room_members AS own
                    WHERE own.room_id = mine.room_id AND own.user_id = viewer.id), 0) AS number
                FROM room_members AS mine LEFT JOIN latest_messages ON latest_messages.room_id = mine.room_id
                WHERE mine.user_id = viewer.id OFFSET 0
            ) AS numbered
            WHERE (number, room_id) < ($2, $3)
            ORDER BY number DESC, room_id DESC LIMIT $4
        ) AS shown ON true
        LEFT JOIN rooms ON rooms.id = shown.room_id
        \(RoomSummary.peopleJoin)
        \(RoomSummary.lastJoin(id: "shown.message_id"))
        ORDER BY shown.number DESC, shown.room_id DESC
        """)

    /// The rooms of the session's person that come after `place`, at most `limit`.
    /// - Throws: `Refusal`: not logged in.
    package static func read(
        after place: Place = .top, limit: Int64 = ChatLimits.defaultPageSize, for session: SessionToken,
        in database: PostgresPool
    ) async throws -> RoomList {
        // One more than asked for tells whether there are more.
        let rows = try await database.query(
            statement, [.bytes(session.bytes), .int(place.number), .int(place.room), .int(limit + 1)])
        guard let first = rows.first else { throw Refusal.notLoggedIn }
        var heading = PostgresColumns(first)
        let viewer = try Viewer(&heading)
        var rooms: [RoomSummary] = []
        var last = place
        let column = try rows.column("number")
        for row in rows.prefix(Int(limit)) {
            var columns = PostgresColumns(row, from: column)
            // A person without such rooms is one row without a room.
            guard let number = try columns.optionalInt("number"), let summary = try RoomSummary(&columns) else { break }
            rooms.append(summary)
            last = Place(number: number, room: summary.room.id)
        }
        return RoomList(viewer: viewer, rooms: rooms, next: rows.count > limit ? last : nil)
    }
}
