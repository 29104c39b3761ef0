import PostgreSQL

/// One look at the database for many requests, of whatever rooms: who asks, whether they may read, and whether the room has
/// anything new.
///
/// It is one statement, so that all of it is of one moment, which comes after all of the requests. And it is the
/// authorization: what a room has is told to those alone whom it finds to be members.
struct RoomLook {
    /// What is asked for one request.
    struct Line {
        let session: SessionToken
        /// 0 for none.
        let room: Int64
        /// Whether the room itself is asked for, too; in one of its lines.
        let isFirst: Bool
    }

    /// How a session stands with a room.
    enum Standing {
        case notLoggedIn
        case notAMember(Viewer)
        case member(Viewer)
    }

    /// What a room is like, without its messages.
    struct Head: Equatable {
        /// The greatest number that anything in it has.
        let number: Int64
        /// The number of the room's own last change.
        let change: Int64
    }

    struct Result {
        /// In the order of the requests.
        var standings: [Standing] = []
        /// By room, those that there are.
        var heads: [Int64: Head] = [:]
        var epoch: Int64 = 0
    }

    /// Rooms whose contents are to be read before, with what is known of each.
    var contents: [RoomContents.Wanted] = []
    var lines: [Line] = []

    /// A row for each line. Each look-up is a subquery that can only be made row by row, so by the index; the room's are
    /// made in one line of each room.
    private static let statement = PostgresStatement(
        """
        SELECT look.n, \(Viewer.columns), member.user_id IS NOT NULL AS is_member,
            CASE WHEN first_room_id > 0 THEN (SELECT change FROM rooms WHERE id = first_room_id) END AS change,
            CASE WHEN first_room_id > 0 THEN \(Message.greatestNumber(room: "first_room_id")) END AS number,
            (SELECT number FROM epoch) AS epoch
        FROM unnest($1::bytea[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS look (token, room_id, first_room_id, n)
        LEFT JOIN LATERAL (\(Viewer.query(token: "look.token")) LIMIT 1) AS viewer ON true
        \(Membership.join(room: "look.room_id", person: "viewer.id"))
        """)

    func read(in database: PostgresPool) async throws -> Result {
        let rows = try await database.query(
            Self.statement,
            [
                .byteArrays(lines.map(\.session.bytes)), .ints(lines.map(\.room)),
                .ints(lines.map { $0.isFirst ? $0.room : 0 }),
            ])
        guard rows.count == lines.count else { throw InternalError("a row for each line was expected") }
        var result = Result()
        result.standings = Array(repeating: .notLoggedIn, count: lines.count)
        for row in rows {
            var columns = PostgresColumns(row)
            let index = Int(try columns.int("n")) - 1
            guard lines.indices.contains(index) else { throw InternalError("a line that was not asked for") }
            result.standings[index] = try Standing(&columns)
            guard lines[index].isFirst else { continue }
            let change = try columns.optionalInt("change")
            let number = try columns.optionalInt("number")
            if let change { result.heads[lines[index].room] = Head(number: max(number ?? 0, change), change: change) }
        }
        result.epoch = try rows.first?.int(rows.column("epoch")) ?? 0
        return result
    }
}

extension RoomLook.Standing {
    /// The columns `viewer_id`, `viewer` and `is_member`.
    fileprivate init(_ row: inout PostgresColumns) throws {
        let id = try row.optionalInt("viewer_id")
        let name = try row.optionalText("viewer")
        let isMember = try row.bool("is_member")
        guard let id, let name else {
            self = .notLoggedIn
            return
        }
        let viewer = Viewer(id: id, name: name)
        self = isMember ? .member(viewer) : .notAMember(viewer)
    }
}
