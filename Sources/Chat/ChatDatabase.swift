public import PostgreSQL

/// The chat's database: what its connections have to be like, and how its tables come to be.
public enum ChatDatabase {
    /// The server's settings, by name, that each connection has whatever the database's own defaults are.
    ///
    /// Every statement finds a few rows by index, so one plan is right whatever the parameters. Left to itself PostgreSQL
    /// plans the larger statements anew at each use, which takes ten times longer than running them; and a plan made
    /// while the tables were small would go on reading whole tables when they have grown.
    public static let settings = [
        "plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "enable_hashjoin": "off",
        "enable_mergejoin": "off",
    ]

    /// Makes the tables, or upgrades those of an earlier version, also while others serve.
    /// - Parameter schema: the text of `schema.sql`.
    /// - Throws: `PostgresError`.
    public static func prepare(_ database: PostgresPool, schema: String) async throws(PostgresError) {
        for attempt in 1... {
            do throws(PostgresError) {
                try await database.execute(schema)
                return try await NameKeys.complete(in: database)
            } catch {
                // Somebody uses a table that a new column or trigger needs for itself. In between the others go on.
                guard error.isBusy, attempt < maxAttempts else { throw error }
                // Cut short by a cancelled task: the next attempt comes sooner.
                try? await Task.sleep(for: pauseBetweenAttempts)
            }
        }
    }

    private static let maxAttempts = 15
    private static let pauseBetweenAttempts: Duration = .milliseconds(500)
}
