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
    private enum Phase { case idle, resolving, connecting, open, pausing, closed }

    private let loop: EventLoop
    private let configuration: PostgresConfiguration
    private let kind: SessionKind
    private weak var owner: (any PostgresConnectionOwner)?
    private var phase = Phase.idle
    private var session: PostgresSession?
    private var registration: Registration?
    /// Ends the attempt to connect, the pause after it, or the silence of the server.
    private var timer: EventLoopTimer?
    /// Ends the wait for addresses when the last known will have to do.
    private var resolutionTimer: EventLoopTimer?
    private var backoff = Backoff()
    /// Which of several addresses is tried first, counted round and round: another one after each that was silent.
    private var firstHost = 0
    /// The addresses that the session was given, in the connection string's order.
    private var hosts: [HostList.Host] = []
    private var openedAt: ContinuousClock.Instant?
    private var lastProgress = ContinuousClock.now
    /// libpq holds bytes back that the socket did not take. Nothing more is given to it until then: what it has may
    /// have been sent, what it does not have can still go elsewhere.
    private var isBlocked = false
    /// Tells sessions apart.
    private(set) var sessionNumber = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(loop: EventLoop, configuration: PostgresConfiguration, kind: SessionKind) {
        self.loop = loop
        self.configuration = configuration
        self.kind = kind
    }

    // MARK: For the owner, on the loop

    /// Connects, and stays connected until `close`.
    func start(owner: any PostgresConnectionOwner) {
        guard phase == .idle else { return }
        self.owner = owner
        connect()
    }

    var isOpen: Bool { phase == .open }

    /// How many queries are in flight, nil when no more can be sent now.
    var load: Int? { phase == .open && !isBlocked ? session?.inFlight : nil }

    /// Sends a query, in the session of that number if one is given; false when nothing of it was sent.
    func send(_ request: QueryRequest, inSession number: Int? = nil) -> Bool {
        guard phase == .open, let session, number == nil || number == sessionNumber else { return false }
        if session.inFlight == 0 { lastProgress = loop.now }
        guard session.send(request) else {
            lose(session.lossError)
            return false
        }
        // PQpipelineSync has sent what it could; this tells whether that was all.
        if !isBlocked { flush(session) }
        return true
    }

    /// Whether nothing is in flight and no transaction is open.
    var isIdle: Bool { session?.isIdle ?? true }

    /// The server's process, as it has said it for cancelling.
    var backendProcess: Int64? { session?.backendProcess }

    /// Ends the session, of which nothing shall be left, and begins another.
    func restart() {
        guard phase == .open else { return }
        endSession(PostgresError(.unavailable, "the session was ended"))
        pause()
    }

    /// Ends the session for good; queries in flight fail.
    func close(_ error: PostgresError) {
        guard phase != .closed else { return }
        endSession(error)
        phase = .closed
        configuration.report.closed(self)
    }

    /// Closes the connections of an owner that is gone, and with it everybody who waited for them.
    // An isolated deinit of a public actor crashes the optimizer in modules that use it ("circular reference", Swift 6.3).
    nonisolated static func abandon(_ connections: [PostgresConnection], on loop: EventLoop) {
        loop.execute {
            for connection in connections {
                connection.assumeIsolated { $0.close(PostgresError(.unavailable, "the owner is gone")) }
            }
        }
    }

    // MARK: Connecting

    private func connect() {
        phase = .resolving
        sessionNumber += 1
        schedule(after: configuration.connectTimeout) { connection in
            connection.firstHost += 1
            connection.lose(
                PostgresError(.unavailable, "no connection within \(connection.configuration.connectTimeout)"))
        }
        do throws(PostgresConnectionStringError) {
            let string = try ConnectionString(configuration.connectionString)
            resolve(try HostList(string), string)
        } catch {
            lose(PostgresError(.unavailable, error.description))
        }
    }

    /// Has the names of hosts looked up, where libpq would do it with a call that blocks.
    private func resolve(_ list: HostList, _ string: ConnectionString) {
        let names = list.names
        guard !names.isEmpty else { return open(list.hosts, string) }
        let (loop, resolver, number) = (loop, configuration.resolver, sessionNumber)
        resolutionTimer = loop.schedule(after: configuration.connectTimeout / 2) { [weak self] in
            self?.assumeIsolated { $0.endResolution(of: list, string, number) }
        }
        resolver.resolve(names, for: self) { [weak self] in
            guard let self else { return }
            loop.execute {
                self.assumeIsolated { connection in
                    if !resolver.isLookingUp(names) { connection.endResolution(of: list, string, number) }
                }
            }
        }
    }

    private func endResolution(of list: HostList, _ string: ConnectionString, _ number: Int) {
        guard phase == .resolving, number == sessionNumber else { return }
        resolutionTimer?.cancel()
        resolutionTimer = nil
        let resolver = configuration.resolver
        let hosts = list.resolved { resolver.addresses(of: $0) }
        guard !hosts.isEmpty else {
            let reasons = list.names.map { "the host \($0) was not found: \(resolver.failure(of: $0))" }
            return lose(PostgresError(.unavailable, reasons.joined(separator: "; ")))
        }
        open(hosts, string)
    }

    private func open(_ hosts: [HostList.Host], _ string: ConnectionString) {
        phase = .connecting
        self.hosts = hosts
        let place = hosts.isEmpty ? 0 : firstHost % hosts.count
        let parameters = configuration.parameters(
            for: kind, string: string, hosts: Array(hosts[place...] + hosts[..<place]))
        guard let session = PostgresSession(parameters, configuration) else {
            return lose(PostgresError(.unavailable, "no memory for a connection"))
        }
        self.session = session
        // libpq asks for the first PQconnectPoll only after the socket is writable.
        if session.socket < 0 { poll(session) } else { watch(session, .writable) }
    }

    private func poll(_ session: PostgresSession) {
        let progress = session.poll()
        switch progress {
        case .failed(let error): lose(error)
        case .waiting(let isForWriting): watch(session, isForWriting ? .writable : .readable)
        case .open:
            watch(session, .readable)
            guard phase == .connecting else { return }
            phase = .open
            openedAt = loop.now
            superviseSilence()
            configuration.report.opened(self, configuration.log)
            owner?.connection(self, did: .opened)
        }
    }

    /// Registers libpq's socket anew: PQconnectPoll may have replaced it, even by one of the same number.
    private func watch(_ session: PostgresSession, _ interest: Readiness) {
        if let registration { loop.deregister(registration) }
        registration = nil
        do {
            registration = try loop.register(session.socket, for: interest, .level, handler: self)
        } catch {
            lose(PostgresError(.unavailable, "\(error)"))
        }
    }

    // MARK: Readiness

    nonisolated func descriptorIsReady(_ readiness: Readiness) {
        assumeIsolated { connection in
            guard let session = connection.session else { return }
            if connection.phase == .connecting {
                connection.poll(session)
            } else {
                connection.serve(session, readiness)
            }
        }
    }

    private func serve(_ session: PostgresSession, _ readiness: Readiness) {
        if readiness.contains(.readable) {
            lastProgress = loop.now
            let isIntact = session.receive()
            while let (channel, payload) = session.nextNotification() {
                owner?.connection(self, did: .notification(channel: channel, payload: payload))
            }
            if !isIntact { return lose(session.lossError) }
        }
        if readiness.contains(.writable) { flush(session) }
    }

    private func flush(_ session: PostgresSession) {
        guard let isLeft = session.flush() else { return lose(session.lossError) }
        // Where the socket was full, libpq has read what had come meanwhile, to make room (`pqSendSome` in fe-misc.c): the
        // socket does not become readable for that again.
        session.takeResults()
        guard isLeft != isBlocked, let registration else { return }
        isBlocked = isLeft
        do {
            try loop.modify(registration, interest: isLeft ? [.readable, .writable] : .readable)
        } catch {
            return lose(PostgresError(.unavailable, "\(error)"))
        }
        if !isLeft { owner?.connection(self, did: .hasRoom) }
    }

    // MARK: Time

    private func schedule(after delay: Duration, _ action: @escaping @Sendable (isolated PostgresConnection) -> Void) {
        timer?.cancel()
        timer = loop.schedule(after: delay) { [weak self] in self?.assumeIsolated { action($0) } }
    }

    /// A server that stopped without closing its sockets would otherwise be waited for as long as TCP allows.
    private func superviseSilence() {
        guard let longest = kind.longestSilence else {
            timer?.cancel()
            return
        }
        let isWaiting = session.map { $0.inFlight > 0 && !$0.isRunningScript } ?? false
        let silence = isWaiting ? lastProgress.duration(to: .now) : .zero
        guard silence < longest else {
            if let used = session?.host, let place = hosts.firstIndex(where: { used.isOne($0) }) {
                firstHost = place + 1
            }
            return lose(PostgresError(.unavailable, "no answer within \(longest)"))
        }
        schedule(after: longest - silence) { $0.superviseSilence() }
    }

    // MARK: Ending

    private func lose(_ error: PostgresError) {
        guard phase != .closed && phase != .pausing else { return }
        configuration.report.failed(self, error.message, configuration.log)
        endSession(error)
        pause()
        owner?.connection(self, did: .lost(error))
    }

    /// Makes the next attempt now rather than after its pause: the server is there again.
    func hurry() {
        guard phase == .pausing else { return }
        connect()
    }

    private func pause() {
        phase = .pausing
        // A server that accepts sessions only to end them is not asked more often than one that accepts none.
        if let openedAt, openedAt.duration(to: .now) > Backoff.longest { backoff.reset() }
        openedAt = nil
        schedule(after: backoff.delay()) { $0.connect() }
    }

    private func endSession(_ error: PostgresError) {
        timer?.cancel()
        timer = nil
        resolutionTimer?.cancel()
        resolutionTimer = nil
        // Before PQfinish closes the descriptor.
        if let registration { loop.deregister(registration) }
        registration = nil
        isBlocked = false
        session?.end(error)
        session = nil
    }
}
