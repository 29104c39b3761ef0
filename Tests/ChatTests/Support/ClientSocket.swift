import Glibc

/// A TCP connection to the server, blocking.
final class ClientSocket: Sendable {
    let descriptor: Int32
    /// Our end, by which the kernel's tables name the connection.
    let localPort: UInt16

    struct TimedOut: Error {}

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isConnected else {
            let error = SystemError("connect")
            Glibc.close(descriptor)
            throw error
        }
        localPort = UInt16(bigEndian: address.sin_port)
    }

    deinit { Glibc.close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress?.advanced(by: start), bytes.count - start, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw SystemError("send") }
            start += count
        }
    }

    /// Whether something comes, or the connection ends, before `time` is over.
    func isReadable(within time: Duration) -> Bool {
        var readiness = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let (seconds, attoseconds) = time.components
        return poll(&readiness, 1, Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000)) > 0
    }

    /// Everything until the server ends the connection.
    func readToEnd(within time: Duration) throws -> [UInt8] {
        let deadline = ContinuousClock.now + time
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            guard isReadable(within: max(.zero, deadline - .now)) else { throw TimedOut() }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 else { throw SystemError("recv") }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// Says that no more will be sent, as a client does that goes away.
    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }
}

extension ClientSocket {
    /// Whether the server's end of a connection is still open, as the kernel's table has it.
    static func isOpen(from clientPort: UInt16, to serverPort: UInt16) throws -> Bool {
        func ends(_ address: Substring, with port: UInt16) -> Bool {
            UInt16(address.suffix(4), radix: 16) == port
        }
        return try ProcessFile.lines("net/tcp").contains { line in
            let words = line.split(separator: " ")
            // Established, or the client has closed its end.
            return words.count > 3 && ends(words[1], with: serverPort) && ends(words[2], with: clientPort)
                && ["01", "08"].contains(words[3])
        }
    }
}
