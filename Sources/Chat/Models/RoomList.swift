import PostgreSQL

/// A part of a person's rooms, the one with the newest news first: the last message, or where there is none the joining.
///
/// What a room's place in the list is called by is a number: its last message's id, or the one that was drawn from the
/// same sequence when the person joined. So a list that is asked for part by part has each room once whatever the clocks
/// say. A room that has news meanwhile goes to the top, and is not in the older parts any more.
struct RoomList: Sendable {
    let viewer: Viewer
    let rooms: [RoomSummary]
    /// Where the older part begins; nil when there is none.
    let next: Place?

    /// A place in the list.
    struct Place: Sendable, Equatable {
        /// The number that the room stands at.
        let number: Int64
        /// Two rooms may stand at one number, 0: those without a message that were joined before numbers were drawn.
        let room: Int64

        /// Before everything.
        static let top = Place(number: .max, room: .max)

        /// As a target has it: the two numbers with a hyphen between them.
        var text: String { "\(number)-\(room)" }
    }

    /// Only the numbers are found for every room, and all else for those that are shown. `OFFSET 0` keeps the planner
    /// from finding a number again wherever it is named.
    private static let statement = PostgresStatement(
        """
        SELECT viewer.id, viewer.username, shown.number, \(RoomSummary.columns)
        FROM sessions
        JOIN users AS viewer ON viewer.id = sessions.user_id
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
        WHERE token_hash = sha256($1) AND expires_at > now()
        ORDER BY shown.number DESC, shown.room_id DESC
        """)

    /// The rooms of the session's person that come after `place`, at most `limit`.
    /// - Throws: `HTTPError` 401.
    static func read(
        after place: Place = .top, limit: Int64 = ChatLimits.defaultPageSize, for session: SessionToken,
        in database: PostgresPool
    ) async throws -> RoomList {
        // One more than asked for tells whether there are more.
        let rows = try await database.query(
            statement, [.bytes(session.bytes), .int(place.number), .int(place.room), .int(limit + 1)])
        guard let first = rows.first else { throw HTTPError.notLoggedIn }
        let viewer = Viewer(id: try first.int(0), name: try first.text(1))
        // A person without such rooms is one row without a room.
        guard try first.optionalInt(2) != nil else { return RoomList(viewer: viewer, rooms: [], next: nil) }
        var rooms: [RoomSummary] = []
        var last = place
        for row in rows.prefix(Int(limit)) {
            let summary = try RoomSummary(row, from: 3)
            rooms.append(summary)
            last = Place(number: try row.int(2), room: summary.room.id)
        }
        return RoomList(viewer: viewer, rooms: rooms, next: rows.count > limit ? last : nil)
    }
}

extension RoomList.Place {
    /// Reads `text`; nil for anything that is no place.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = PositiveInteger.parseOrZero(String(parts[0])),
            let room = PositiveInteger.parse(String(parts[1]))
        else { return nil }
        self.init(number: number, room: room)
    }
}
