package import PostgreSQL

/// A room, as those see it who may come in.
package struct Invitation: Sendable {
    package let viewer: Viewer
    package let room: Room
    /// Whether the viewer is in it already.
    package let isMember: Bool

    /// Whether there is a place for the viewer.
    package var canJoin: Bool { isMember || !room.isFull }

    private static let statement = PostgresStatement(
        """
        SELECT \(Viewer.columns), rooms.type, rooms.name, rooms.member_count,
            member.user_id IS NOT NULL AS is_member
        FROM (\(Viewer.query(token: "$1"))) AS viewer
        LEFT JOIN rooms ON rooms.id = $2
        \(Membership.join(room: "rooms.id", person: "viewer.id"))
        """)

    /// - Throws: `Refusal`: not logged in, no such room.
    package static func read(
        _ room: Int64, for session: SessionToken, in database: PostgresPool
    ) async throws -> Invitation {
        let rows = try await database.query(statement, [.bytes(session.bytes), .int(room)])
        guard let row = rows.first else { throw Refusal.notLoggedIn }
        var columns = PostgresColumns(row)
        let viewer = try Viewer(&columns)
        guard let room = try Room(id: room, &columns) else { throw Refusal.noSuchRoom }
        return Invitation(viewer: viewer, room: room, isMember: try columns.bool("is_member"))
    }
}
