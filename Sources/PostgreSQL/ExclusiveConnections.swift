internal import DequeModule
import NonblockingIO

/// Connections that are lent to one transaction or script at a time, made when they are first needed.
actor ExclusiveConnections: PostgresConnectionOwner {
    /// A connection, and the number of the session it is lent for.
    struct Loan: Sendable {
        let connection: PostgresConnection
        let sessionNumber: Int
    }

    private struct Waiter {
        let identity: Int
        let continuation: CheckedContinuation<Result<Loan, PostgresError>, Never>
        let timer: EventLoopTimer
    }

    private let loop: EventLoop
    private let configuration: PostgresConfiguration
    private let connections: [PostgresConnection]
    private var startedCount = 0
    private var lent: Set<ObjectIdentifier> = []
    private var waiters = Deque<Waiter>()
    private var waitersSeen = 0
    private var latestError: PostgresError?
    private var isClosed = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(loop: EventLoop, configuration: PostgresConfiguration) {
        self.loop = loop
        self.configuration = configuration
        connections = (0..<configuration.poolSize).map { _ in
            PostgresConnection(loop: loop, configuration: configuration)
        }
    }

    deinit { PostgresConnection.abandon(connections, on: loop) }

    /// Lends a connection, or waits for one as long as `acquireTimeout`.
    func acquire() async throws(PostgresError) -> Loan {
        guard !isClosed else { throw PostgresError(.unavailable, "the pool is closed") }
        if waiters.isEmpty, let loan = lendFree() { return loan }
        guard waiters.count < configuration.maxPendingQueries else {
            throw PostgresError(.unavailable, "too many transactions are waiting")
        }
        startAnother()
        return try await withCheckedContinuation { continuation in
            waitersSeen += 1
            let identity = waitersSeen
            let timer = loop.schedule(after: configuration.acquireTimeout) { [weak self] in
                self?.assumeIsolated { $0.giveUp(identity) }
            }
            waiters.append(Waiter(identity: identity, continuation: continuation, timer: timer))
            // One may have become free on the way here: every await may let others run.
            lendToWaiters()
        }.get()
    }

    /// Takes a connection back; a transaction that could not even be rolled back ends with its session.
    func release(_ loan: Loan) {
        loan.connection.assumeIsolated { if !$0.isIdle { $0.restart() } }
        lent.remove(ObjectIdentifier(loan.connection))
        lendToWaiters()
    }

    /// Closes all connections; who waits for one or runs a query on one gets an error.
    func close(_ error: PostgresError) {
        isClosed = true
        while let waiter = waiters.popFirst() { answer(waiter, .failure(error)) }
        for connection in connections { connection.assumeIsolated { $0.close(error) } }
    }

    nonisolated func connection(_ connection: PostgresConnection, did event: PostgresConnectionEvent) {
        assumeIsolated { owner in
            switch event {
            case .opened: owner.lendToWaiters()
            case .lost(let error): owner.latestError = error
            case .hasRoom, .notification: break
            }
        }
    }

    private func startAnother() {
        guard startedCount < connections.count else { return }
        connections[startedCount].assumeIsolated { $0.start(owner: self) }
        startedCount += 1
    }

    private func lendFree() -> Loan? {
        for connection in connections.prefix(startedCount) where !lent.contains(ObjectIdentifier(connection)) {
            guard let number = connection.assumeIsolated({ $0.isOpen ? $0.sessionNumber : nil }) else { continue }
            lent.insert(ObjectIdentifier(connection))
            return Loan(connection: connection, sessionNumber: number)
        }
        return nil
    }

    private func lendToWaiters() {
        while !waiters.isEmpty, let loan = lendFree() { answer(waiters.removeFirst(), .success(loan)) }
    }

    private func giveUp(_ identity: Int) {
        guard let index = waiters.firstIndex(where: { $0.identity == identity }) else { return }
        let isOpen = connections.contains { $0.assumeIsolated { $0.isOpen } }
        let message = (isOpen ? nil : latestError?.message) ?? "no connection for a transaction became free"
        answer(waiters.remove(at: index), .failure(PostgresError(.unavailable, message)))
    }

    private func answer(_ waiter: Waiter, _ outcome: Result<Loan, PostgresError>) {
        waiter.timer.cancel()
        waiter.continuation.resume(returning: outcome)
    }
}
