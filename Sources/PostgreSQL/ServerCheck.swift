/// What `PostgresPool.checkServer` asks.
enum ServerCheck {
    /// What is refused while connecting has no SQLSTATE in libpq 15.
    static func explaining(_ error: PostgresError) -> PostgresError {
        guard error.isUnavailable else { return error }
        if error.message.contains("unsupported startup parameter") { return PostgresError(.pooler) }
        if error.message.contains("unrecognized configuration parameter") {
            return PostgresError(.settingRefused(error.message))
        }
        return error
    }

    private static let identity = PostgresStatement(
        """
        SELECT current_setting('server_version_num')::int8, current_setting('server_version'),
            current_setting('server_encoding'), pg_backend_pid()::int8, pg_is_in_recovery()
        """)

    /// Which settings the server would show otherwise if they were set now; it knows all spellings of a value.
    private static let deviations = PostgresStatement(
        """
        WITH pinned AS MATERIALIZED (
            SELECT name, value, current_setting(name) AS actual FROM unnest($1, $2) AS pinned(name, value)
        )
        SELECT name FROM pinned WHERE set_config(name, value, true) <> actual ORDER BY name
        """)

    static func run(
        on connection: PostgresConnection, inSession number: Int, _ configuration: PostgresConfiguration
    ) async throws(PostgresError) {
        let row = try await connection.query(identity, [], .alone, inSession: number)[0]
        guard try row.int(0) >= PostgresUnfitness.leastVersion else { throw PostgresError(.version(try row.text(1))) }
        guard try row.text(2) == "UTF8" else { throw PostgresError(.encoding(try row.text(2))) }
        // A pooler makes up a process of its own for cancelling, and has another backend at each transaction.
        guard try await row.int(3) == connection.backendProcess else { throw PostgresError(.pooler) }
        // It would say so of the first write, which may be long after.
        guard try !row.bool(4) else {
            throw PostgresError(.server, "the server is a standby", sqlState: "25006", statement: identity)
        }
        var pinned = configuration.pinnedSettings(for: LaneLimits.script(configuration).kind)
        if configuration.choosesSearchPath { pinned["search_path"] = nil }
        let settings = pinned.sorted { $0.key < $1.key }
        let others = try await connection.query(
            deviations, [.texts(settings.map(\.key)), .texts(settings.map(\.value))], .alone, inSession: number)
        guard others.isEmpty else {
            var names: [String] = []
            for other in others { names.append(try other.text(0)) }
            throw PostgresError(.settings(names))
        }
    }
}
