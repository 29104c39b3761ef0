import HTTP
import NonblockingIO

/// One event loop's share of a server: its listening socket and its connections.
actor HTTPListener: ReadinessHandler {
    private let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let socket: ListeningSocket
    private let responder: any HTTPResponder
    private let limits: ServerLimits
    private let budget: ConnectionBudget
    private let proxies: TrustedProxies
    private let log: (any AccessLog)?
    private let scratch: LoopScratch
    private var registration: Registration?
    private var connections: [ObjectIdentifier: HTTPConnection] = [:]
    /// The most connections since memory was given back.
    private var mostConnections = 0
    private var isPaused = false
    private var isStopping = false
    /// The listening socket is closed, and every connection that there will be is there.
    private var isClosed = false
    private var hasAborted = false
    private var whenEmpty: CheckedContinuation<Void, Never>?

    /// How many connections are accepted before those that exist get their turn again.
    private static let acceptBatch = 64
    /// How long accepting rests when there are no descriptors or there is no memory.
    private static let restWithoutResources: Duration = .milliseconds(100)
    /// So many connections are a rush, after which memory is given back.
    private static let manyConnections = 100
    private static let restAfterRush: Duration = .seconds(1)
    /// How long a client's last segment of a handshake may be on its way, when no further handshake begins: a round trip
    /// in a local network. Who begins one in that time waits a second.
    private static let handshakeTime: Duration = .milliseconds(2)

    init(
        socket: ListeningSocket, loop: EventLoop, responder: any HTTPResponder, limits: ServerLimits,
        budget: ConnectionBudget, proxies: TrustedProxies, log: (any AccessLog)?
    ) {
        self.socket = socket
        self.loop = loop
        self.responder = responder
        self.limits = limits
        self.budget = budget
        self.proxies = proxies
        self.log = log
        scratch = LoopScratch(loop: loop)
    }

    func start() throws(SyscallError) {
        registration = try loop.register(socket.descriptor, for: .readable, .level, handler: self)
    }

    nonisolated func descriptorIsReady(_ readiness: Readiness) {
        assumeIsolated { $0.acceptConnections() }
    }

    // MARK: Accepting

    private func acceptConnections() {
        guard !isPaused, !isClosed else { return }
        for _ in 0..<Self.acceptBatch {
            guard budget.take() else {
                pause()
                budget.whenFree { [weak self, loop] in
                    guard let self else { return }
                    loop.execute { self.assumeIsolated { $0.resume() } }
                }
                return
            }
            do throws(SyscallError) {
                guard let (descriptor, peer) = try socket.accept() else { return budget.giveBack() }
                // Who has gone while it waited costs no more than this, so that a storm of such does not hold up others.
                if Syscalls.isReset(descriptor) {
                    Syscalls.close(descriptor)
                    budget.giveBack()
                } else {
                    try serve(descriptor, peer)
                }
            } catch {
                budget.giveBack()
                // Otherwise this one connection is lost (accept(2) hands over its network errors): the next may be well.
                guard error.isOutOfResources else { continue }
                pause()
                loop.schedule(after: Self.restWithoutResources) { [weak self] in
                    self?.assumeIsolated { $0.resume() }
                }
                return
            }
        }
    }

    private func serve(_ descriptor: Int32, _ peer: SocketAddress) throws(SyscallError) {
        let connection = HTTPConnection(
            socket: descriptor, loop: loop, scratch: scratch, responder: responder, limits: limits,
            proxies: proxies.contains(peer) ? proxies : nil, log: log.map { ConnectionLog($0, peer: peer.description) }
        ) { [unowned self] connection in
            assumeIsolated { $0.connectionDidClose(connection) }
        }
        connections[ObjectIdentifier(connection)] = connection
        mostConnections = max(mostConnections, connections.count)
        if isStopping { connection.assumeIsolated { $0.stop() } }
        do {
            try connection.assumeIsolated { try $0.start() }
        } catch let error as SyscallError {
            forget(connection)
            throw error
        } catch {
            preconditionFailure("a connection starts or throws a SyscallError: \(error)")
        }
    }

    private func connectionDidClose(_ connection: HTTPConnection) {
        forget(connection)
        budget.giveBack()
        resume()
        if mostConnections >= Self.manyConnections, connections.count <= mostConnections / 4 { returnMemory() }
    }

    /// After a rush the memory of those who have gone is given back, when the last of them have gone as well.
    private func returnMemory() {
        mostConnections = connections.count
        loop.schedule(after: Self.restAfterRush) { Syscalls.returnFreeMemory() }
    }

    private func forget(_ connection: HTTPConnection) {
        connections[ObjectIdentifier(connection)] = nil
        noteEnd()
    }

    private func noteEnd() {
        guard isClosed, connections.isEmpty else { return }
        whenEmpty?.resume()
        whenEmpty = nil
    }

    /// Leaves new connections in the kernel's queue.
    private func pause() {
        guard !isPaused else { return }
        isPaused = true
        watch([])
    }

    private func resume() {
        guard isPaused, !isStopping else { return }
        isPaused = false
        watch(.readable)
    }

    private func watch(_ interest: Readiness) {
        guard let registration else { return }
        do {
            try loop.modify(registration, interest: interest)
        } catch {
            // epoll_ctl(2) changes an existing entry without needing anything that could be missing.
            preconditionFailure("\(error)")
        }
    }

    // MARK: Stopping

    /// Takes no new connections, lets requests in progress end, and comes back when the last connection is closed or
    /// `timeout` is over; at once when it is already stopping.
    ///
    /// Whoever has connected is served: a connection that the kernel has completed is not reset, and an idle one stays
    /// for `ServerLimits.idleGrace`, since a proxy may be about to use it. Its next answer says that it is the last.
    func stop(within timeout: Duration) async {
        guard !isStopping else { return }
        beginStopping(within: timeout)
        await withCheckedContinuation { continuation in
            // Looked at here and not before: connections may close while this task gets to wait.
            if isClosed, connections.isEmpty { continuation.resume() } else { whenEmpty = continuation }
        }
    }

    private func beginStopping(within timeout: Duration) {
        isStopping = true
        socket.refuseNewConnections()
        for connection in Array(connections.values) { connection.assumeIsolated { $0.stop() } }
        schedule(after: min(Self.handshakeTime, timeout)) { $0.closeSocket() }
        schedule(after: min(limits.idleGrace, timeout)) { $0.closeIdleConnections() }
        schedule(after: timeout) { $0.abortConnections() }
    }

    private func schedule(after delay: Duration, _ action: @escaping @Sendable (isolated HTTPListener) -> Void) {
        loop.schedule(after: delay) { [weak self] in self?.assumeIsolated { action($0) } }
    }

    private func closeSocket() {
        if !hasAborted { acceptConnections() }
        isClosed = true
        if let registration { loop.deregister(registration) }
        registration = nil
        socket.close()
        noteEnd()
    }

    private func closeIdleConnections() {
        for connection in Array(connections.values) { connection.assumeIsolated { $0.closeWhenIdle() } }
    }

    private func abortConnections() {
        hasAborted = true
        for connection in Array(connections.values) { connection.assumeIsolated { $0.abort() } }
    }
}
