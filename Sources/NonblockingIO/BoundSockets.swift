internal import Glibc

/// An address that is this program's, and on which it does not listen yet: who connects is refused until `listen`.
///
/// So a program can take its port, for which it may need rights that it gives up then, before the rest of it is there.
public struct BoundSockets: Sendable {
    /// Where, with the port that the kernel chose when 0 was asked for.
    public let address: SocketAddress
    /// How many sockets listen there.
    public var count: Int { sockets.count }
    private let sockets: [ListeningSocket]
    /// Bound without `SO_REUSEPORT`, which alone would let a second program of the same user take half of the connections.
    private let probe: Int32

    /// Takes an address for `count` listening sockets.
    /// - Throws: `SyscallError`, of bind(2) when another program listens there already.
    public init(_ address: SocketAddress, count: Int) throws(SyscallError) {
        let probe = try Syscalls.makeStreamSocket(for: address)
        var sockets: [ListeningSocket] = []
        do {
            // The kernel chooses a port that nobody has in any way: not even somebody who would share it.
            if address.port != 0 { try Syscalls.set(SO_REUSEADDR, on: probe) }
            try Syscalls.bind(probe, to: address)
            try Syscalls.set(SO_REUSEADDR, on: probe)
            let own = try Syscalls.localAddress(of: probe)
            for _ in 0..<count { sockets.append(try ListeningSocket(boundTo: own)) }
            self.address = own
        } catch {
            for socket in sockets { socket.close() }
            Syscalls.close(probe)
            throw error
        }
        self.sockets = sockets
        self.probe = probe
    }

    /// Begins to listen. To be called once, and not after `close`.
    /// - Throws: `SyscallError`, of listen(2) when another program has begun to listen there meanwhile.
    public func listen(backlog: Int32 = 4096) throws(SyscallError) -> [ListeningSocket] {
        do {
            try listenAlone()
            for socket in sockets { try Syscalls.listen(socket.descriptor, backlog: backlog) }
        } catch {
            for socket in sockets { socket.close() }
            throw error
        }
        return sockets
    }

    /// Only one socket without `SO_REUSEPORT` can listen on an address: this one does so for a moment, in which nobody must
    /// connect to it, and ends.
    private func listenAlone() throws(SyscallError) {
        defer { Syscalls.close(probe) }
        Syscalls.dropHandshakes(probe)
        try Syscalls.listen(probe, backlog: 1)
    }

    /// Gives the address up.
    public func close() {
        Syscalls.close(probe)
        for socket in sockets { socket.close() }
    }
}
