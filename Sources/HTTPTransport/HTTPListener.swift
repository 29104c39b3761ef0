import HTTP
import NonblockingIO

/// One event loop's share of a server: its listening socket and its connections.
actor HTTPListener: ReadinessHandler {
    let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    let socket: ListeningSocket
    let context: LoopContext
    let share: ServerShare
    let table: ConnectionTable
    let limits: ServerLimits
    private let proxies: TrustedProxies
    private let log: (any AccessLog)?
    private let returnMemory: @Sendable () -> Void
    private var registration: Registration?
    /// The most connections since memory was given back.
    private var mostConnections = 0
    private var isPaused = false
    /// The connection budget will say when there is a place.
    private var isWaitingForPlace = false
    /// How many connections have no place, and are about to be told so.
    private(set) var turnedAway = 0
    var isStopping = false
    /// The listening socket is closed, and every connection that there will be is there.
    var isClosed = false
    var hasAborted = false
    var whenEmpty: CheckedContinuation<Void, Never>?

    /// How many connections are accepted before those that exist get their turn again.
    static let acceptBatch = 64
    /// How long accepting rests when there are no descriptors or there is no memory.
    static let restWithoutResources: Duration = .milliseconds(100)
    /// How many idle connections are closed then at once: the program itself needs descriptors, too.
    private static let closedWithoutResources = 16
    /// So many connections are a rush, after which memory is given back.
    private static let manyConnections = 100
    private static let restAfterRush: Duration = .seconds(1)

    init(
        socket: ListeningSocket, context: LoopContext, proxies: TrustedProxies, log: (any AccessLog)?,
        returnMemory: @escaping @Sendable () -> Void
    ) {
        self.socket = socket
        self.context = context
        loop = context.loop
        share = context.share
        table = context.table
        limits = context.limits
        self.proxies = proxies
        self.log = log
        self.returnMemory = returnMemory
    }

    func start() throws(SyscallError) {
        registration = try loop.register(socket.descriptor, for: .readable, .level, handler: self)
    }

    nonisolated func descriptorIsReady(_ readiness: Readiness) {
        assumeIsolated { $0.acceptConnections() }
    }

    // MARK: Accepting

    private func acceptConnections() {
        guard !isPaused, !isStopping else { return }
        for index in 0..<Self.acceptBatch {
            if !share.connections.take() {
                // The socket has said that somebody waits, but only of the first it is known.
                guard index == 0 else { return }
                guard makePlace() else { return waitForPlace() }
            }
            do throws(SyscallError) {
                guard try acceptOne(turnsAway: false) else {
                    share.connections.giveBack()
                    noteThatNobodyWaits()
                    return
                }
            } catch {
                share.connections.giveBack()
                // Otherwise this one connection is lost (accept(2) hands over its network errors): the next may be well.
                guard error.isOutOfResources else { continue }
                // accept4(2) wants a descriptor before it looks whether somebody waits: the socket has said so of the first.
                guard index == 0 else { return }
                return restWithoutResources()
            }
        }
    }

    private func noteThatNobodyWaits() {
        if share.connections.hasRoom { share.full.end() }
        share.descriptorless.end()
    }

    /// Accepts a connection, if one waits, and says whether one did.
    func acceptOne(turnsAway: Bool) throws(SyscallError) -> Bool {
        guard let (descriptor, peer) = try socket.accept() else { return false }
        // Who has gone while it waited costs no more than this, so that a storm of such does not hold up others.
        if Syscalls.isReset(descriptor) {
            Syscalls.close(descriptor)
            if !turnsAway { share.connections.giveBack() }
        } else {
            try serve(descriptor, peer, turnsAway)
        }
        return true
    }

    private func serve(_ descriptor: Int32, _ peer: SocketAddress, _ turnsAway: Bool) throws(SyscallError) {
        let connection = table.add { place in
            HTTPConnection(
                socket: descriptor, place: place, context: context, turnsAway: turnsAway,
                proxies: proxies.contains(peer) ? proxies : nil,
                log: log.map { ConnectionLog($0, peer: peer.description) }
            ) { [unowned self] connection in
                assumeIsolated { $0.connectionDidClose(connection, hadPlace: !turnsAway) }
            }
        }
        if turnsAway { turnedAway += 1 }
        mostConnections = max(mostConnections, table.count)
        if isStopping { connection.assumeIsolated { $0.stop() } }
        do {
            try connection.assumeIsolated { try $0.start() }
        } catch let error as SyscallError {
            table.remove(connection.place)
            if turnsAway { turnedAway -= 1 }
            noteEnd()
            throw error
        } catch {
            preconditionFailure("a connection starts or throws a SyscallError: \(error)")
        }
    }

    private func connectionDidClose(_ connection: HTTPConnection, hadPlace: Bool) {
        table.remove(connection.place)
        if hadPlace { share.connections.giveBack() } else { turnedAway -= 1 }
        noteEnd()
        if mostConnections >= Self.manyConnections, table.count <= mostConnections / 4 { returnMemoryLater() }
    }

    /// After a rush the memory of those who have gone is given back, when the last of them have gone as well.
    private func returnMemoryLater() {
        mostConnections = table.count
        loop.schedule(after: Self.restAfterRush, returnMemory)
    }

    func noteEnd() {
        guard isClosed, table.count == 0 else { return }
        whenEmpty?.resume()
        whenEmpty = nil
    }

    // MARK: Making room

    /// Takes the place of the connection of this loop that has been idle for the longest, if it is the one of the whole
    /// server; else asks the loop that has that one. Whether there is a place now.
    private func makePlace() -> Bool {
        share.full.begin()
        guard let (owner, since) = share.longestIdle, since <= loop.uptime - limits.leastIdleTime
        else { return false }
        let (share, moment) = (share, limits.leastIdleTime)
        if owner === table {
            guard table.closeLongestIdle(for: moment) else { return false }
            share.full.countClosed()
            return share.connections.take()
        }
        // Whoever waits for a place is told of this one.
        owner.loop.execute { if owner.closeLongestIdle(for: moment) { share.full.countClosed() } }
        return false
    }

    /// Leaves new connections in the kernel's queue until there is a place, and looks for an idle one now and then.
    private func waitForPlace() {
        pause()
        schedule(after: max(.milliseconds(10), limits.leastIdleTime)) { $0.resume() }
        guard !isWaitingForPlace else { return }
        isWaitingForPlace = true
        share.connections.whenFree { [weak self, loop] in
            guard let self else { return }
            loop.execute {
                self.assumeIsolated { listener in
                    listener.isWaitingForPlace = false
                    listener.resume()
                }
            }
        }
    }

    /// Closes idle connections for want of descriptors, and takes a rest.
    func restWithoutResources() {
        share.descriptorless.begin()
        let (share, moment) = (share, limits.leastIdleTime)
        for _ in 0..<Self.closedWithoutResources {
            guard let owner = share.longestIdle?.table else { break }
            owner.loop.execute { if owner.closeLongestIdle(for: moment) { share.descriptorless.countClosed() } }
        }
        pause()
        schedule(after: Self.restWithoutResources) { $0.resume() }
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

    /// Is no longer told of who connects.
    func unwatch() {
        if let registration { loop.deregister(registration) }
        registration = nil
    }

    func schedule(after delay: Duration, _ action: @escaping @Sendable (isolated HTTPListener) -> Void) {
        loop.schedule(after: delay) { [weak self] in self?.assumeIsolated { action($0) } }
    }
}
