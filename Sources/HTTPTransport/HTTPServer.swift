public import NonblockingIO

/// An HTTP/1.1 server on one address, served by several event loops.
public struct HTTPServer: Sendable {
    private let listeners: [HTTPListener]
    private let share: ServerShare
    private let log: @Sendable (ServerNotice) -> Void
    /// Where it listens, with the port that was chosen when 0 was asked for.
    public let address: SocketAddress

    /// Opens the listening sockets; clients that connect wait until `start`. From here on the process ignores SIGPIPE.
    /// - Parameters:
    ///   - address: port 0 picks a free one.
    ///   - loops: each gets a listening socket of its own.
    ///   - responders: one for each loop, in the same order; called on that loop only.
    ///   - trustedProxies: whose Forwarded, or X-Forwarded-For and X-Forwarded-Proto, are believed; by default nobody's.
    ///   - accessLog: takes note of each answer; by default nobody does.
    ///   - log: is told when the server comes to one of its limits and when that is over, on any thread and often on a
    ///     loop, so that it must only put the line aside; by default nobody is told.
    /// - Throws: `SyscallError` when the address is taken or not this machine's.
    public init(
        address: SocketAddress, loops: [EventLoop], responders: [any HTTPResponder], limits: ServerLimits = .init(),
        trustedProxies: [IPNetwork] = [], accessLog: (any AccessLog)? = nil,
        log: @escaping @Sendable (ServerNotice) -> Void = { _ in }
    ) throws(SyscallError) {
        try self.init(
            address: address, loops: loops, responders: responders, limits: limits, trustedProxies: trustedProxies,
            accessLog: accessLog, log: log, returnMemory: FreeMemory.giveBack)
    }

    /// - Parameter returnMemory: called on a loop when many connections have been closed.
    init(
        address: SocketAddress, loops: [EventLoop], responders: [any HTTPResponder], limits: ServerLimits,
        trustedProxies: [IPNetwork], accessLog: (any AccessLog)?, log: @escaping @Sendable (ServerNotice) -> Void,
        returnMemory: @escaping @Sendable () -> Void
    ) throws(SyscallError) {
        try self.init(
            sockets: BoundSockets(address, count: loops.count), loops: loops, responders: responders, limits: limits,
            trustedProxies: trustedProxies, accessLog: accessLog, log: log, returnMemory: returnMemory)
    }

    /// The same, on an address that was taken before, for as many sockets as there are loops.
    public init(
        sockets: BoundSockets, loops: [EventLoop], responders: [any HTTPResponder], limits: ServerLimits = .init(),
        trustedProxies: [IPNetwork] = [], accessLog: (any AccessLog)? = nil,
        log: @escaping @Sendable (ServerNotice) -> Void = { _ in }
    ) throws(SyscallError) {
        try self.init(
            sockets: sockets, loops: loops, responders: responders, limits: limits, trustedProxies: trustedProxies,
            accessLog: accessLog, log: log, returnMemory: FreeMemory.giveBack)
    }

    private init(
        sockets: BoundSockets, loops: [EventLoop], responders: [any HTTPResponder], limits: ServerLimits,
        trustedProxies: [IPNetwork], accessLog: (any AccessLog)?, log: @escaping @Sendable (ServerNotice) -> Void,
        returnMemory: @escaping @Sendable () -> Void
    ) throws(SyscallError) {
        Syscalls.ignoreBrokenPipes()
        precondition(!loops.isEmpty && loops.count == responders.count, "each event loop needs a responder")
        let sockets = try sockets.listen()
        self.address = sockets[0].address
        self.log = log
        let share = ServerShare(loops: loops, limits: limits, log: log)
        self.share = share
        listeners = loops.indices.map { index in
            HTTPListener(
                socket: sockets[index],
                context: LoopContext(
                    table: share.tables[index], responder: responders[index], limits: limits, share: share),
                proxies: TrustedProxies(trustedProxies), log: accessLog, returnMemory: returnMemory)
        }
    }

    /// The memory, in bytes, that connections hold for slow clients now; `ServerLimits.maxBufferedBytes` bounds it.
    public var bufferedBytes: Int { share.bytes.count }

    /// Begins to accept connections.
    /// - Throws: `SyscallError` when a socket cannot be watched.
    public func start() async throws(SyscallError) {
        for listener in listeners { try await listener.start() }
    }

    /// Stops as `stop(within:overtime:)` does, with an overtime of one second.
    public func stop(within timeout: Duration = .seconds(10)) async {
        _ = await stop(within: timeout, overtime: .seconds(1))
    }

    /// Closes the listening sockets when all who wait have been accepted, lets requests in progress end, closes
    /// connections that have been idle for `ServerLimits.idleGrace`, and what is left after `timeout`.
    ///
    /// Comes back when no connection is left, or at once when it was called before; and `overtime` after `timeout` at the
    /// latest, whatever the loops do. It is not a loop that watches over that: one that something holds up can neither
    /// close its connections nor look at the time. What it has is left to the end of the process then.
    /// - Returns: whether every connection has ended.
    public func stop(within timeout: Duration, overtime: Duration) async -> Bool {
        let stopping = StoppingLoops(listeners.count)
        for listener in listeners {
            Task {
                await listener.stop(within: timeout)
                stopping.oneHasStopped()
            }
        }
        let left = await stopping.end(within: timeout + overtime)
        if left > 0 { log(.stopOverdue(loops: left)) }
        return left == 0
    }
}
