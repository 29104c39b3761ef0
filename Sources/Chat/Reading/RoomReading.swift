/// What one of a room's members reads there.
package struct RoomReading: Sendable {
    package let viewer: Viewer
    package let batch: MessageBatch
    /// The first of its people, in the order in which they joined, the viewer perhaps among them; nobody where the room
    /// has a name of its own or is for many.
    let firstPeople: [RoomPerson]

    package var room: Room { batch.room }

    /// Some of the other people's names, with commas between them; nil where they would not tell the room.
    package var people: String? {
        let others = firstPeople.filter { $0.id != viewer.id }
        guard !others.isEmpty else { return nil }
        return others.prefix(RoomPerson.named).map(\.name).joined(separator: ", ")
    }
}

/// One of a room's people.
struct RoomPerson: Sendable, Equatable {
    let id: Int64
    let name: String

    /// How many others a room is called after: 3.
    static let named = 3

    /// A query for the first to have joined what `room` names, a row of `rooms`, of those for whom `condition` holds; none
    /// where they do not tell the room. As many rows are read as are given, because `room_members_room_id_joined_at` has
    /// them in that order.
    static func query(room: String, if condition: String, limit: Int) -> String {
        """
        SELECT users.id, username, joined_at FROM room_members AS other JOIN users ON users.id = other.user_id
        WHERE other.room_id = \(room).id AND \(room).name IS NULL
            AND \(room).member_count <= \(ChatLimits.maxNamedMembers) AND \(condition)
        ORDER BY other.joined_at, other.user_id LIMIT \(limit)
        """
    }

    /// In a FROM clause after what `room` names: one more of those than a room is called after, because one of them may be
    /// the reader. As `people.people`; null where there are none.
    static func join(room: String, if condition: String) -> String {
        """
        LEFT JOIN LATERAL (
            SELECT string_agg(id || ' ' || username, E'\\n' ORDER BY joined_at, id) AS people
            FROM (\(query(room: room, if: condition, limit: named + 1))) AS first
        ) AS people ON true
        """
    }

    /// Reads `people`. Names have no white space in them, which a constraint holds.
    static func list(_ text: String?) -> [RoomPerson] {
        guard let text else { return [] }
        return text.split(separator: "\n").compactMap { line in
            guard let space = line.firstIndex(of: " "), let id = Int64(line[..<space]) else { return nil }
            return RoomPerson(id: id, name: String(line[line.index(after: space)...]))
        }
    }
}
