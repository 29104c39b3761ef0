import Glibc
import Synchronization
import Testing

@testable import NonblockingIO

/// An actor that lives on a loop, as connections do.
private actor Resident {
    let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(on loop: EventLoop) { self.loop = loop }

    var isOnLoop: Bool { loop.isCurrent }

    /// Whether this method, an async function it calls and another actor of the loop all run on the loop.
    func staysOnLoop(with other: Resident) async -> Bool {
        let before = loop.isCurrent
        let inFunction = await nonisolatedFunction(loop)
        let inOther = await other.isOnLoop
        return before && inFunction && inOther && loop.isCurrent
    }
}

/// What ran, by where it came from.
private final class Seen: Sendable {
    private let state = Mutex<[Int: [Int]]>([:])
    func add(_ value: Int, from source: Int) { state.withLock { $0[source, default: []].append(value) } }
    var values: [Int: [Int]] { state.withLock { $0 } }
}

private final class FirstEvent: ReadinessHandler {
    private let action: @Sendable () -> Void
    init(_ action: @escaping @Sendable () -> Void) { self.action = action }
    func descriptorIsReady(_ readiness: Readiness) { action() }
}

private func nonisolatedFunction(_ loop: EventLoop) async -> Bool {
    await Task.yield()
    return loop.isCurrent
}

