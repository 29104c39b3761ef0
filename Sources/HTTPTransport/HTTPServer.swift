public import NonblockingIO

/// An HTTP/1.1 server on one address, served by several event loops.
public struct HTTPServer: Sendable {
    private let listeners: [HTTPListener]
    /// Where it listens, with the port that was chosen when 0 was asked for.
    public let address: SocketAddress

    /// Opens the listening sockets; clients that connect wait until `start`. From here on the process ignores SIGPIPE.
    /// - Parameters:
    ///   - address: port 0 picks a free one.
    ///   - loops: each gets a listening socket of its own.
    ///   - responders: one for each loop, in the same order; called on that loop only.
    ///   - trustedProxies: whose Forwarded, or X-Forwarded-For and X-Forwarded-Proto, are believed; by default nobody's.
    ///   - accessLog: takes note of each answer; by default nobody does.
    /// - Throws: `SyscallError` when the address is taken or not this machine's.
    public init(
        address: SocketAddress, loops: [EventLoop], responders: [any HTTPResponder], limits: ServerLimits = .init(),
        trustedProxies: [IPNetwork] = [], accessLog: (any AccessLog)? = nil
    ) throws(SyscallError) {
        try self.init(
            sockets: BoundSockets(address, count: loops.count), loops: loops, responders: responders, limits: limits,
            trustedProxies: trustedProxies, accessLog: accessLog)
    }

    /// The same, on an address that was taken before, for as many sockets as there are loops.
    public init(
        sockets: BoundSockets, loops: [EventLoop], responders: [any HTTPResponder], limits: ServerLimits = .init(),
        trustedProxies: [IPNetwork] = [], accessLog: (any AccessLog)? = nil
    ) throws(SyscallError) {
        Syscalls.ignoreBrokenPipes()
        precondition(!loops.isEmpty && loops.count == responders.count, "each event loop needs a responder")
        let sockets = try sockets.listen()
        self.address = sockets[0].address
        let budget = ConnectionBudget(limits.maxConnections)
        var listeners: [HTTPListener] = []
        for (index, loop) in loops.enumerated() {
            listeners.append(
                HTTPListener(
                    socket: sockets[index], loop: loop, responder: responders[index], limits: limits,
                    budget: budget, proxies: TrustedProxies(trustedProxies), log: accessLog))
        }
        self.listeners = listeners
    }

    /// Begins to accept connections.
    /// - Throws: `SyscallError` when a socket cannot be watched.
    public func start() async throws {
        for listener in listeners { try await listener.start() }
    }

    /// Closes the listening sockets, lets requests in progress end, closes connections that have been idle for
    /// `ServerLimits.idleGrace`, and what is left after `timeout`. Comes back when no connection is left, or at once when it was called before.
    public func stop(within timeout: Duration = .seconds(10)) async {
        await withDiscardingTaskGroup { group in
            for listener in listeners { group.addTask { await listener.stop(within: timeout) } }
        }
    }
}
