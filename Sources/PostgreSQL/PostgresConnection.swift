import NonblockingIO

/// What a connection tells its owner.
enum PostgresConnectionEvent {
    /// Queries can be sent, in a new session.
    case opened
    /// The session is over or could not be opened; another is attempted by itself.
    case lost(PostgresError)
    /// What was held back has been sent.
    case hasRoom
    /// Another session said NOTIFY on a channel that this one listens on.
    case notification(channel: String, payload: String)
}

/// Owns connections, on the same loop.
protocol PostgresConnectionOwner: AnyObject, Sendable {
    nonisolated func connection(_ connection: PostgresConnection, did event: PostgresConnectionEvent)
}

/// A connection to the server that is made again by itself, with back-off, when it is lost.
actor PostgresConnection: ReadinessHandler {
    private let loop: EventLoop
    private let configuration: PostgresConfiguration
    private let kind: SessionKind
    private weak var owner: (any PostgresConnectionOwner)?
    private var machine: PostgresConnectionStateMachine
    private var session: PostgresSession?
    private var registration: Registration?
    private var timer = DeadlineTimer()
    /// Where the session that is being made may be.
    private var target: Target?
    /// The addresses that the session was given, in the connection string's order.
    private var hosts: [HostList.Host] = []
    /// libpq holds bytes back that the socket did not take. Nothing more is given to it until then: what it has may
    /// have been sent, what it does not have can still go elsewhere.
    private var isSocketFull = false

    private struct Target {
        let string: ConnectionString
        let list: HostList
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(loop: EventLoop, configuration: PostgresConfiguration, kind: SessionKind) {
        self.loop = loop
        self.configuration = configuration
        self.kind = kind
        machine = PostgresConnectionStateMachine(
            connectTimeout: configuration.connectTimeout, longestSilence: kind.longestSilence)
    }

    // MARK: For the owner, on the loop

    /// Connects, and stays connected until `close`.
    func start(owner: any PostgresConnectionOwner) {
        if self.owner == nil { self.owner = owner }
        tell(.start)
    }

    var isOpen: Bool { machine.isOpen }

    /// Tells sessions apart.
    var sessionNumber: Int { machine.sessionNumber }

    /// How many queries are in flight, nil when no more can be sent now.
    var load: Int? { machine.isOpen && !isSocketFull ? session?.inFlight : nil }

    /// Sends a query, in the session of that number if one is given; false when nothing of it was sent.
    func send(_ request: QueryRequest, inSession number: Int? = nil) -> Bool {
        guard machine.isOpen, let session, number == nil || number == machine.sessionNumber else { return false }
        if session.inFlight == 0 { machine.noteProgress(at: loop.uptime) }
        guard session.send(request) else {
            tell(.failed(session.lossError))
            return false
        }
        // PQpipelineSync has sent what it could; this tells whether that was all.
        if !isSocketFull { flush(session) }
        return true
    }

    /// The server's process, as it has said it for cancelling.
    var backendProcess: Int64? { session?.backendProcess }

    /// Ends the session, of which nothing shall be left, and begins another.
    func restart() { tell(.restart) }

    /// Makes the next attempt now rather than after its pause: the server is there again.
    func hurry() { tell(.hurry) }

    /// Ends the session for good; queries in flight fail.
    func close(_ error: PostgresError) { tell(.close(error)) }

    /// Closes the connections of an owner that is gone, and with it everybody who waited for them.
    // An isolated deinit of a public actor crashes the optimizer in modules that use it ("circular reference", Swift 6.3).
    nonisolated static func abandon(_ connections: [PostgresConnection], on loop: EventLoop) {
        loop.execute {
            for connection in connections {
                connection.assumeIsolated { $0.close(PostgresError(.unavailable, "the owner is gone")) }
            }
        }
    }

    // MARK: What the state machine says

    private func tell(_ event: PostgresConnectionStateMachine.Event) {
        let action = machine.handle(event, at: loop.uptime)
        setTimer()
        switch action {
        case .none: break
        case .resolve: resolve()
        case .stopResolving: endResolution()
        case .connect: connect()
        case .tellOpened:
            configuration.report.opened(self, configuration.log)
            owner?.connection(self, did: .opened)
        case .end(let error): endSession(error)
        case .lose(let error):
            configuration.report.failed(self, error.message, configuration.log)
            endSession(error)
            owner?.connection(self, did: .lost(error))
        case .close(let error):
            endSession(error)
            configuration.report.closed(self)
        }
    }

    private func setTimer() {
        timer.set(to: machine.deadline, on: loop) { [weak self] in self?.assumeIsolated { $0.reachDeadline() } }
    }

    private func reachDeadline() {
        timer.hasFired()
        let awaitsAnswer = session.map { $0.inFlight > 0 && !$0.isRunningScript } ?? false
        let host = session?.host.flatMap { used in hosts.firstIndex { used.isOne($0) } }
        tell(.deadline(awaitsAnswer: awaitsAnswer, host: host))
    }

    // MARK: Connecting

    private func resolve() {
        do throws(PostgresConnectionStringError) {
            let string = try ConnectionString(configuration.connectionString)
            let target = Target(string: string, list: try HostList(string))
            self.target = target
            lookUp(target.list.names)
        } catch {
            tell(.failed(PostgresError(.unavailable, error.description)))
        }
    }

    /// Has the names of hosts looked up, where libpq would do it with a call that blocks.
    private func lookUp(_ names: [String]) {
        let (loop, resolver, number) = (loop, configuration.resolver, machine.sessionNumber)
        guard !names.isEmpty else { return endResolution() }
        resolver.resolve(names, for: self) { [weak self] in
            guard let self else { return }
            loop.execute {
                self.assumeIsolated { connection in
                    guard connection.machine.sessionNumber == number, !resolver.isLookingUp(names) else { return }
                    connection.endResolution()
                }
            }
        }
    }

    /// With what is known of the hosts by now.
    private func endResolution() {
        guard case .resolving = machine.state, let list = target?.list else { return }
        let resolver = configuration.resolver
        hosts = list.resolved { resolver.addresses(of: $0) }
        guard !hosts.isEmpty || list.names.isEmpty else {
            let reasons = list.names.map { "the host \($0) was not found: \(resolver.failure(of: $0))" }
            return tell(.failed(PostgresError(.unavailable, reasons.joined(separator: "; "))))
        }
        tell(.resolved(session: machine.sessionNumber))
    }

    private func connect() {
        guard let target else { return }
        let place = hosts.isEmpty ? 0 : machine.firstHost % hosts.count
        let parameters = configuration.parameters(
            for: kind, string: target.string, hosts: Array(hosts[place...] + hosts[..<place]))
        guard let session = PostgresSession(parameters, configuration) else {
            return tell(.failed(PostgresError(.unavailable, "no memory for a connection")))
        }
        self.session = session
        // libpq asks for the first PQconnectPoll only after the socket is writable.
        if session.socket < 0 { poll(session) } else { watch(session, .writable) }
    }

    private func poll(_ session: PostgresSession) {
        switch session.poll() {
        case .failed(let error): tell(.failed(error))
        case .waiting(let isForWriting): watch(session, isForWriting ? .writable : .readable)
        case .open:
            watch(session, .readable)
            tell(.opened)
        }
    }

    /// Registers libpq's socket anew: PQconnectPoll may have replaced it, even by one of the same number.
    private func watch(_ session: PostgresSession, _ interest: Readiness) {
        if let registration { loop.deregister(registration) }
        registration = nil
        do {
            registration = try loop.register(session.socket, for: interest, .level, handler: self)
        } catch {
            tell(.failed(PostgresError(.unavailable, "\(error)")))
        }
    }

    // MARK: Readiness

    nonisolated func descriptorIsReady(_ readiness: Readiness) {
        assumeIsolated { connection in
            guard let session = connection.session else { return }
            if connection.machine.isOpen {
                connection.serve(session, readiness)
            } else {
                connection.poll(session)
            }
        }
    }

    private func serve(_ session: PostgresSession, _ readiness: Readiness) {
        if readiness.contains(.readable) {
            machine.noteProgress(at: loop.uptime)
            let isIntact = session.receive()
            while let (channel, payload) = session.nextNotification() {
                owner?.connection(self, did: .notification(channel: channel, payload: payload))
            }
            if !isIntact { return tell(.failed(session.lossError)) }
        }
        if readiness.contains(.writable) { flush(session) }
    }

    private func flush(_ session: PostgresSession) {
        guard let isLeft = session.flush() else { return tell(.failed(session.lossError)) }
        // Where the socket was full, libpq has read what had come meanwhile, to make room (`pqSendSome` in fe-misc.c): the
        // socket does not become readable for that again.
        session.takeResults()
        guard isLeft != isSocketFull, let registration else { return }
        isSocketFull = isLeft
        do {
            try loop.modify(registration, interest: isLeft ? [.readable, .writable] : .readable)
        } catch {
            return tell(.failed(PostgresError(.unavailable, "\(error)")))
        }
        if !isLeft { owner?.connection(self, did: .hasRoom) }
    }

    // MARK: Ending

    private func endSession(_ error: PostgresError) {
        // Before PQfinish closes the descriptor.
        if let registration { loop.deregister(registration) }
        registration = nil
        isSocketFull = false
        session?.end(error)
        session = nil
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
