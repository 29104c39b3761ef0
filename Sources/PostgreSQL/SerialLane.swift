import NonblockingIO

/// Connections that are lent to one statement or one body of `withSession` at a time: those that `SerialLaneStateMachine` wants,
/// lent as it says.
actor SerialLane: PostgresConnectionOwner {
    /// A connection, and the number of the session it is lent for.
    struct Loan: Sendable {
        let connection: PostgresConnection
        let sessionNumber: Int
        fileprivate let client: Int
    }

    private typealias Decision = Result<Loan, PostgresError>

    private let loop: EventLoop
    private let configuration: PostgresConfiguration
    private let kind: SessionKind
    private var machine: SerialLaneStateMachine
    /// By the numbers that the state machine has given them.
    private var connections: [Int: PostgresConnection] = [:]
    /// Who waits for what the state machine decides.
    private var waiting: [Int: CheckedContinuation<Decision, Never>] = [:]
    private var timer: EventLoopTimer?

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(loop: EventLoop, configuration: PostgresConfiguration, limits: LaneLimits) {
        self.loop = loop
        self.configuration = configuration
        kind = limits.kind
        machine = SerialLaneStateMachine(
            SerialLaneStateMachine.Limits(
                connections: limits.connections, lifetime: limits.lifetime, patience: configuration.patience,
                acquireTimeout: configuration.acquireTimeout, maxWaiting: configuration.maxPendingQueries))
    }

    deinit { PostgresConnection.abandon(Array(connections.values), on: loop) }

    /// Connects, where the connections live as long as the pool.
    func start() {
        machine.start(at: loop.uptime)
        perform()
    }

    /// Runs one statement as a transaction of its own, for which it tries to get a connection and its locks as long as
    /// `patience`; what was certainly undone is tried again within that time.
    func query(_ statement: PostgresStatement, _ parameters: [PostgresParameter])
        async throws(PostgresError) -> PostgresResult
    {
        var loan = try await loan { machine, now in machine.submit(at: now) }
        while true {
            do throws(PostgresError) {
                let result = try await loan.connection.query(
                    statement, parameters, .alone, inSession: loan.sessionNumber)
                release(loan)
                return result
            } catch {
                let client = loan.client
                loan = try await self.loan { machine, now in
                    machine.failed(client, error, at: now)
                    return client
                }
            }
        }
    }

    /// Lends a connection, as soon as there is one: it is to be given back by `release`.
    func acquire() async throws(PostgresError) -> Loan { try await loan { machine, now in machine.borrow(at: now) } }

    /// Takes a connection back.
    func release(_ loan: Loan) {
        machine.finished(loan.client, at: loop.uptime)
        perform()
    }

    /// Has a client wait for the connection that `ask` wants for it.
    /// - Parameter ask: gives the client's number.
    private func loan(_ ask: (inout SerialLaneStateMachine, SerialLaneStateMachine.Instant) -> Int)
        async throws(PostgresError) -> Loan
    {
        try await withCheckedContinuation { continuation in
            // Asked here, so that there is somebody to be answered.
            waiting[ask(&machine, loop.uptime)] = continuation
            perform()
        }.get()
    }

    // MARK: What the state machine says

    private func perform() {
        while let action = machine.nextAction() {
            switch action {
            case .connect(let number):
                let connection = PostgresConnection(loop: loop, configuration: configuration, kind: kind)
                connections[number] = connection
                connection.assumeIsolated { $0.start(owner: self) }
            case .lend(let number, to: let client):
                guard let connection = connections[number] else { continue }
                let session = connection.assumeIsolated { $0.sessionNumber }
                answer(client, .success(Loan(connection: connection, sessionNumber: session, client: client)))
            case .refuse(let client, let error): answer(client, .failure(error))
            case .close(let number, let error):
                connections.removeValue(forKey: number)?.assumeIsolated { $0.close(error) }
            case .setTimer(let instant):
                timer?.cancel()
                timer = loop.schedule(atUptime: instant) { [weak self] in
                    self?.assumeIsolated { lane in
                        lane.machine.timer(at: lane.loop.uptime)
                        lane.perform()
                    }
                }
            }
        }
    }

    private func answer(_ client: Int, _ decision: Decision) {
        waiting.removeValue(forKey: client)?.resume(returning: decision)
    }

    nonisolated func connection(_ connection: PostgresConnection, did event: PostgresConnectionEvent) {
        assumeIsolated { lane in
            guard let number = lane.connections.first(where: { $0.value === connection })?.key else { return }
            switch event {
            case .opened: lane.machine.opened(number, at: lane.loop.uptime)
            case .lost(let error): lane.machine.lost(number, error, at: lane.loop.uptime)
            case .hasRoom, .notification: return
            }
            lane.perform()
        }
    }

    /// Has those that pause between two attempts connect at once.
    func hurry() {
        for connection in connections.values { connection.assumeIsolated { $0.hurry() } }
    }

    /// Closes all connections; who waits for one or runs a query on one gets an error.
    func close(_ error: PostgresError) {
        machine.close(error)
        timer?.cancel()
        perform()
    }
}