@Suite(.timeLimit(.minutes(10))) struct EventLoopTests {
    let loop: EventLoop
    init() throws { loop = try EventLoop(label: "test") }

    @Test func `an actor of the loop runs on the loop, and the test does not`() async {
        #expect(await Resident(on: loop).isOnLoop)
        #expect(!loop.isCurrent)
    }

    @Test func `async functions and other actors of the loop stay on the loop`() async {
        let first = Resident(on: loop)
        let second = Resident(on: loop)
        #expect(await first.staysOnLoop(with: second))
    }

    @Test func `a task that prefers the loop resumes on it after suspending`() async {
        let stays = await Task(executorPreference: loop) { [loop] in
            let before = loop.isCurrent
            await Task.yield()
            return before && loop.isCurrent
        }.value
        #expect(stays)
    }

    @Test func `work from many threads all runs, each thread's in its order`() async {
        let seen = Seen()
        let sources = 0..<8
        let values = Array(0..<500)
        await withTaskGroup { group in
            for source in sources {
                group.addTask { [loop] in
                    for value in values { loop.execute { seen.add(value, from: source) } }
                    await withCheckedContinuation { continuation in loop.execute { continuation.resume() } }
                }
            }
        }
        for source in sources { #expect(seen.values[source] == values) }
    }

    @Test func `timers fire in the order of their times, cancelled ones never`() async {
        let fired = Mutex<[String]>([])
        await withCheckedContinuation { continuation in
            loop.execute { [loop] in
                // Times that are counted from one instant, however long it takes to set them.
                let start = loop.now
                func set(_ name: String, _ milliseconds: Int) -> EventLoopTimer {
                    loop.schedule(at: start + .milliseconds(milliseconds)) { fired.withLock { $0.append(name) } }
                }
                _ = set("late", 20)
                _ = set("soon", 1)
                set("cancelled", 10).cancel()
                _ = set("now", 0)
                loop.schedule(at: start + .milliseconds(30)) { continuation.resume() }
            }
        }
        #expect(fired.withLock { $0 } == ["now", "soon", "late"])
    }

    @Test func `timers for one time fire in the order in which they were set`() async {
        let fired = Mutex<[Int]>([])
        await withCheckedContinuation { continuation in
            loop.execute { [loop] in
                let time = loop.now + .milliseconds(1)
                for number in 0..<1000 { loop.schedule(at: time) { fired.withLock { $0.append(number) } } }
                loop.schedule(at: time) { continuation.resume() }
            }
        }
        #expect(fired.withLock { $0 } == Array(0..<1000))
    }

    @Test(arguments: [Duration.seconds(Int64.max), .seconds(Int64.min)])
    func `no delay is too long or too short to be set`(delay: Duration) async {
        await withCheckedContinuation { continuation in
            loop.execute { [loop] in
                loop.schedule(after: delay) {}.cancel()
                // One that stays is what Dispatch is asked for.
                loop.schedule(after: delay) {}
                continuation.resume()
            }
        }
        await loop.turn()
    }

    @Test func `a timer fires although the loop has gone back to Dispatch`() async {
        let start = ContinuousClock.now
        await withCheckedContinuation { continuation in
            loop.execute { [loop] in loop.schedule(after: .milliseconds(60)) { continuation.resume() } }
        }
        #expect(start.duration(to: .now) >= .milliseconds(60))
    }

    @Test func `a timer fires in its time although Dispatch has been asked for a later one`() async throws {
        let later = ContinuousClock.now + .seconds(3600)
        await withCheckedContinuation { continuation in
            loop.execute { [loop] in
                loop.schedule(at: later) {}
                continuation.resume()
            }
        }
        // It asks when it has nothing else to do.
        var isAsked = false
        while !isAsked, !Task.isCancelled {
            isAsked = await withCheckedContinuation { continuation in
                loop.execute { [loop] in continuation.resume(returning: loop.alarmTime == later) }
            }
        }
        // Beyond what the loop lingers; it would come an hour late.
        let hasFired = Mutex(false)
        loop.execute { [loop] in loop.schedule(after: .milliseconds(60)) { hasFired.withLock { $0 = true } } }
        // The loop is not asked: whenever it is woken it looks at its timers.
        let patience = ContinuousClock.now + .seconds(60)
        while !hasFired.withLock({ $0 }), .now < patience { try await Task.sleep(for: .milliseconds(5)) }
        #expect(hasFired.withLock { $0 })
    }

    @Test func `a timer does not wait until the loop has lingered`() async throws {
        let loop = try EventLoop(label: "test")
        var shortest = Duration.seconds(1)
        // The loop lingers for ten milliseconds. On a busy machine many of these take longer than that by themselves: the
        // suite's time limit says when none of them has had a processor.
        while shortest >= .milliseconds(8), !Task.isCancelled {
            let began = ContinuousClock.now
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                loop.execute { loop.schedule(after: .milliseconds(1)) { continuation.resume() } }
            }
            shortest = min(shortest, began.duration(to: .now))
        }
        #expect(shortest < .milliseconds(8))
    }

    @Test func `what has come while the loop was held up is served before a timer that is due`() async throws {
        let order = Mutex<[String]>([])
        let wakeUp = try WakeUp()
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let handler = FirstEvent { order.withLock { $0.append("event") } }
            loop.execute { [loop] in
                do {
                    _ = try loop.register(wakeUp.descriptor, for: .readable, .edge, handler: handler)
                } catch {
                    Issue.record(error)
                }
                loop.schedule(after: .zero) {
                    order.withLock { $0.append("timer") }
                    continuation.resume()
                }
                // Both are there when this ends.
                wakeUp.signal()
            }
        }
        #expect(order.withLock { $0 } == ["event", "timer"])
    }

    @Test func `sockets get their turn between many jobs, and every job runs`() async throws {
        let done = Mutex(0)
        let doneAtEvent = Mutex<Int?>(nil)
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        try #require(socketpair(AF_UNIX, type, 0, &pair) == 0)
        let (ours, theirs) = (pair[0], pair[1])
        defer { for descriptor in [ours, theirs] { Syscalls.close(descriptor) } }
        let handler = FirstEvent { doneAtEvent.withLock { $0 = $0 ?? done.withLock { $0 } } }
        await withCheckedContinuation { continuation in
            loop.execute { [loop] in
                do {
                    _ = try loop.register(ours, for: .readable, .edge, handler: handler)
                    #expect(try Syscalls.send(theirs, [0]) == .bytes(1))
                } catch {
                    Issue.record(error)
                }
                for _ in 0..<10_000 { loop.execute { done.withLock { $0 += 1 } } }
                loop.execute { continuation.resume() }
            }
        }
        #expect(done.withLock { $0 } == 10_000)
        #expect(try #require(doneAtEvent.withLock { $0 }) <= 64)
    }

    @Test func `cancelled timers do not pile up, the others stay`() async {
        let fired = Mutex(0)
        let count = await withCheckedContinuation { continuation in
            loop.execute { [loop] in
                for _ in 0..<2000 { loop.schedule(after: .milliseconds(20)) { fired.withLock { $0 += 1 } } }
                for _ in 0..<100_000 { loop.schedule(after: .seconds(3600)) {}.cancel() }
                continuation.resume(returning: loop.timerCount)
            }
        }
        #expect(count <= 2 * 2000 + 1024)
        // Set after the others, so that it is the last for its time or later.
        await withCheckedContinuation { continuation in
            loop.execute { [loop] in loop.schedule(after: .milliseconds(20)) { continuation.resume() } }
        }
        #expect(fired.withLock { $0 } == 2000)
    }

    @Test func `a loop that nobody needs any more gives its descriptors back`() async throws {
        func openDescriptors() -> Int { (0..<20_000).count { fcntl($0, F_GETFD) != -1 } }
        let before = openDescriptors()
        for _ in 0..<3000 {
            let loop = try EventLoop(label: "short-lived")
            await withCheckedContinuation { continuation in loop.execute { continuation.resume() } }
        }
        // Less than one for each loop; other tests have some open meanwhile. Dispatch lets go of them in its own time.
        while openDescriptors() - before >= 3000 { await Task.yield() }
    }
}
