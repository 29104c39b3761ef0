/// A session that is lent for statements that belong together, by `PostgresPool.withSession`: settings, locks and a
/// transaction that is open stay from one to the next, and end with it.
public struct PostgresScripts: Sendable {
    private let connection: PostgresConnection
    private let sessionNumber: Int
    private let configuration: PostgresConfiguration

    init(_ loan: SerialLane.Loan, _ configuration: PostgresConfiguration) {
        connection = loan.connection
        sessionNumber = loan.sessionNumber
        self.configuration = configuration
    }

    /// Runs one statement, as a transaction of its own unless BEGIN was one before.
    /// - Throws: `PostgresError`.
    public func query(_ statement: PostgresStatement, _ parameters: [PostgresParameter] = [])
        async throws(PostgresError) -> PostgresResult
    {
        try await connection.query(statement, parameters, .alone, inSession: sessionNumber)
    }

    /// Runs a script as `PostgresPool.execute` does: several statements are one transaction unless they say BEGIN
    /// themselves, and what cannot be in a transaction is a script of one statement (PostgreSQL, "Simple Query").
    /// - Throws: the `PostgresError` of the first statement that failed, with its line if the server tells it.
    public func execute(_ sql: String) async throws(PostgresError) {
        _ = try await connection.query(PostgresStatement(sql), [], .script, inSession: sessionNumber)
    }

    /// The same as `PostgresPool.checkServer`, of this session.
    /// - Throws: `PostgresError` of the kind `unfit`, which nothing changes but the operator; others may pass.
    public func checkServer() async throws(PostgresError) {
        try await ServerCheck.run(on: connection, inSession: sessionNumber, configuration)
    }
}

extension PostgresPool {
    /// Runs `body` with a session of its own, which is closed after it and has no time-out. It waits for a connection as
    /// long as `acquireTimeout`.
    /// - Throws: what `body` throws, and `PostgresError` when there is no connection; of the kind `unfit` when that is
    ///   because the server refuses what every session has set.
    public nonisolated func withSession<Value: Sendable>(
        _ body: (PostgresScripts) async throws(PostgresError) -> Value
    ) async throws(PostgresError) -> Value {
        try await checkRunning()
        let loan: SerialLane.Loan
        do throws(PostgresError) {
            loan = try await scripts.acquire()
        } catch {
            throw ServerCheck.explaining(error)
        }
        do throws(PostgresError) {
            let value = try await body(PostgresScripts(loan, configuration))
            await scripts.release(loan)
            return value
        } catch {
            await scripts.release(loan)
            throw error
        }
    }

    /// Tells whether the server is one that the statements can rely on: at least PostgreSQL 15, with the encoding UTF8,
    /// with the session's settings in force and sessions of one's own, and no standby. It waits for a connection as long as
    /// `acquireTimeout`.
    /// - Throws: `PostgresError` of the kind `unfit`, which nothing changes but the operator; others may pass, such as that
    ///   of a standby (25006), which may be promoted.
    public nonisolated func checkServer() async throws(PostgresError) {
        try await withSession { session throws(PostgresError) in try await session.checkServer() }
    }

    /// Runs a script of several statements, without a time-out, in a session of its own that is closed after it.
    ///
    /// It is one transaction unless it says BEGIN itself (PostgreSQL, "Simple Query"). COPY is not allowed.
    /// - Throws: the `PostgresError` of the first statement that failed, with its line if the server tells it.
    public nonisolated func execute(_ sql: String) async throws(PostgresError) {
        try await withSession { session throws(PostgresError) in try await session.execute(sql) }
    }
}
