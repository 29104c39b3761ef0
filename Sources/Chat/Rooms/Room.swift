package import PostgreSQL

/// A room, as one of its members sees it.
package struct Room: Equatable, Sendable {
    package enum Kind: String, Sendable {
        case dm, group
    }

    package let id: Int64
    package let kind: Kind
    package let name: String?
    package let memberCount: Int64

    /// Nobody else can come in, so its number is for nobody to be told.
    package var isFull: Bool { kind == .dm && memberCount >= 2 }

    /// - Parameter kind: as it is stored. One that is none, which others have put in against the rule, is taken for a group:
    ///   what a dm has besides does not hold for it.
    init(id: Int64, kind: String, name: String?, memberCount: Int64) {
        self.id = id
        self.kind = Kind(rawValue: kind) ?? .group
        self.name = name
        self.memberCount = memberCount
    }

    /// The columns `type`, `name` and `member_count`; nil where a join has found no room, and then nothing is read after it.
    init?(id: Int64, _ row: inout PostgresColumns) throws {
        guard let kind = try row.optionalText("type") else { return nil }
        self.init(
            id: id, kind: kind, name: try row.optionalText("name"), memberCount: try row.int("member_count"))
    }

    /// The session's person, whose row is taken so that the account cannot be deleted meanwhile. When it is being
    /// deleted that is waited for, and then there is nobody. Taken before any room, as where an account is deleted.
    private static let viewer = """
        viewer AS MATERIALIZED (
            \(Viewer.query("users.id AS user_id", token: "$1"))
            FOR KEY SHARE OF users
        )
        """

    // MARK: Making

    /// Makes the room only if the second person is to be found, so that a misspelt name leaves no empty room behind, and
    /// if the two have no dm with each other yet. Two who ask for one at the same moment may get two: no harm, and no
    /// reason to have everybody take turns.
    private static let createStatement = PostgresStatement(
        """
        WITH \(viewer), other AS MATERIALIZED (
            SELECT id AS user_id FROM users WHERE name_key = $4 FOR KEY SHARE
        ), people AS (
            SELECT user_id FROM viewer UNION SELECT user_id FROM other
        ), shared AS MATERIALIZED (
            SELECT rooms.id, rooms.name, rooms.member_count FROM viewer CROSS JOIN other
            JOIN room_members AS own ON own.user_id = viewer.user_id
            JOIN room_members AS theirs ON theirs.user_id = other.user_id AND theirs.room_id = own.room_id
            JOIN rooms ON rooms.id = own.room_id
            WHERE $2 = 'dm' AND rooms.type = 'dm' AND viewer.user_id <> other.user_id
            ORDER BY rooms.id LIMIT 1
        ), room AS (
            INSERT INTO rooms (type, name) SELECT $2, $3 FROM viewer
            WHERE ($4 IS NULL OR (SELECT count(*) FROM people) = 2) AND NOT EXISTS (SELECT FROM shared)
            RETURNING id
        ), members AS (
            INSERT INTO room_members (room_id, user_id) SELECT room.id, people.user_id FROM room, people
            RETURNING user_id
        )
        SELECT (SELECT id FROM room) AS id, (SELECT user_id FROM other) IS NOT NULL AS is_other,
            (SELECT count(*) FROM members) AS count, \(NameKeys.areMissing) AS are_keys_missing,
            shared.id AS shared_id, 'dm' AS type, shared.name, shared.member_count
        FROM viewer LEFT JOIN shared ON true
        """, lane: .write)

    /// Makes a room with the session's person in it, and with the one named `other` if there is one. A dm that the two
    /// have already is that one, as it is.
    /// - Throws: `Refusal`: not logged in, nobody is called `other`, that is the person itself.
    package static func create(
        _ kind: Kind, name: RoomName?, other: Username?, by session: SessionToken, mayRepeat: Bool = true,
        in database: PostgresPool
    ) async throws -> (room: Room, isNew: Bool) {
        let rows = try await database.change(
            createStatement,
            [
                .bytes(session.bytes), .text(kind.rawValue), name.map { .text($0.text) } ?? .null,
                other.map { .text($0.key) } ?? .null,
            ])
        guard let row = rows.first else { throw Refusal.notLoggedIn }
        var columns = PostgresColumns(row)
        let id = try columns.optionalInt("id")
        let isOther = try columns.bool("is_other")
        let memberCount = try columns.int("count")
        let areKeysMissing = try columns.bool("are_keys_missing")
        if let shared = try columns.optionalInt("shared_id"), let room = try Room(id: shared, &columns) {
            return (room, false)
        }
        guard let id else {
            guard isOther else {
                if areKeysMissing, mayRepeat {
                    // An earlier version has added names that this one would not see.
                    try await NameKeys.complete(in: database)
                    return try await create(
                        kind, name: name, other: other, by: session, mayRepeat: false, in: database)
                }
                throw Refusal.noSuchPerson(other?.text ?? "")
            }
            throw Refusal.dmWithOneself
        }
        return (Room(id: id, kind: kind.rawValue, name: name?.text, memberCount: memberCount), true)
    }

    // MARK: Naming

    /// The membership is looked at, and kept, when the room is ours: whoever has left before names nothing.
    private static let renameStatement = PostgresStatement(
        """
        WITH \(viewer), locked AS MATERIALIZED (
            SELECT rooms.id FROM viewer, rooms WHERE rooms.id = $2 FOR NO KEY UPDATE OF rooms
        ), member AS MATERIALIZED (
            SELECT room_id FROM room_members JOIN locked ON locked.id = room_id JOIN viewer USING (user_id)
            FOR KEY SHARE OF room_members
        ), renamed AS (
            UPDATE rooms SET name = $3 FROM member WHERE rooms.id = member.room_id AND name IS DISTINCT FROM $3
        )
        SELECT EXISTS (SELECT FROM locked) AS is_room, EXISTS (SELECT FROM member) AS is_member FROM viewer
        """, lane: .write)

    /// Gives the room another name, or none.
    /// - Throws: `Refusal`: not logged in, no such room, not a member.
    package static func rename(
        _ id: Int64, to name: RoomName?, by session: SessionToken, in database: PostgresPool
    ) async throws {
        let rows = try await database.change(
            renameStatement, [.bytes(session.bytes), .int(id), name.map { .text($0.text) } ?? .null])
        guard let row = rows.first else { throw Refusal.notLoggedIn }
        var columns = PostgresColumns(row)
        guard try columns.bool("is_room") else { throw Refusal.noSuchRoom }
        guard try columns.bool("is_member") else { throw Refusal.notAMember }
    }

    // MARK: Joining and leaving

    private static let joinStatement = PostgresStatement(
        """
        WITH \(viewer), locked AS MATERIALIZED (
            SELECT rooms.id, type, name, member_count, user_id FROM viewer, rooms
            WHERE rooms.id = $2 FOR NO KEY UPDATE OF rooms
        ), joined AS (
            INSERT INTO room_members (room_id, user_id) SELECT id, user_id FROM locked
            ON CONFLICT DO NOTHING
            RETURNING room_id
        )
        SELECT type, name, member_count + (SELECT count(*) FROM joined) AS member_count
        FROM viewer LEFT JOIN locked ON true
        """, lane: .write)

    /// Makes the session's person a member; nothing happens when that person is one.
    /// - Throws: `Refusal`: not logged in, no such room, the dm is full.
    package static func join(_ id: Int64, by session: SessionToken, in database: PostgresPool) async throws -> Room {
        let rows = try await database.change(joinStatement, [.bytes(session.bytes), .int(id)])
        guard let row = rows.first else { throw Refusal.notLoggedIn }
        var columns = PostgresColumns(row)
        guard let room = try Room(id: id, &columns) else { throw Refusal.noSuchRoom }
        return room
    }

    /// The room is taken before the membership, as where an account is deleted. A message of that person that is being
    /// stored has taken the membership: it is waited for, so that none comes after.
    private static let leaveStatement = PostgresStatement(
        """
        WITH \(viewer), locked AS MATERIALIZED (
            SELECT rooms.id FROM viewer, rooms WHERE rooms.id = $2 FOR NO KEY UPDATE OF rooms
        ), gone AS (
            DELETE FROM room_members USING viewer
            WHERE room_id = $2 AND room_members.user_id = viewer.user_id AND (SELECT count(*) FROM locked) >= 0
            RETURNING room_id
        )
        SELECT EXISTS (SELECT FROM rooms WHERE id = $2) AS is_room, EXISTS (SELECT FROM gone) AS was_member FROM viewer
        """, lane: .write)

    /// Ends the membership of the session's person; the room stays.
    /// - Throws: `Refusal`: not logged in, no such room, not a member.
    package static func leave(_ id: Int64, by session: SessionToken, in database: PostgresPool) async throws {
        let rows = try await database.change(leaveStatement, [.bytes(session.bytes), .int(id)])
        guard let row = rows.first else { throw Refusal.notLoggedIn }
        var columns = PostgresColumns(row)
        guard try columns.bool("is_room") else { throw Refusal.noSuchRoom }
        guard try columns.bool("was_member") else { throw Refusal.notAMember }
    }
}
