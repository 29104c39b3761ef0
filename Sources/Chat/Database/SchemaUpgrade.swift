import Logging
import PostgreSQL

/// Brings the tables of one database to the last step, in a session of its own, while others serve.
///
/// A database that is there already is recognized by one read, and nothing is locked or written then: neither does such a
/// start wait for anybody, a backup say, nor does anybody wait for it.
struct SchemaUpgrade {
    /// What came of it.
    enum Outcome {
        case current
        case later(step: Int)
        case rights(role: String, owner: String?, step: Int?)
        /// The task was cancelled while another process was at it.
        case interrupted
    }

    let session: PostgresScripts
    let schema: Schema
    private let logger = Logger(label: "obrolan.database")

    init(_ session: PostgresScripts, _ schema: Schema) {
        self.session = session
        self.schema = schema
    }

    // MARK: Waiting

    /// How long a step that locks tables waits for them. Everybody else waits behind it: no longer than this, and then
    /// they have their turn, for at least as long as a pause is. A statement that writes is patient for longer, and one
    /// that reads waits for a table for a second.
    private static let lockTimeout = "100ms"
    private static let pause: Duration = .milliseconds(400)
    /// How long making an index waits for those who are at work on the table. Nobody waits behind it, and what was made of
    /// it by then is lost.
    private static let indexLockTimeout = "1min"
    /// How often one step is tried for want of a lock: then whoever has it is not about to give it back.
    private static func maxAttempts(_ step: SchemaStep) -> Int {
        if case .index = step.kind { 3 } else { 60 }
    }
    /// How often it is asked whether another process has finished.
    private static let pauseForOthers: Duration = .milliseconds(100)

    // MARK: The way

    /// Comes back when the tables are those of the last step, or cannot be.
    /// - Throws: `PostgresError`; with `isBusy` when somebody holds a lock for too long. What was done by then stays done,
    ///   and the next attempt goes on from there.
    func run() async throws(PostgresError) -> Outcome {
        var state = try await SchemaState.read(session)
        do throws(PostgresError) {
            if state == .nothing {
                try await makeWhole()
                state = try await SchemaState.read(session)
            }
            if isBehind(state) {
                guard try await enterAlone() else { return .interrupted }
                state = try await SchemaState.read(session)
            }
            while isBehind(state) {
                try await take(schema.steps[number(of: state)])
                state = try await SchemaState.read(session)
            }
        } catch {
            // Insufficient privilege.
            guard error.sqlState == "42501" else { throw error }
            return try await rightsAreMissing(state)
        }
        let number = number(of: state)
        return number > schema.steps.count ? .later(step: number) : .current
    }

    private func number(of state: SchemaState) -> Int {
        if case .step(let number) = state { number } else { 0 }
    }

    private func isBehind(_ state: SchemaState) -> Bool { number(of: state) < schema.steps.count }

    private func makeWhole() async throws(PostgresError) {
        do throws(PostgresError) {
            try await session.execute(schema.whole)
        } catch {
            // It is a transaction of its own, and that is still open.
            try await session.execute("ROLLBACK")
            // Another process has made them since: a table that is there, or its name in the catalogue.
            guard error.sqlState == "42P07" || error.sqlState == "23505" else { throw error }
        }
    }

    /// Waits until no other process is at the steps, by a lock of this session's that it tries again and again: who waits
    /// for a lock has a transaction open, and that is what making an index waits for.
    /// - Returns: false when the task was cancelled meanwhile.
    private func enterAlone() async throws(PostgresError) -> Bool {
        var isTold = false
        while try await !session.query(Self.tryLock)[0].bool(0) {
            if !isTold { logger.notice("another process is at the database's schema; this one waits for it") }
            isTold = true
            // Cut short when the task is cancelled, which is looked at then.
            try? await Task.sleep(for: Self.pauseForOthers)
            if Task.isCancelled { return false }
        }
        try await session.execute(Self.settings)
        return true
    }

    /// Whoever has another `search_path` has other tables.
    private static let tryLock = PostgresStatement("SELECT pg_try_advisory_lock(1, hashtext(current_schema()))")

    /// What the statements of a step are planned for: they read whole tables, and are run once.
    private static let settings = """
        SET client_min_messages = warning; SET plan_cache_mode = auto; SET enable_seqscan = on; SET enable_hashjoin = on;
        SET enable_mergejoin = on
        """

    // MARK: A step

    private func take(_ step: SchemaStep) async throws(PostgresError) {
        logger.notice("the database's schema: step \(step.number) of \(schema.steps.count), \(step.name)")
        for attempt in 1... {
            do throws(PostgresError) {
                return try await run(step)
            } catch {
                // For want of a lock, or to let others through.
                guard error.isBusy || error.sqlState == "40P01", attempt < Self.maxAttempts(step) else { throw error }
                // Cut short when the task is cancelled, which is looked at then.
                try? await Task.sleep(for: Self.pause)
                if Task.isCancelled { throw error }
            }
        }
    }

    private func run(_ step: SchemaStep) async throws(PostgresError) {
        switch step.kind {
        case .transaction:
            try await session.execute("SET lock_timeout = '\(Self.lockTimeout)'")
            // The lock of those versions that apply all of their schema when they are started: at the same time.
            try await session.execute(
                """
                SELECT pg_advisory_xact_lock(0, 0); \(step.text)
                ; \(Self.advance(to: step))
                """)
        case .statement:
            try await session.execute("SET lock_timeout = '\(Self.lockTimeout)'")
            try await session.execute(step.text)
            try await session.execute(Self.advance(to: step))
        case .index(let name):
            try await session.execute("SET lock_timeout = '\(Self.indexLockTimeout)'")
            let isValid = try await session.query(Self.isValid, [.text(name)]).first?.bool(0)
            if isValid == false { try await session.execute("DROP INDEX CONCURRENTLY \(name)") }
            if isValid != true { try await session.execute(step.text) }
            try await session.execute(Self.advance(to: step))
        }
    }

    private static func advance(to step: SchemaStep) -> String {
        "UPDATE schema_step SET number = \(step.number) WHERE number = \(step.number - 1)"
    }

    private static let isValid = PostgresStatement(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1::text)")

    // MARK: Rights

    private static let roles = PostgresStatement(
        """
        SELECT current_user::text, (SELECT pg_get_userbyid(relowner)::text FROM pg_class WHERE oid = to_regclass('users'))
        """)

    private func rightsAreMissing(_ state: SchemaState) async throws(PostgresError) -> Outcome {
        let row = try await session.query(Self.roles)[0]
        let step: Int? = if case .step(let number) = state { number } else { nil }
        return .rights(role: try row.text(0), owner: try row.optionalText(1), step: step)
    }
}
