import PostgreSQL

/// Rooms that somebody has left together with so many others that their locks could not all be had: whoever reads one of
/// them sees it, and whoever follows it is told when the number of that change is drawn anew, under the room's lock.
enum UnannouncedRooms {
    /// How many are done by one transaction at most, each with its lock.
    private static let atOnce = 64

    /// The room before its lock, as everywhere, and neither is waited for: so it is in nobody's way for long, nor in a circle
    /// with anybody.
    private static let statement = PostgresStatement(
        """
        WITH due AS MATERIALIZED (
            SELECT room_id FROM unannounced_rooms ORDER BY room_id LIMIT \(atOnce) FOR UPDATE SKIP LOCKED
        ), taken AS MATERIALIZED (
            SELECT id FROM rooms WHERE id IN (SELECT room_id FROM due) FOR NO KEY UPDATE SKIP LOCKED
        ), locked AS MATERIALIZED (
            SELECT id FROM taken WHERE pg_try_advisory_xact_lock(id)
        ), announced AS (
            UPDATE rooms SET change = nextval('messages_id_seq') FROM locked WHERE rooms.id = locked.id
            RETURNING rooms.id
        ), done AS (
            DELETE FROM unannounced_rooms USING announced WHERE room_id = announced.id
        )
        SELECT (SELECT count(*) FROM due) AS due, id FROM (SELECT) AS always LEFT JOIN announced ON true
        """, lane: .long)

    /// Draws the numbers of some of them.
    /// - Returns: which; and whether there are no more.
    /// - Throws: `PostgresError`.
    static func announce(in database: PostgresPool) async throws(PostgresError) -> (rooms: [Int64], isLast: Bool) {
        let rows = try await database.query(statement)
        guard let first = rows.first else { return ([], true) }
        var rooms: [Int64] = []
        for row in rows {
            if let room = try row.optionalInt(1) { rooms.append(room) }
        }
        return (rooms, try first.int(0) == 0)
    }
}
