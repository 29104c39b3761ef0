import Glibc
import HTTP
import HTTPTransport
import Synchronization

/// A number that only grows, and that a test can wait for.
final class Tally: Sendable {
    private struct Waiter {
        let count: Int
        let continuation: CheckedContinuation<Void, Never>
    }
    private let state = Mutex<(count: Int, waiters: [Waiter])>((0, []))

    var count: Int { state.withLock { $0.count } }

    func add() {
        let due = state.withLock { state in
            state.count += 1
            let due = state.waiters.filter { $0.count <= state.count }
            state.waiters.removeAll { $0.count <= state.count }
            return due
        }
        for waiter in due { waiter.continuation.resume() }
    }

    func reaches(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.count < count { state.waiters.append(Waiter(count: count, continuation: continuation)) }
                return state.count >= count
            }
            if isThere { continuation.resume() }
        }
    }
}

/// Something to wait for until it is opened, or until the waiting task is cancelled.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }
    private let state = Mutex(State())

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    /// Waits on this thread, which is no loop's and no task's.
    func block() {
        while !state.withLock({ $0.isOpen }) { sched_yield() }
    }

    func pass() async {
        let waiter = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayPass = state.withLock { state in
                    let mayPass = state.isOpen || Task.isCancelled
                    if !mayPass { state.waiters[waiter] = continuation }
                    return mayPass
                }
                if mayPass { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume()
        }
    }
}

/// The application of these tests; the target's path says what it does.
final class TestResponder: HTTPResponder {
    let called = Tally()
    let parked = Tally()
    let cancelled = Tally()
    /// What `/park` waits for.
    let gate = Gate()
    /// How many pieces of streams have been made.
    let made = Tally()
    private let big: [UInt8]

    private let files: StaticFiles?

    init(bigCount: Int = 1_000_000, files: StaticFiles? = nil) {
        big = Array(repeating: 0x62, count: bigCount)
        self.files = files
    }

    /// A stream of so many pieces with a line each; then, in place of the end, what the query says.
    private func stream(_ query: String) -> HTTPContentStream {
        let parts = query.split(separator: ",").map(String.init)
        let count = parts.first.flatMap { Int($0) } ?? 0
        let size = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let next = Mutex(0)
        return HTTPContentStream { [made, parked, gate] in
            let number = next.withLock { number in
                number += 1
                return number
            }
            if number > count {
                switch parts.last {
                case "fails": throw Failure()
                case "parks":
                    parked.add()
                    await gate.pass()
                default: break
                }
                return nil
            }
            await Task.yield()
            made.add()
            // An empty piece is no end.
            if number % 3 == 0 { return [] }
            return Array("piece \(number)\n".utf8) + Array(repeating: 0x2E, count: size)
        }
    }

    private struct Failure: Error {}

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        called.add()
        if let response = files?.response(to: request) { return response }
        switch request.target.path {
        case "/park":
            parked.add()
            await gate.pass()
            if Task.isCancelled { cancelled.add() }
        case "/yield":
            for _ in 0..<3 { await Task.yield() }
        case "/big":
            return HTTPResponse(content: big)
        case "/stream": return HTTPResponse(stream: stream(request.target.query ?? ""))
        case "/close":
            var response = HTTPResponse(content: Array("closing".utf8))
            response.closesConnection = true
            return response
        default: break
        }
        let text = "\(request.method) \(request.target) "
        return HTTPResponse(content: Array(text.utf8) + request.content)
    }
}
