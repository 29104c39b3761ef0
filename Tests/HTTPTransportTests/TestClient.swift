import Glibc
import Synchronization

/// A blocking client of raw bytes; every read and write ends in an error after `patience`.
final class TestClient: Sendable {
    enum Failure: Error, Equatable {
        case call(String, Int32)
        case timedOut
        case endedEarly([UInt8])
    }

    /// An answer as it came.
    struct Response: Equatable {
        var status = 0
        var fields: [String: String] = [:]
        var content: [UInt8] = []

        var text: String { String(decoding: content, as: UTF8.self) }
    }

    /// Far longer than anything takes, so that only a hang comes to it.
    static let patience = 60

    let descriptor: Int32
    /// What has been read and not been taken.
    private let received = Mutex<[UInt8]>([])

    /// - Parameter receiveBuffer: in bytes; the kernel's own choice by default.
    init(port: UInt16, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure.call("socket", errno) }
        var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        if var receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            throw Failure.call("connect", code)
        }
    }

    deinit { close(descriptor) }

    /// The address and port that the server sees.
    var localAddress: String {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
        }
        return "127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
    }

    // MARK: Sending

    func send(_ bytes: some Collection<UInt8>) throws {
        let bytes = Array(bytes)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw errno == EAGAIN ? Failure.timedOut : Failure.call("send", errno) }
            sent += count
        }
    }

    func send(_ text: String) throws { try send(text.utf8) }

    /// Sends a request without content.
    func get(_ target: String, _ fields: String...) throws {
        try send(Self.request(target, fields))
    }

    static func request(_ target: String, _ fields: [String] = []) -> String {
        "GET \(target) HTTP/1.1\r\nHost: test\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    func shutdownWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Ends both sides, also for a thread that is in `send` or `receive`.
    func shutdownBoth() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Makes the close a reset.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    // MARK: Receiving

    /// Whether something has come, or the end.
    var isReadable: Bool {
        if received.withLock({ !$0.isEmpty }) { return true }
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&poll, 1, 0) == 1
    }

    /// Whether the kernel takes more now, within a quarter of a second.
    var isWritable: Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return Glibc.poll(&poll, 1, 250) == 1
    }

    /// What comes next; empty at the end of the stream.
    func receive(atMost limit: Int = 65_536) throws -> [UInt8] {
        try received.withLock { received in
            if received.isEmpty {
                received = Array(repeating: 0, count: limit)
                let count = recv(descriptor, &received, limit, 0)
                received.removeLast(limit - max(0, count))
                guard count >= 0 else { throw errno == EAGAIN ? Failure.timedOut : Failure.call("recv", errno) }
            }
            defer { received.removeFirst(min(limit, received.count)) }
            return Array(received.prefix(limit))
        }
    }

    /// Everything up to the end of the stream.
    func receiveAll() throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let more = try receive()
            if more.isEmpty { return all }
            all += more
        }
    }

    func receiveExactly(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more = try receive()
            if more.isEmpty { throw Failure.endedEarly(bytes) }
            bytes += more
        }
        giveBack(bytes[count...])
        return Array(bytes[..<count])
    }

    private func giveBack(_ bytes: ArraySlice<UInt8>) { received.withLock { $0.insert(contentsOf: bytes, at: 0) } }

    /// One response.
    func receiveResponse(hasContent: Bool = true) throws -> Response {
        var head: [UInt8] = []
        while true {
            let more = try receive()
            if more.isEmpty { throw Failure.endedEarly(head) }
            head += more
            guard let end = Self.endOfHead(head) else { continue }
            giveBack(head[end...])
            head.removeLast(head.count - end)
            break
        }
        var lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n").map(String.init)
        var response = Response()
        response.status = Int(lines.removeFirst().split(separator: " ")[1]) ?? 0
        for line in lines {
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            response.fields[line[..<colon].lowercased()] = String(line[colon...].dropFirst(2))
        }
        if hasContent, let length = response.fields["content-length"].flatMap({ Int($0) }) {
            response.content = try receiveExactly(length)
        } else if hasContent, response.fields["transfer-encoding"] == "chunked" {
            while case let chunk = try receiveChunk(), !chunk.isEmpty { response.content += chunk }
        }
        return response
    }

    /// One chunk of content (RFC 9112 section 7.1); empty for the last.
    func receiveChunk() throws -> [UInt8] {
        var size: [UInt8] = []
        while size.suffix(2) != [0x0D, 0x0A] { size += try receiveExactly(1) }
        guard let count = Int(String(decoding: size.dropLast(2), as: UTF8.self), radix: 16) else {
            throw Failure.endedEarly(size)
        }
        let chunk = try receiveExactly(count)
        guard try receiveExactly(2) == [0x0D, 0x0A] else { throw Failure.endedEarly(chunk) }
        return chunk
    }

    private static func endOfHead(_ bytes: [UInt8]) -> Int? {
        let end = Array("\r\n\r\n".utf8)
        return bytes.indices.dropFirst(3).first { bytes[$0 - 3] == end[0] && bytes[($0 - 3)...$0].elementsEqual(end) }
            .map { $0 + 1 }
    }

    /// Asks and waits for the answer.
    func fetch(_ target: String, _ fields: String...) throws -> Response {
        try send(Self.request(target, fields))
        return try receiveResponse()
    }
}

private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

/// Runs blocking code on a thread of its own, where it holds up neither the event loops nor other tests.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    return try await withCheckedThrowingContinuation { continuation in
        let work = Work { continuation.resume(with: Result(catching: body)) }
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, Unmanaged.passRetained(work).toOpaque())
        precondition(result == 0, "no thread for a test")
        pthread_detach(thread)
    }
}
