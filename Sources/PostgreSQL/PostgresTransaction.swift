import NonblockingIO

/// A transaction that `PostgresPool.transaction` runs; its queries take effect together or not at all.
public actor PostgresTransaction {
    private let loop: EventLoop
    private let connection: PostgresConnection
    /// A connection that was lost and made again has forgotten the transaction.
    private let sessionNumber: Int
    private var isUsed = false
    private var hasEnded = false

    /// The loop, on which all of it runs.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(loop: EventLoop, connection: PostgresConnection, sessionNumber: Int) {
        self.loop = loop
        self.connection = connection
        self.sessionNumber = sessionNumber
    }

    /// Runs a statement in the transaction; the first one is sent together with BEGIN.
    /// - Throws: `PostgresError`; after one of the server's own every further statement fails (25P02).
    public func query(_ statement: PostgresStatement, _ parameters: [PostgresParameter] = [])
        async throws(PostgresError) -> PostgresResult
    {
        guard !hasEnded else {
            throw PostgresError(.invalidRequest, "the transaction has ended", statement: statement)
        }
        isUsed = true
        return try await send(statement, parameters, .inside)
    }

    private static let commitStatement = PostgresStatement("COMMIT")
    private static let rollbackStatement = PostgresStatement("ROLLBACK")

    func commit() async throws(PostgresError) {
        guard end() else { return }
        let result = try await send(Self.commitStatement, [], .commit)
        // The server answers COMMIT without an error when it rolls back instead.
        if result.isRollback {
            throw PostgresError(
                .invalidRequest, "the transaction was rolled back, because a statement in it had failed")
        }
    }

    func rollBack() async throws(PostgresError) {
        guard end() else { return }
        _ = try await send(Self.rollbackStatement, [], .rollBack)
    }

    /// Lets no further query in; whether there is something to end.
    private func end() -> Bool {
        defer { hasEnded = true }
        return isUsed && !hasEnded
    }

    private func send(_ statement: PostgresStatement, _ parameters: [PostgresParameter], _ role: QueryRequest.Role)
        async throws(PostgresError) -> PostgresResult
    {
        try await connection.query(statement, parameters, role, inSession: sessionNumber)
    }
}

extension PostgresConnection {
    /// Sends a query in the session of that number and waits for its result.
    func query(
        _ statement: PostgresStatement, _ parameters: [PostgresParameter], _ role: QueryRequest.Role,
        inSession number: Int
    ) async throws(PostgresError) -> PostgresResult {
        let outcome = await withCheckedContinuation { continuation in
            let request = QueryRequest(
                statement: statement, parameters: parameters, role: role, continuation: continuation)
            if !send(request, inSession: number) {
                let error = PostgresError(
                    .connectionLost(outcomeUnknown: false), "the connection was lost before", statement: statement)
                continuation.resume(returning: .failure(error))
            }
        }
        return try outcome.get()
    }
}
