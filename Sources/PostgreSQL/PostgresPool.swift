public import NonblockingIO

/// The connections to the server that one event loop uses.
///
/// What reads shares a few pipelined connections; what may have to wait has those of its lane, one statement at a time on
/// each, and a script has one of its own. No lane waits for another's connections. Cancelling a task does not cancel its query: the
/// query runs to its end, and the task gets the result.
public actor PostgresPool: PostgresConnectionOwner {
    /// The loop that it lives on.
    public nonisolated let loop: EventLoop
    nonisolated let configuration: PostgresConfiguration
    /// Those of the lane `read`.
    private let connections: [PostgresConnection]
    private nonisolated let write: SerialLane
    private nonisolated let batch: SerialLane
    private nonisolated let long: SerialLane
    nonisolated let scripts: SerialLane
    private var machine: ReadLaneStateMachine<QueryRequest>
    private var timer = DeadlineTimer()

    /// The loop, on which all of it runs.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// A pool that connects when it is started.
    public init(loop: EventLoop, configuration: PostgresConfiguration) {
        self.loop = loop
        self.configuration = configuration
        machine = ReadLaneStateMachine(
            acquireTimeout: configuration.acquireTimeout, maxPending: configuration.maxPendingQueries)
        connections = (0..<configuration.poolSize).map { _ in
            PostgresConnection(loop: loop, configuration: configuration, kind: .reading(configuration))
        }
        func lane(_ limits: LaneLimits) -> SerialLane {
            SerialLane(loop: loop, configuration: configuration, limits: limits)
        }
        write = lane(.write(configuration))
        batch = lane(.batch(configuration))
        long = lane(.long(configuration))
        scripts = lane(.script(configuration))
    }

    deinit { PostgresConnection.abandon(connections, on: loop) }

    /// Connects; queries may be sent at once and wait for it.
    public func start() {
        guard machine.start(at: loop.uptime) else { return }
        setTimer()
        for connection in connections { connection.assumeIsolated { $0.start(owner: self) } }
        for lane in [write, batch, long] { lane.assumeIsolated { $0.start() } }
    }

    /// Ends all connections: queries in flight fail with an unknown outcome, those that wait as unavailable.
    public func close() async { closeAll() }

    /// How many connections to the server it has at most at the same time.
    public nonisolated var maximumConnections: Int { configuration.maximumConnections }

    /// Whether there is a connection for what reads.
    public var isAvailable: Bool { connections.contains { $0.assumeIsolated { $0.isOpen } } }

    // MARK: Queries

    /// Runs one statement as a transaction of its own, on the connections of its lane, prepared at its first use on each.
    ///
    /// What was certainly undone is tried again by itself: when it gave way to others (SQLSTATE class 40: a deadlock, say),
    /// when a table was changed after it had been prepared, and when its session was ended before it was complete.
    /// - Throws: `PostgresError`; with `isBusy` when others held what it needs for longer than `patience`.
    public func query(_ statement: PostgresStatement, _ parameters: [PostgresParameter] = [])
        async throws(PostgresError) -> PostgresResult
    {
        switch statement.lane {
        case .read: break
        case .write: return try await query(statement, parameters, in: write)
        case .batch: return try await query(statement, parameters, in: batch)
        case .long: return try await query(statement, parameters, in: long)
        }
        // Each connection may have an old plan.
        var repetitions = Repetitions(atMost: max(2, connections.count))
        while true {
            do throws(PostgresError) {
                return try await queryOnce(statement, parameters)
            } catch {
                guard repetitions.allow(after: error) else { throw error }
            }
        }
    }

    private func query(_ statement: PostgresStatement, _ parameters: [PostgresParameter], in lane: SerialLane)
        async throws(PostgresError) -> PostgresResult
    {
        try checkRunning()
        return try await lane.query(statement, parameters)
    }

    private func queryOnce(_ statement: PostgresStatement, _ parameters: [PostgresParameter])
        async throws(PostgresError) -> PostgresResult
    {
        try machine.enter()
        defer { machine.leave() }
        return try await withCheckedContinuation { continuation in
            // The outage may be overdue, or the pool closed, since the check: every await may let others run. Nobody would
            // answer whom the pool then keeps.
            do throws(PostgresError) {
                try machine.checkAvailable()
            } catch {
                return continuation.resume(returning: QueryOutcome.failure(error))
            }
            let request = QueryRequest(
                statement: statement, parameters: parameters, role: .alone, continuation: continuation)
            if machine.hasWaiting || !dispatch(request) { machine.wait(request) }
        }.get()
    }

    func checkRunning() throws(PostgresError) { try machine.checkRunning() }

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
        while let request = machine.firstWaiting, dispatch(request) { machine.removeFirstWaiting() }
    }

    nonisolated func connection(_ connection: PostgresConnection, did event: PostgresConnectionEvent) {
        assumeIsolated { pool in
            switch event {
            case .opened:
                pool.machine.opened()
                pool.setTimer()
                pool.hurryOthers()
                pool.dispatchWaiting()
            case .hasRoom: pool.dispatchWaiting()
            case .lost(let error):
                pool.machine.lost(error, isAvailable: pool.isAvailable, at: pool.loop.uptime)
                pool.setTimer()
            case .notification: break
            }
        }
    }

    // MARK: Outages

    /// Where one connection could be made, the others need not wait for their next attempt.
    private func hurryOthers() {
        for connection in connections { connection.assumeIsolated { $0.hurry() } }
        for lane in [write, batch, long] { lane.assumeIsolated { $0.hurry() } }
    }

    private func setTimer() {
        timer.set(to: machine.deadline, on: loop) { [weak self] in self?.assumeIsolated { $0.reachDeadline() } }
    }

    private func reachDeadline() {
        timer.hasFired()
        fail(machine.timer(at: loop.uptime))
        setTimer()
    }

    private func fail(_ given: (requests: [QueryRequest], error: PostgresError)?) {
        guard let given else { return }
        for request in given.requests { request.continuation.resume(returning: .failure(given.error)) }
    }

    private func closeAll() {
        guard let given = machine.close() else { return }
        setTimer()
        fail(given)
        let error = given.error
        for connection in connections { connection.assumeIsolated { $0.close(error) } }
        for lane in [write, batch, long, scripts] { lane.assumeIsolated { $0.close(error) } }
    }
}
