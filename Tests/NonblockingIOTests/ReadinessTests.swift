import Glibc
import Synchronization
import Testing

@testable import NonblockingIO

/// Keeps what it is told, and wakes whoever waits for more of it.
private final class Recorder: ReadinessHandler {
    private let state = Mutex<(seen: [Readiness], waiter: CheckedContinuation<Void, Never>?)>(([], nil))
    private let action: @Sendable (Readiness) -> Void

    init(_ action: @escaping @Sendable (Readiness) -> Void = { _ in }) { self.action = action }

    func descriptorIsReady(_ readiness: Readiness) {
        action(readiness)
        let waiter = state.withLock { state in
            state.seen.append(readiness)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    var seen: [Readiness] { state.withLock { $0.seen } }

    func waitUntilTold(_ count: Int) async {
        while seen.count < count {
            await withCheckedContinuation { continuation in
                let isThere = state.withLock { state in
                    if state.seen.count < count { state.waiter = continuation }
                    return state.seen.count >= count
                }
                if isThere { continuation.resume() }
            }
        }
    }
}

extension EventLoop {
    /// Runs `body` on the loop and waits for it.
    fileprivate func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            execute { continuation.resume(with: Result(catching: body)) }
        }
    }
}

private func makeSocketPair() throws -> (Int32, Int32) {
    var pair: [Int32] = [-1, -1]
    // Not for the processes that other tests start meanwhile: one that had an end of it would keep it open.
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    try #require(socketpair(AF_UNIX, type, 0, &pair) == 0)
    return (pair[0], pair[1])
}

private func send(_ text: String, to descriptor: Int32) throws {
    let result = try Syscalls.send(descriptor, Array(text.utf8))
    #expect(result == .bytes(text.utf8.count))
}

