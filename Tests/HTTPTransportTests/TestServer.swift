import Glibc
import HTTP
import HTTPTransport
import NonblockingIO
import Synchronization
import Testing

/// All tests of this target: one at a time, because many of them are about time and about how much of something there is.
@Suite(.serialized, .timeLimit(.minutes(10))) enum TransportTests {}

/// What a server has said about its load.
final class Notices: Sendable {
    private let state = Mutex<[ServerNotice]>([])

    var all: [ServerNotice] { state.withLock { $0 } }
    @Sendable func add(_ notice: ServerNotice) { state.withLock { $0.append(notice) } }
}

/// A server on a free port of 127.0.0.1.
struct TestServer: Sendable {
    let loops: [EventLoop]
    let responder: TestResponder
    let server: HTTPServer
    let notices: Notices

    var port: UInt16 { server.address.port }

    /// Starts a server, lets `body` use it and stops it.
    static func run(
        loops loopCount: Int = 2, responder: TestResponder = TestResponder(), _ limits: ServerLimits = ServerLimits(),
        trustedProxies: [IPNetwork] = [], accessLog: (any AccessLog)? = nil, notices: Notices = Notices(),
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let loops = try (0..<loopCount).map { try EventLoop(label: "test.\($0)") }
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let server = try HTTPServer(
            address: address, loops: loops, responders: loops.map { _ in responder }, limits: limits,
            trustedProxies: trustedProxies, accessLog: accessLog, log: notices.add)
        try await server.start()
        let test = TestServer(loops: loops, responder: responder, server: server, notices: notices)
        do {
            try await body(test)
        } catch {
            await server.stop(within: .zero)
            throw error
        }
        // The suite's time limit bounds it, however busy the machine is.
        _ = await server.stop(within: .zero, overtime: .seconds(600))
        #expect(test.connectionDescriptors == 0)
    }

    /// Runs blocking code with a client of this server on a thread of its own.
    func client<Value: Sendable>(
        receiveBuffer: Int32? = nil, _ body: @escaping @Sendable (TestClient) throws -> Value
    ) async throws -> Value {
        let port = port
        return try await onThread { try body(TestClient(port: port, receiveBuffer: receiveBuffer)) }
    }

    /// How many descriptors of this process are connections that the server has accepted, also when reset since.
    var connectionDescriptors: Int {
        descriptorsOfThisProcess().filter { descriptor in
            var address = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let result = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
            }
            guard result == 0, address.sin_family == sa_family_t(AF_INET) else { return false }
            guard UInt16(bigEndian: address.sin_port) == port else { return false }
            var isListening: Int32 = 0
            length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length)
            return isListening == 0
        }.count
    }

    /// Lets the loops go on until the server has that many connections, within the suite's time limit.
    func untilConnections(_ count: Int) async {
        while connectionDescriptors != count, !Task.isCancelled { await turn() }
    }

    /// Comes back when each loop has run a round.
    func turn() async {
        for loop in loops {
            await withCheckedContinuation { continuation in loop.execute { continuation.resume() } }
        }
    }
}

private func names(in directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
        names.append(
            withUnsafePointer(to: &entry.pointee.d_name) {
                String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            })
    }
    return names
}

func descriptorsOfThisProcess() -> [Int32] { names(in: "/proc/self/fd").compactMap { Int32($0) } }

func threadsOfThisProcess() -> Int { names(in: "/proc/self/task").filter { !$0.hasPrefix(".") }.count }

/// Lets this process have as many descriptors as it may.
func raiseDescriptorLimit() -> Int {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = min(limit.rlim_max, 65_536)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int(limit.rlim_cur)
}

func unixSeconds() -> Int64 {
    // time(2) reads a coarser clock than the server's, which may be in the next second already.
    Syscalls.unixSeconds
}
