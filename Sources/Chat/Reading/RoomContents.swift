import PostgreSQL

/// What rooms have that is not known yet. Read before the look that says who may read it: so nobody is told of what came
/// after their standing was looked up.
struct RoomContents {
    /// A room, and what is known of it.
    struct Wanted {
        let room: Int64
        /// The number up to which that is all; 0 when nothing is known.
        var number: Int64 = 0
        /// The number of its last change; nil when nothing is known.
        var change: Int64?
    }

    /// By room, those that were asked for; nil: there is no such room.
    var rooms: [Int64: RoomReplica.Found?] = [:]
    /// Another one than before tells that what is known may be wrong.
    var epoch: Int64 = 0

    /// A row for each room, or as many as there are messages for it.
    private static let statement = PostgresStatement(
        """
        SELECT look.n, (SELECT number FROM epoch) AS epoch, room.type, room.name, room.member_count,
            room.change AS room_change, people.people, message.*
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS look (room_id, known, change, n)
        LEFT JOIN LATERAL (
            SELECT id, type, name, member_count, change FROM rooms WHERE id = look.room_id LIMIT 1
        ) AS room ON true
        \(RoomPerson.join(room: "room", if: "room.change <> look.change"))
        LEFT JOIN LATERAL (
            (SELECT 0::bigint AS branch, \(Message.columns) FROM messages \(Message.joins)
            WHERE messages.room_id = room.id AND messages.id > look.known
            ORDER BY messages.id DESC LIMIT \(RoomReplica.length + 1))
            UNION ALL
            (SELECT 1::bigint, \(Message.columns) FROM messages \(Message.joins)
            WHERE messages.room_id = room.id AND messages.change > look.known
            ORDER BY messages.change DESC LIMIT \(RoomReplica.length + 1))
        ) AS message ON true
        """)

    static func read(_ wanted: [Wanted], in database: PostgresPool) async throws -> RoomContents {
        let rows = try await database.query(
            statement,
            [.ints(wanted.map(\.room)), .ints(wanted.map(\.number)), .ints(wanted.map { $0.change ?? -1 })])
        var contents = RoomContents()
        contents.epoch = try rows.first?.int(rows.column("epoch")) ?? 0
        var gathered: Gathered?
        let column = try rows.column("branch")
        for row in rows {
            var columns = PostgresColumns(row)
            let index = Int(try columns.int("n")) - 1
            guard wanted.indices.contains(index) else { throw InternalError("a room that was not asked for") }
            if gathered?.wanted.room != wanted[index].room {
                try contents.add(gathered)
                _ = try columns.int("epoch")
                gathered = try Gathered(wanted[index], &columns)
            }
            var part = PostgresColumns(row, from: column)
            try gathered?.add(&part)
        }
        try contents.add(gathered)
        return contents
    }

    private mutating func add(_ gathered: Gathered?) throws {
        guard let gathered else { return }
        guard rooms.updateValue(gathered.found, forKey: gathered.wanted.room) == nil else {
            throw InternalError("the rows of a room were expected to come together")
        }
    }

    /// What is gathered of one room, row by row.
    private struct Gathered {
        let wanted: Wanted
        private let room: Room?
        private var change: Int64 = 0
        private var people: [RoomPerson]?
        private var newer: [Message] = []
        private var changed: [Message] = []

        init(_ wanted: Wanted, _ columns: inout PostgresColumns) throws {
            self.wanted = wanted
            room = try Room(id: wanted.room, &columns)
            guard room != nil else { return }
            change = try columns.int("room_change")
            let text = try columns.optionalText("people")
            people = change == wanted.change ? nil : RoomPerson.list(text)
        }

        mutating func add(_ columns: inout PostgresColumns) throws {
            // A room without such messages is one row without a message.
            guard let branch = try columns.optionalInt("branch"), let message = try Message(&columns) else { return }
            if branch == 0 { newer.append(message) } else { changed.append(message) }
        }

        var found: RoomReplica.Found? {
            room.map {
                RoomReplica.Found(room: $0, change: change, firstPeople: people, newer: newer, changed: changed)
            }
        }
    }
}
