import HTTP
import PostgreSQL

/// A room, as one of its members sees it.
struct Room: Sendable {
    enum Kind: String, Sendable {
        case dm, group

        /// As the pages write it.
        var label: String {
            switch self {
            case .dm: "DM"
            case .group: "Group"
            }
        }
    }

    let id: Int64
    let kind: Kind
    let name: String?
    let memberCount: Int64

    /// - Parameter kind: as it is stored. One that is none, which others have put in against the rule, is taken for a group:
    ///   what a dm has besides does not hold for it.
    init(id: Int64, kind: String, name: String?, memberCount: Int64) {
        self.id = id
        self.kind = Kind(rawValue: kind) ?? .group
        self.name = name
        self.memberCount = memberCount
    }

    /// The session's person, whose row is taken so that the account cannot be deleted meanwhile. When it is being
    /// deleted that is waited for, and then there is nobody. Taken before any room, as where an account is deleted.
    private static let viewer = """
        viewer AS MATERIALIZED (
            SELECT users.id AS user_id FROM sessions JOIN users ON users.id = sessions.user_id
            WHERE token_hash = sha256($1) AND expires_at > now() AND deleted_at IS NULL
            FOR KEY SHARE OF users
        )
        """

    // MARK: Making

    /// Makes the room only if the second person is to be found, so that a misspelt name leaves no empty room behind.
    private static let createStatement = PostgresStatement(
        """
        WITH \(viewer), other AS MATERIALIZED (
            SELECT id AS user_id FROM users WHERE name_key = $4 FOR KEY SHARE
        ), people AS (
            SELECT user_id FROM viewer UNION SELECT user_id FROM other
        ), room AS (
            INSERT INTO rooms (type, name) SELECT $2, $3 FROM viewer
            WHERE $4 IS NULL OR (SELECT count(*) FROM people) = 2
            RETURNING id
        ), members AS (
            INSERT INTO room_members (room_id, user_id) SELECT room.id, people.user_id FROM room, people
            RETURNING user_id
        )
        SELECT (SELECT id FROM room), (SELECT user_id FROM other) IS NOT NULL, (SELECT count(*) FROM members),
            \(NameKeys.areMissing)
        FROM viewer
        """, lane: .write)

    /// Makes a room with the session's person in it, and with the one named `other` if there is one.
    /// - Throws: `HTTPError` 401, 404 when nobody is called `other`, 422 when that is the person itself.
    static func create(
        _ kind: Kind, name: RoomName?, other: Username?, by session: SessionToken, mayRepeat: Bool = true,
        in database: PostgresPool
    ) async throws -> Room {
        let rows = try await database.change(
            createStatement,
            [
                .bytes(session.bytes), .text(kind.rawValue), name.map { .text($0.text) } ?? .null,
                other.map { .text($0.key) } ?? .null,
            ])
        guard let row = rows.first else { throw HTTPError.notLoggedIn }
        guard let id = try row.optionalInt(0) else {
            guard try row.bool(1) else {
                if try row.bool(3), mayRepeat {
                    // An earlier version has added names that this one would not see.
                    try await NameKeys.complete(in: database)
                    return try await create(
                        kind, name: name, other: other, by: session, mayRepeat: false, in: database)
                }
                throw HTTPError(.notFound, RuleError("Tidak ada pengguna bernama \(other?.text ?? "")."), field: "with")
            }
            throw HTTPError(
                .unprocessableContent, RuleError("DM adalah untuk Anda dan orang lain, bukan untuk Anda sendiri."),
                field: "with")
        }
        return try Room(id: id, kind: kind.rawValue, name: name?.text, memberCount: row.int(2))
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
        SELECT id, type, name, member_count + (SELECT count(*) FROM joined)
        FROM viewer LEFT JOIN locked ON true
        """, lane: .write)

    /// Makes the session's person a member; nothing happens when that person is one.
    /// - Throws: `HTTPError` 401, 404 when there is no such room, 409 when the dm has its two people.
    static func join(_ id: Int64, by session: SessionToken, in database: PostgresPool) async throws -> Room {
        let rows = try await database.change(joinStatement, [.bytes(session.bytes), .int(id)])
        guard let row = rows.first else { throw HTTPError.notLoggedIn }
        guard try row.optionalInt(0) != nil else { throw HTTPError.noSuchRoom }
        return try Room(id: id, kind: row.text(1), name: row.optionalText(2), memberCount: row.int(3))
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
        SELECT EXISTS (SELECT FROM rooms WHERE id = $2), EXISTS (SELECT FROM gone) FROM viewer
        """, lane: .write)

    /// Ends the membership of the session's person; the room stays.
    /// - Throws: `HTTPError` 401, 404 when there is no such room, 403 when the person is no member.
    static func leave(_ id: Int64, by session: SessionToken, in database: PostgresPool) async throws {
        let rows = try await database.change(leaveStatement, [.bytes(session.bytes), .int(id)])
        guard let row = rows.first else { throw HTTPError.notLoggedIn }
        guard try row.bool(0) else { throw HTTPError.noSuchRoom }
        guard try row.bool(1) else { throw HTTPError.notAMember }
    }
}
