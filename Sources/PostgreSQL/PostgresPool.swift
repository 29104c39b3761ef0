internal import DequeModule
public import NonblockingIO

/// The connections to the server that one event loop uses.
///
/// Queries share a few pipelined connections; each is a transaction of its own. Transactions of several queries and
/// scripts have other connections, one at a time. Cancelling a task does not cancel its query: the query runs to its end,
/// and the task gets the result.
public actor PostgresPool: PostgresConnectionOwner {
    /// A time without any connection.
    private struct Outage {
        var error: PostgresError
        /// Fires when queries have waited long enough; from then on they fail at once.
        let timer: EventLoopTimer
        var isOverdue = false
    }

    private enum Phase { case idle, running, closed }

    /// The loop that it lives on.
    public nonisolated let loop: EventLoop
    private let configuration: PostgresConfiguration
    private let connections: [PostgresConnection]
    private let exclusive: ExclusiveConnections
    private var phase = Phase.idle
    private var outage: Outage?
    private var waiting = Deque<QueryRequest>()
    private var pendingCount = 0

    /// The loop, on which all of it runs.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// A pool that connects when it is started.
    public init(loop: EventLoop, configuration: PostgresConfiguration) {
        self.loop = loop
        self.configuration = configuration
        connections = (0..<configuration.poolSize).map { _ in
            PostgresConnection(loop: loop, configuration: configuration)
        }
        exclusive = ExclusiveConnections(loop: loop, configuration: configuration)
    }

    deinit { PostgresConnection.abandon(connections, on: loop) }

    /// Connects; queries may be sent at once and wait for it.
    public func start() {
        guard phase == .idle else { return }
        phase = .running
        beginOutage(PostgresError(.unavailable, "no connection yet"))
        for connection in connections { connection.assumeIsolated { $0.start(owner: self) } }
    }

    /// Ends all connections: queries in flight fail with an unknown outcome, those that wait as unavailable.
    public func close() async { closeAll() }

    /// Whether there is a connection.
    public var isAvailable: Bool { connections.contains { $0.assumeIsolated { $0.isOpen } } }

    // MARK: Queries

    /// Runs one statement as a transaction of its own, prepared at its first use on each connection. When it had to give
    /// way to others (SQLSTATE class 40: a deadlock, say), nothing was done, and it is tried again, twice.
    /// - Throws: `PostgresError`.
    public func query(_ statement: PostgresStatement, _ parameters: [PostgresParameter] = [])
        async throws(PostgresError) -> PostgresResult
    {
        for _ in 0..<2 {
            do throws(PostgresError) {
                return try await queryOnce(statement, parameters)
            } catch {
                guard error.hasGivenWay else { throw error }
            }
        }
        return try await queryOnce(statement, parameters)
    }

    private func queryOnce(_ statement: PostgresStatement, _ parameters: [PostgresParameter])
        async throws(PostgresError) -> PostgresResult
    {
        try checkAvailable()
        guard pendingCount < configuration.maxPendingQueries else {
            throw PostgresError(.unavailable, "\(pendingCount) queries are waiting")
        }
        pendingCount += 1
        defer { pendingCount -= 1 }
        return try await withCheckedContinuation { continuation in
            let request = QueryRequest(
                statement: statement, parameters: parameters, role: .alone, continuation: continuation)
            if !waiting.isEmpty || !dispatch(request) { waiting.append(request) }
        }.get()
    }

    /// Runs a script of several statements, such as `schema.sql`, without a time-out, in a session of its own.
    ///
    /// It is one transaction unless it says BEGIN itself (PostgreSQL, "Simple Query"). COPY is not allowed.
    /// - Throws: the `PostgresError` of the first statement that failed.
    public nonisolated func execute(_ sql: String) async throws(PostgresError) {
        try await checkAvailable()
        let loan = try await exclusive.acquire()
        let outcome: QueryOutcome
        do throws(PostgresError) {
            let (connection, number) = (loan.connection, loan.sessionNumber)
            _ = try await connection.query(Self.noTimeout, [], .alone, inSession: number)
            outcome = .success(try await connection.query(PostgresStatement(sql), [], .script, inSession: number))
        } catch {
            outcome = .failure(error)
        }
        // The script may have left settings or a transaction behind.
        await loan.connection.restart()
        await exclusive.release(loan)
        _ = try outcome.get()
    }

    private static let noTimeout = PostgresStatement("SET statement_timeout = 0")

    /// Runs `body` in a transaction, on a connection that nobody else uses in the meantime.
    ///
    /// It is committed when `body` returns and rolled back when it throws. It waits for a connection as long as
    /// `acquireTimeout`.
    /// - Throws: what `body` throws, and `PostgresError`; with `isOutcomeUnknown` only when the COMMIT was not answered.
    public nonisolated func transaction<Value>(_ body: (PostgresTransaction) async throws -> Value)
        async throws -> Value
    {
        try await checkAvailable()
        let loan = try await exclusive.acquire()
        let transaction = PostgresTransaction(
            loop: loop, connection: loan.connection, sessionNumber: loan.sessionNumber)
        do {
            let value = try await body(transaction)
            try await transaction.commit()
            await exclusive.release(loan)
            return value
        } catch {
            // Fails only when the connection is lost, and the server then rolls back by itself.
            _ = try? await transaction.rollBack()
            await exclusive.release(loan)
            throw error
        }
    }

    private func checkAvailable() throws(PostgresError) {
        switch phase {
        case .idle: throw PostgresError(.unavailable, "the pool was not started")
        case .closed: throw PostgresError(.unavailable, "the pool is closed")
        case .running: if let outage, outage.isOverdue { throw outage.error }
        }
    }

    // MARK: Dispatching

    /// Sends a query on the connection with the fewest in flight; false when none can take it.
    private func dispatch(_ request: QueryRequest) -> Bool {
        while true {
            var best: PostgresConnection?
            var bestLoad = Int.max
            for connection in connections {
                guard let load = connection.assumeIsolated({ $0.load }), load < bestLoad else { continue }
                best = connection
                bestLoad = load
            }
            guard let best else { return false }
            // False when it turns out to be broken: it has no load then, and the loop looks at the others.
            if best.assumeIsolated({ $0.send(request) }) { return true }
        }
    }

    private func dispatchWaiting() {
        while let request = waiting.first, dispatch(request) { waiting.removeFirst() }
    }

    nonisolated func connection(_ connection: PostgresConnection, did event: PostgresConnectionEvent) {
        assumeIsolated { pool in
            switch event {
            case .opened:
                pool.endOutage()
                pool.dispatchWaiting()
            case .hasRoom: pool.dispatchWaiting()
            case .lost(let error): if !pool.isAvailable { pool.beginOutage(error) }
            case .notification: break
            }
        }
    }

    // MARK: Outages

    private func beginOutage(_ error: PostgresError) {
        guard phase == .running else { return }
        guard outage == nil else {
            outage?.error = error
            return
        }
        let timer = loop.schedule(after: configuration.acquireTimeout) { [weak self] in
            self?.assumeIsolated { pool in
                pool.outage?.isOverdue = true
                pool.failWaiting(pool.outage?.error ?? error)
            }
        }
        outage = Outage(error: error, timer: timer)
    }

    private func endOutage() {
        outage?.timer.cancel()
        outage = nil
    }

    private func failWaiting(_ error: PostgresError) {
        while let request = waiting.popFirst() { request.continuation.resume(returning: .failure(error)) }
    }

    private func closeAll() {
        guard phase != .closed else { return }
        phase = .closed
        endOutage()
        let error = PostgresError(.unavailable, "the pool is closed")
        failWaiting(error)
        for connection in connections { connection.assumeIsolated { $0.close(error) } }
        exclusive.assumeIsolated { $0.close(error) }
    }
}
