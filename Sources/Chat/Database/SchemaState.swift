import PostgreSQL

/// What there is of the tables.
enum SchemaState: Equatable {
    /// No table of ours.
    case nothing
    /// Tables of a version that had no numbers.
    case unnumbered
    /// Those that this step has made.
    case step(Int)

    private static let number = PostgresStatement("SELECT number::bigint FROM schema_step")
    private static let anything = PostgresStatement(
        """
        SELECT count(to_regclass(name)) > 0 FROM unnest(ARRAY['users', 'rooms', 'room_members', 'messages']) AS name
        """)

    /// Reads it; where there are numbers, by one statement that waits for nobody.
    /// - Throws: `PostgresError`.
    static func read(_ session: PostgresScripts) async throws(PostgresError) -> Self {
        do throws(PostgresError) {
            // No row only where somebody has taken it out: the first step may be taken once more.
            guard let row = try await session.query(number).first else { return .unnumbered }
            return .step(Int(try row.int(0)))
        } catch {
            // There is no such table.
            guard error.sqlState == "42P01" else { throw error }
        }
        let row = try await session.query(anything)[0]
        return try row.bool(0) ? .unnumbered : .nothing
    }
}
