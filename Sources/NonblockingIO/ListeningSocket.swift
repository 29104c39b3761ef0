internal import Glibc

/// A TCP socket that waits for connections, one of several on the same address: the kernel spreads connections among
/// them (`SO_REUSEPORT`), so every event loop has its own.
public struct ListeningSocket: Sendable {
    /// The listening descriptor, non-blocking.
    public let descriptor: Int32
    /// Where it listens; with the port that the kernel chose when 0 was asked for.
    public let address: SocketAddress

    /// How many bytes the kernel keeps for a peer that does not read, beyond what the network needs.
    private static let maxUnsent: Int32 = 128 * 1024

    /// Opens `count` sockets on one address.
    /// - Throws: `SyscallError`, of bind(2) when another program listens there already.
    public static func open(
        _ address: SocketAddress, count: Int, backlog: Int32 = 4096
    ) throws(SyscallError) -> [ListeningSocket] {
        try BoundSockets(address, count: count).listen(backlog: backlog)
    }

    /// One that does not listen yet.
    init(boundTo address: SocketAddress) throws(SyscallError) {
        descriptor = try Syscalls.makeStreamSocket(for: address)
        do {
            try Syscalls.set(SO_REUSEADDR, on: descriptor)
            try Syscalls.set(SO_REUSEPORT, on: descriptor)
            // What is accepted has what is set here.
            try Syscalls.disableDelay(on: descriptor)
            try Syscalls.limitUnsent(to: Self.maxUnsent, on: descriptor)
            try Syscalls.bind(descriptor, to: address)
            self.address = try Syscalls.localAddress(of: descriptor)
        } catch {
            Syscalls.close(descriptor)
            throw error
        }
    }

    /// The next waiting connection, non-blocking and without delay for small segments; nil when none waits.
    /// - Throws: `SyscallError` of accept4(2), such as `isOutOfResources`.
    public func accept() throws(SyscallError) -> (socket: Int32, peer: SocketAddress)? {
        try Syscalls.accept(descriptor)
    }

    /// Has the kernel pass over whoever begins to connect, so that the queue can be emptied before `close`: they try
    /// again after a second and are refused then. A connection that were completed just before the close would be reset.
    public func refuseNewConnections() { Syscalls.dropHandshakes(descriptor) }

    /// Whether so many connections wait that the kernel has passed over some that take themselves for connected.
    public var isQueueFull: Bool { Syscalls.isQueueFull(descriptor) }

    /// Stops listening: connections that wait are reset.
    public func close() { Syscalls.close(descriptor) }
}