@Suite(.timeLimit(.minutes(10))) struct ReadinessTests {
    let loop: EventLoop
    init() throws { loop = try EventLoop(label: "test") }

    @Test func `bytes that come make a descriptor readable`() async throws {
        let (ours, theirs) = try makeSocketPair()
        let recorder = Recorder()
        let loop = loop
        _ = try await loop.run { try loop.register(ours, for: .readable, .level, handler: recorder) }
        try send("x", to: theirs)
        await recorder.waitUntilTold(1)
        #expect(recorder.seen.first == .readable)
    }

    @Test func `an edge is told once, a level for as long as it lasts`() async throws {
        let (edgeOurs, edgeTheirs) = try makeSocketPair()
        let (levelOurs, levelTheirs) = try makeSocketPair()
        let edge = Recorder()
        let level = Recorder()
        let loop = loop
        _ = try await loop.run { try loop.register(edgeOurs, for: .readable, .edge, handler: edge) }
        _ = try await loop.run { try loop.register(levelOurs, for: .readable, .level, handler: level) }
        try send("x", to: edgeTheirs)
        try send("x", to: levelTheirs)
        await level.waitUntilTold(5)
        #expect(edge.seen.count == 1)
    }

    @Test func `a peer that goes away is a hangup`() async throws {
        let (ours, theirs) = try makeSocketPair()
        let recorder = Recorder()
        let loop = loop
        _ = try await loop.run { try loop.register(ours, for: [.readable, .hangup], .edge, handler: recorder) }
        Syscalls.close(theirs)
        await recorder.waitUntilTold(1)
        #expect(recorder.seen.last?.contains(.hangup) == true)
    }

    @Test func `who waits to write is told that nobody reads any more`() async throws {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let path = "\(folder)/obrolan-\(UInt64.random(in: 0 ... .max))"
        try #require(mkfifo(path, 0o600) == 0)
        let reading = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        let writing = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        unlink(path)
        try #require(reading >= 0 && writing >= 0)
        defer { Syscalls.close(writing) }
        // Full, so that it never gets writable: all that can be told of it is an error.
        let bytes = [UInt8](repeating: 0, count: 4096)
        while write(writing, bytes, bytes.count) > 0 {}
        try #require(errno == EAGAIN)
        let recorder = Recorder()
        let loop = loop
        let registration = try await loop.run {
            try loop.register(writing, for: .writable, .edge, handler: recorder)
        }
        #expect(recorder.seen.isEmpty)
        Syscalls.close(reading)
        await recorder.waitUntilTold(1)
        #expect(recorder.seen.last?.contains(.writable) == true)
        try await loop.run { loop.deregister(registration) }
    }

    @Test func `what has come while the loop was held up counts before a time that is over`() async throws {
        let (ours, theirs) = try makeSocketPair()
        let order = Mutex<[String]>([])
        let recorder = Recorder { _ in order.withLock { $0.append("event") } }
        let loop = loop
        try await loop.run {
            _ = try loop.register(ours, for: .readable, .edge, handler: recorder)
            loop.schedule(at: loop.now) { order.withLock { $0.append("timer") } }
            try send("x", to: theirs)
        }
        while order.withLock({ $0.count }) < 2 { try await loop.run {} }
        #expect(order.withLock { $0 } == ["event", "timer"])
    }

    @Test func `an event fetched before its descriptor was deregistered reaches nobody`() async throws {
        let pairs = [try makeSocketPair(), try makeSocketPair()]
        let loop = loop
        let registrations = Mutex<[Registration]>([])
        let told = Mutex(0)
        // Whoever is told first deregisters both: the other's event was fetched in the same batch.
        let recorders = pairs.map { _ in
            Recorder { _ in
                told.withLock { $0 += 1 }
                for registration in registrations.withLock({ $0 }) { loop.deregister(registration) }
            }
        }
        try await loop.run {
            for (pair, recorder) in zip(pairs, recorders) {
                let registration = try loop.register(pair.0, for: .readable, .edge, handler: recorder)
                registrations.withLock { $0.append(registration) }
            }
            for pair in pairs { try send("x", to: pair.1) }
        }
        try await loop.run {}
        while told.withLock({ $0 }) == 0 { try await loop.run {} }
        try await loop.run {}
        #expect(told.withLock { $0 } == 1)
    }

    @Test func `an event of a deregistered descriptor does not reach the next owner of its place`() async throws {
        let pairs = [try makeSocketPair(), try makeSocketPair()]
        let (quiet, quietTheirs) = try makeSocketPair()
        let loop = loop
        let registrations = Mutex<[Registration]>([])
        let told = Mutex(0)
        let next = Recorder()
        // Whoever is told first gives the other's place away, and that one's event was fetched in the same batch.
        let recorders = (0..<2).map { index in
            Recorder { _ in
                told.withLock { $0 += 1 }
                loop.deregister(registrations.withLock { $0[1 - index] })
                do {
                    _ = try loop.register(quiet, for: .readable, .edge, handler: next)
                } catch {
                    Issue.record(error)
                }
            }
        }
        try await loop.run {
            for (pair, recorder) in zip(pairs, recorders) {
                let registration = try loop.register(pair.0, for: .readable, .edge, handler: recorder)
                registrations.withLock { $0.append(registration) }
            }
            for pair in pairs { try send("x", to: pair.1) }
        }
        while told.withLock({ $0 }) == 0 { try await loop.run {} }
        try await loop.run {}
        #expect(told.withLock { $0 } == 1)
        #expect(next.seen.isEmpty)
        // It is there, and is told of what is its own.
        try send("x", to: quietTheirs)
        await next.waitUntilTold(1)
    }

    @Test func `a second program is refused an address that is listened on`() throws {
        let any = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let first = try ListeningSocket.open(any, count: 2)
        defer { for socket in first { socket.close() } }
        #expect(first[0].address.port != 0)
        #expect(first[0].address.port == first[1].address.port)
        #expect(throws: SyscallError.self) { try ListeningSocket.open(first[0].address, count: 1) }
    }

    @Test func `the kernel takes little for a peer that does not read, and sends small segments at once`() throws {
        let any = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let listening = try #require(try ListeningSocket.open(any, count: 1).first)
        defer { listening.close() }
        let client = try Syscalls.makeStreamSocket(for: listening.address)
        defer { Syscalls.close(client) }
        try Syscalls.connect(client, to: listening.address)
        var accepted: Int32?
        while accepted == nil { accepted = try listening.accept()?.socket }
        let socket = try #require(accepted)
        defer { Syscalls.close(socket) }

        var hasNoDelay: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        #expect(getsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &hasNoDelay, &length) == 0)
        #expect(hasNoDelay != 0)

        // Otherwise it would be some megabytes, and less only where all of the machine's buffers are small.
        let bytes = [UInt8](repeating: 0, count: 65_536)
        var sent = 0
        while sent < 8 * 1024 * 1024, case .bytes(let count) = try Syscalls.send(socket, bytes) { sent += count }
        #expect(sent < 1024 * 1024)
    }

    @Test(arguments: [("127.0.0.1", "127.0.0.1:80"), ("localhost", "127.0.0.1:80"), ("::1", "[::1]:80")])
    func `a numeric address reads as it was written`(host: String, description: String) throws {
        #expect(SocketAddress(host: host, port: 80)?.description == description)
    }

    @Test(arguments: ["", "localhos", "1.2.3", "256.1.1.1", "[::1]"])
    func `what is no numeric address is nil`(host: String) {
        #expect(SocketAddress(host: host, port: 80) == nil)
    }
}
