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

    init(id: Int64, kind: String, name: String?, memberCount: Int64) throws {
        guard let kind = Kind(rawValue: kind) else { throw HTTPError.internalError("room of type \(kind)") }
        self.id = id
        self.kind = kind
        self.name = name
        self.memberCount = memberCount
    }

    // MARK: Making

    /// Makes the room only if the second person is to be found, so that a misspelt name leaves no empty room behind.
    private static let createStatement = PostgresStatement(
        """
        WITH viewer AS (
            SELECT user_id FROM sessions WHERE token_hash = sha256($1) AND expires_at > now()
        ), other AS (
            SELECT id AS user_id FROM users
            WHERE lower(upper(username COLLATE "und-x-icu")) = lower(upper(normalize($4, NFC) COLLATE "und-x-icu"))
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
        SELECT (SELECT id FROM room), (SELECT user_id FROM other) IS NOT NULL, (SELECT count(*) FROM members)
        FROM viewer
        """, lane: .write)

    /// Makes a room with the session's person in it, and with the one named `other` if there is one.
    /// - Throws: `HTTPError` 401, 404 when nobody is called `other`, 422 when that is the person itself.
    static func create(
        _ kind: Kind, name: RoomName?, other: Username?, by session: SessionToken, in database: PostgresPool
    ) async throws -> Room {
        let rows = try await database.query(
            createStatement,
            [
                .bytes(session.bytes), .text(kind.rawValue), name.map { .text($0.text) } ?? .null,
                other.map { .text($0.text) } ?? .null,
            ])
        guard let row = rows.first else { throw HTTPError.notLoggedIn }
        guard let id = try row.optionalInt(0) else {
            guard try row.bool(1) else {
                throw HTTPError(.notFound, RuleError("Tidak ada pengguna bernama \(other?.text ?? "")."), field: "with")
            }
            throw HTTPError(
                .unprocessableContent, RuleError("DM adalah untuk Anda dan orang lain, bukan untuk Anda sendiri."),
                field: "with")
        }
        return try Room(id: id, kind: kind.rawValue, name: name?.text, memberCount: row.int(2))
    }

    // MARK: Joining and leaving

    /// The room is locked before the person, whom the membership's foreign key locks, as where an account is deleted: the
    /// two may come at once.
    private static let joinStatement = PostgresStatement(
        """
        WITH viewer AS (
            SELECT user_id FROM sessions WHERE token_hash = sha256($1) AND expires_at > now()
        ), locked AS MATERIALIZED (
            SELECT rooms.id, user_id FROM rooms, viewer WHERE rooms.id = $2 FOR NO KEY UPDATE OF rooms
        ), joined AS (
            INSERT INTO room_members (room_id, user_id) SELECT id, user_id FROM locked
            ON CONFLICT DO NOTHING
            RETURNING room_id
        )
        SELECT rooms.id, rooms.type, rooms.name, rooms.member_count + (SELECT count(*) FROM joined)
        FROM viewer LEFT JOIN rooms ON rooms.id = $2
        """, lane: .write)

    /// Makes the session's person a member; nothing happens when that person is one.
    /// - Throws: `HTTPError` 401, 404 when there is no such room, 409 when the dm has its two people.
    static func join(_ id: Int64, by session: SessionToken, in database: PostgresPool) async throws -> Room {
        do {
            let rows = try await database.query(joinStatement, [.bytes(session.bytes), .int(id)])
            guard let row = rows.first else { throw HTTPError.notLoggedIn }
            guard try row.optionalInt(0) != nil else { throw HTTPError.noSuchRoom }
            return try Room(id: id, kind: row.text(1), name: row.optionalText(2), memberCount: row.int(3))
        } catch let error as PostgresError where error.constraint == "rooms_dm_is_for_two" {
            throw HTTPError(.conflict, RuleError("DM ini sudah berisi dua orang."))
        } catch let error as PostgresError where error.constraint == "room_members_user_id_fkey" {
            // The account was deleted while this went on.
            throw HTTPError.notLoggedIn
        }
    }

    /// The room is locked before the membership, as where an account is deleted: the two may come at once.
    private static let leaveStatement = PostgresStatement(
        """
        WITH viewer AS (
            SELECT user_id FROM sessions WHERE token_hash = sha256($1) AND expires_at > now()
        ), locked AS MATERIALIZED (
            SELECT rooms.id FROM rooms, viewer WHERE rooms.id = $2 FOR NO KEY UPDATE OF rooms
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
        let rows = try await database.query(leaveStatement, [.bytes(session.bytes), .int(id)])
        guard let row = rows.first else { throw HTTPError.notLoggedIn }
        guard try row.bool(0) else { throw HTTPError.noSuchRoom }
        guard try row.bool(1) else { throw HTTPError.notAMember }
    }
}
