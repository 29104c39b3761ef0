internal import DequeModule
import NonblockingIO

/// Connections that are lent to one statement, script or transaction at a time.
///
/// A statement that has to wait for a lock gives its connection back after `LaneLimits.lockTimeout`, is put aside, and
/// tries again later: those who wait for a locked row do not stand before those who do not.
actor SerialLane: PostgresConnectionOwner {
    /// A connection, and the number of the session it is lent for.
    struct Loan: Sendable {
        let connection: PostgresConnection
        let sessionNumber: Int
        /// Whether it is for a statement that was put aside before.
        let isAgain: Bool
    }

    private struct Waiter {
        let identity: Int
        let isAgain: Bool
        let continuation: CheckedContinuation<Result<Loan, PostgresError>, Never>
        let timer: EventLoopTimer
    }

    private let loop: EventLoop
    private let configuration: PostgresConfiguration
    private let limits: LaneLimits
    private var connections: [PostgresConnection] = []
    private var lent: Set<ObjectIdentifier> = []
    /// Who comes for the first time, and who was put aside.
    private var newcomers = Deque<Waiter>()
    private var returning = Deque<Waiter>()
    private var lentAgain = 0
    private var lastWasAgain = false
    /// Those that are put aside.
    private var paused: [Int: (continuation: CheckedContinuation<Void, Never>, timer: EventLoopTimer)] = [:]
    private var identities = 0
    /// Since when there is no connection although one is attempted.
    private var missingSince: ContinuousClock.Instant?
    private var latestError = PostgresError(.unavailable, "no connection yet")
    private var idleTimer: EventLoopTimer?
    private var isClosed = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(loop: EventLoop, configuration: PostgresConfiguration, limits: LaneLimits) {
        self.loop = loop
        self.configuration = configuration
        self.limits = limits
    }

    deinit { PostgresConnection.abandon(connections, on: loop) }

    /// Connects, where the connections live as long as the pool.
    func start() {
        guard limits.lifetime == .pool else { return }
        while connections.count < limits.connections { addConnection() }
    }

    // MARK: Statements

    /// Runs one statement as a transaction of its own, for which it tries to get a connection and its locks as long as
    /// `patience`; what was certainly undone is tried again within that time.
    func query(_ statement: PostgresStatement, _ parameters: [PostgresParameter])
        async throws(PostgresError) -> PostgresResult
    {
        let end = loop.now + configuration.patience
        var pause = LockPause()
        var isAgain = false
        var repetitions = 0
        while true {
            let loan = try await acquire(until: end, isAgain: isAgain)
            let (connection, number) = (loan.connection, loan.sessionNumber)
            let error: PostgresError
            do throws(PostgresError) {
                let result = try await connection.query(statement, parameters, .alone, inSession: number)
                release(loan)
                return result
            } catch let failure {
                release(loan)
                error = failure
            }
            if error.isRefusedLock {
                let delay = pause.delay()
                guard loop.now + delay < end else { throw error }
                await putAside(for: delay)
                isAgain = true
            } else {
                repetitions += 1
                guard error.isWorthRepeating, repetitions <= 1 + limits.connections, loop.now < end else { throw error }
            }
        }
    }

    private func putAside(for delay: Duration) async {
        await withCheckedContinuation { continuation in
            // Closed on the way here: every await may let others run.
            guard !isClosed else { return continuation.resume() }
            identities += 1
            let identity = identities
            let timer = loop.schedule(after: delay) { [weak self] in
                self?.assumeIsolated { $0.paused.removeValue(forKey: identity)?.continuation.resume() }
            }
            paused[identity] = (continuation, timer)
        }
    }

    // MARK: Lending

    /// Lends a connection, or waits for one: until `end`, but where there is none as long as `acquireTimeout`.
    func acquire(until end: ContinuousClock.Instant? = nil, isAgain: Bool = false) async throws(PostgresError) -> Loan {
        guard !isClosed else { throw PostgresError(.unavailable, "the pool is closed") }
        idleTimer?.cancel()
        idleTimer = nil
        if newcomers.isEmpty && returning.isEmpty, let loan = lendFree(isAgain: isAgain) { return loan }
        guard newcomers.count + returning.count < configuration.maxPendingQueries else {
            throw PostgresError(.busy, "too many wait for a connection")
        }
        if let missingSince, missingSince.duration(to: loop.now) > configuration.acquireTimeout, !hasOpen {
            throw latestError
        }
        let patience = end.map { max(.zero, loop.now.duration(to: $0)) }
        let delay = hasOpen ? patience ?? configuration.acquireTimeout : configuration.acquireTimeout
        return try await withCheckedContinuation { continuation in
            // Closed on the way here: every await may let others run.
            guard !isClosed else {
                let error = PostgresError(.unavailable, "the pool is closed")
                return continuation.resume(returning: Result<Loan, PostgresError>.failure(error))
            }
            identities += 1
            let identity = identities
            let timer = loop.schedule(after: delay) { [weak self] in
                self?.assumeIsolated { $0.giveUp(identity) }
            }
            let waiter = Waiter(identity: identity, isAgain: isAgain, continuation: continuation, timer: timer)
            if isAgain { returning.append(waiter) } else { newcomers.append(waiter) }
            // After the waiter is there: a connection that fails at once would be closed as one that nobody needs.
            if lent.count == connections.count && connections.count < limits.connections { addConnection() }
            // One may have become free on the way here: every await may let others run.
            lendToWaiters()
        }.get()
    }

    /// Takes a connection back; what could not even be rolled back ends with its session.
    func release(_ loan: Loan) {
        lent.remove(ObjectIdentifier(loan.connection))
        if loan.isAgain { lentAgain -= 1 }
        if limits.lifetime == .once {
            close(loan.connection)
            if connections.count < limits.connections && !(newcomers.isEmpty && returning.isEmpty) { addConnection() }
        } else {
            loan.connection.assumeIsolated { if !$0.isIdle { $0.restart() } }
        }
        lendToWaiters()
        closeLaterIfIdle()
    }

    private func lendFree(isAgain: Bool) -> Loan? {
        // One connection is left to newcomers, where there are several.
        if isAgain && lentAgain >= max(1, limits.connections - 1) { return nil }
        for connection in connections where !lent.contains(ObjectIdentifier(connection)) {
            guard let number = connection.assumeIsolated({ $0.isOpen ? $0.sessionNumber : nil }) else { continue }
            lent.insert(ObjectIdentifier(connection))
            if isAgain { lentAgain += 1 }
            lastWasAgain = isAgain
            return Loan(connection: connection, sessionNumber: number, isAgain: isAgain)
        }
        return nil
    }

    /// Newcomers and those who were put aside take turns.
    private func lendToWaiters() {
        while true {
            let prefersAgain = newcomers.isEmpty || !lastWasAgain
            if prefersAgain, !returning.isEmpty, let loan = lendFree(isAgain: true) {
                answer(returning.removeFirst(), .success(loan))
            } else if !newcomers.isEmpty, let loan = lendFree(isAgain: false) {
                answer(newcomers.removeFirst(), .success(loan))
            } else {
                return
            }
        }
    }

    private func giveUp(_ identity: Int) {
        let waiter: Waiter
        if let index = newcomers.firstIndex(where: { $0.identity == identity }) {
            waiter = newcomers.remove(at: index)
        } else if let index = returning.firstIndex(where: { $0.identity == identity }) {
            waiter = returning.remove(at: index)
        } else {
            return
        }
        let error = hasOpen ? PostgresError(.busy, "no connection of its lane became free") : latestError
        answer(waiter, .failure(error))
        closeLaterIfIdle()
    }

    private func answer(_ waiter: Waiter, _ outcome: Result<Loan, PostgresError>) {
        waiter.timer.cancel()
        waiter.continuation.resume(returning: outcome)
    }

    // MARK: Connections

    private var hasOpen: Bool { connections.contains { $0.assumeIsolated { $0.isOpen } } }

    private func addConnection() {
        if !hasOpen && missingSince == nil { missingSince = loop.now }
        let connection = PostgresConnection(loop: loop, configuration: configuration, kind: limits.kind)
        connections.append(connection)
        connection.assumeIsolated { $0.start(owner: self) }
    }

    nonisolated func connection(_ connection: PostgresConnection, did event: PostgresConnectionEvent) {
        assumeIsolated { lane in
            switch event {
            case .opened:
                lane.missingSince = nil
                lane.lendToWaiters()
                lane.closeLaterIfIdle()
            case .lost(let error):
                lane.latestError = error
                if !lane.hasOpen && lane.missingSince == nil { lane.missingSince = lane.loop.now }
                lane.closeLaterIfIdle()
            case .hasRoom, .notification: break
            }
        }
    }

    /// Closes what nobody needs, where connections do not live as long as the pool.
    private func closeLaterIfIdle() {
        guard limits.lifetime != .pool, newcomers.isEmpty, returning.isEmpty, lent.isEmpty, idleTimer == nil else {
            return
        }
        guard case .use(let idle) = limits.lifetime, hasOpen else { return closeAllConnections() }
        idleTimer = loop.schedule(after: idle) { [weak self] in
            self?.assumeIsolated { lane in
                lane.idleTimer = nil
                lane.closeAllConnections()
            }
        }
    }

    private func closeAllConnections() {
        for connection in connections { close(connection) }
    }

    private func close(_ connection: PostgresConnection) {
        connections.removeAll { $0 === connection }
        if connections.isEmpty { missingSince = nil }
        connection.assumeIsolated { $0.close(PostgresError(.unavailable, "the connection is not needed any more")) }
    }

    /// Has those that pause between two attempts connect at once.
    func hurry() {
        for connection in connections { connection.assumeIsolated { $0.hurry() } }
    }

    /// Closes all connections; who waits for one or runs a query on one gets an error.
    func close(_ error: PostgresError) {
        isClosed = true
        idleTimer?.cancel()
        while let waiter = newcomers.popFirst() ?? returning.popFirst() { answer(waiter, .failure(error)) }
        for (continuation, timer) in paused.values {
            timer.cancel()
            continuation.resume()
        }
        paused = [:]
        for connection in connections { connection.assumeIsolated { $0.close(error) } }
    }
}
