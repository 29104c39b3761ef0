package import PostgreSQL

/// The chat's database: what its connections have to be like, and how its tables come to be.
package enum ChatDatabase {
    /// The server's settings, by name, that each connection has whatever the database's, the role's or the connection
    /// string's are; only `search_path` may be chosen by the connection string's `options`.
    ///
    /// Which sessions may write and how long they wait is their lane's.
    package static let settings = planning.merging([
        // Each statement is a transaction that takes each row as it is when it has its lock.
        "default_transaction_isolation": "read committed", "default_transaction_deferrable": "off",
        // What the texts of statements and of the schema mean.
        "standard_conforming_strings": "on", "backslash_quote": "safe_encoding", "escape_string_warning": "on",
        "transform_null_equals": "off", "array_nulls": "on", "xmlbinary": "base64", "bytea_output": "hex",
        "TimeZone": "UTC", "DateStyle": "ISO, MDY", "IntervalStyle": "postgres", "extra_float_digits": "1",
        "search_path": "public", "row_security": "on", "check_function_bodies": "on",
        // An idle connection is not a forgotten one.
        "idle_session_timeout": "0", "idle_in_transaction_session_timeout": "0",
        // Notices, and nothing that is told at each statement.
        "client_min_messages": "notice",
    ]) { own, _ in own }

    /// Every statement finds a few rows by index, so one plan is right whatever the parameters. Left to itself PostgreSQL
    /// plans the larger statements anew at each use, which takes ten times longer than running them; and a plan made
    /// while the tables were small would go on reading whole tables when they have grown. Compiling such a plan takes
    /// longer than running it, too.
    private static let planning = [
        "plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "enable_hashjoin": "off",
        "enable_mergejoin": "off", "enable_indexscan": "on", "enable_indexonlyscan": "on", "enable_bitmapscan": "on",
        "enable_nestloop": "on", "jit": "off", "max_parallel_workers_per_gather": "0",
    ]

    /// Makes the tables, or upgrades those of an earlier version, also while others serve. Where they are there already it
    /// reads, locks nothing and needs no rights but to read and write rows.
    /// - Throws: `SchemaProblem`; of the kind `database` and `unfit` when the server cannot be relied on.
    package static func prepare(_ database: PostgresPool, schema: Schema) async throws(SchemaProblem) {
        let outcome: SchemaUpgrade.Outcome
        do throws(PostgresError) {
            outcome = try await database.withSession { session throws(PostgresError) in
                try await session.checkServer()
                return try await SchemaUpgrade(session, schema).run()
            }
            if case .current = outcome { try await NameKeys.complete(in: database) }
        } catch {
            throw .database(error)
        }
        let known = schema.steps.count
        switch outcome {
        case .current: return
        case .later(let step): throw .later(step: step, known: known)
        case .rights(let role, let owner, let step):
            throw .rights(role: role, owner: owner, step: step, known: known)
        case .interrupted: throw .interrupted
        }
    }
}
