import Dispatch
import Synchronization
import Testing

@testable import NonblockingIO

private final class EventList: Sendable {
    private let state = Mutex<[EventLoopWatchdog.Event]>([])
    var all: [EventLoopWatchdog.Event] { state.withLock { $0 } }
    @Sendable func add(_ event: EventLoopWatchdog.Event) { state.withLock { $0.append(event) } }
}

/// Holds up whoever comes to it, and tells that somebody has.
private final class Obstacle: ReadinessHandler {
    private let semaphore = DispatchSemaphore(value: 0)
    private let reached = AsyncStream<Void>.makeStream()

    func wait() {
        reached.continuation.yield()
        semaphore.wait()
    }

    func descriptorIsReady(_ readiness: Readiness) { wait() }
    func isReached() async { for await _ in reached.stream { return } }
    func release() { semaphore.signal() }
}

@Suite(.timeLimit(.minutes(10))) struct WatchdogTests {
    private static let start = ContinuousClock.now
    private static func at(_ milliseconds: Int) -> ContinuousClock.Instant {
        start.advanced(by: .milliseconds(milliseconds))
    }

    /// Looks at the rounds, each at its milliseconds; what is found at each.
    private func findings(_ looks: [(Int, UInt64?)]) -> [StallDetector.Finding?] {
        var detector = StallDetector(threshold: .seconds(1), now: Self.at(0))
        return looks.map { detector.look(at: $0.1, now: Self.at($0.0)) }
    }

    @Test func `a round that takes the threshold is a stall, found once, and its end is found`() {
        #expect(
            findings([(250, 1), (500, 1), (1000, 1), (1249, 1), (1250, 1), (1500, 1), (2000, 1), (2100, 3), (2200, 3)])
                == [nil, nil, nil, nil, .stalled(.seconds(1)), nil, nil, .turned(.milliseconds(1850)), nil])
    }

    @Test func `a stall that ends in a wait has ended`() {
        #expect(findings([(0, 1), (900, 1), (1000, 1), (1100, nil)]).last == .turned(.milliseconds(1100)))
    }

    @Test func `a loop that waits, or turns between the looks, is never stalled`() {
        #expect(findings((1...40).map { ($0 * 250, nil) }) == Array(repeating: nil, count: 40))
        #expect(findings((1...40).map { ($0 * 250, UInt64($0)) }) == Array(repeating: nil, count: 40))
    }

    @Test func `two stalls are found each`() {
        let found = findings([(0, 1), (900, 1), (1800, 1), (1900, 3), (2800, 3), (3000, 3), (3100, nil)])
        #expect(found.compactMap(\.self).count == 4)
    }

    @Test func `time in which nobody looked is no stall`() {
        #expect(findings([(250, 1), (60_000, 1), (60_500, 1), (61_000, 1)]) == [nil, nil, nil, .stalled(.seconds(1))])
    }

    enum Kind: String, CaseIterable, Sendable { case action, timer, job, handler }

    @Test(arguments: Kind.allCases)
    func `a loop that is held up is told of once, with what it is at, and again when it turns`(kind: Kind) async throws
    {
        let loop = try EventLoop(label: "held up")
        let events = EventList()
        let watchdog = EventLoopWatchdog(loops: [loop], threshold: .seconds(1), now: Self.at(0), log: events.add)
        let obstacle = Obstacle()
        let wakeUp = try WakeUp()
        switch kind {
        case .action: loop.execute { obstacle.wait() }
        case .timer: loop.execute { loop.schedule(after: .zero) { obstacle.wait() } }
        case .job: Task(executorPreference: loop) { obstacle.wait() }
        case .handler:
            loop.execute {
                do {
                    _ = try loop.register(wakeUp.descriptor, for: .readable, .edge, handler: obstacle)
                } catch {
                    Issue.record(error)
                }
            }
            wakeUp.signal()
        }
        await obstacle.isReached()
        for time in [100, 600, 1100, 1600, 2600] { watchdog.look(now: Self.at(time)) }
        let work =
            switch kind {
            case .action: "an action"
            case .timer: "a timer"
            case .job: "a job of a task or an actor"
            case .handler: "a readiness handler, Obstacle"
            }
        let stall = EventLoopWatchdog.Event.stalled(loop: "held up", for: .seconds(1), work: work)
        #expect(events.all == [stall])
        obstacle.release()
        await loop.turn()
        watchdog.look(now: Self.at(3100))
        watchdog.look(now: Self.at(3600))
        #expect(events.all == [stall, .turned(loop: "held up", after: .seconds(3))])
        withExtendedLifetime(wakeUp) {}
    }

    @Test func `a watchdog looks by itself`() async throws {
        let loop = try EventLoop(label: "held up")
        let (stream, continuation) = AsyncStream<EventLoopWatchdog.Event>.makeStream()
        let watchdog = EventLoopWatchdog(loops: [loop], threshold: .milliseconds(20)) { continuation.yield($0) }
        let obstacle = Obstacle()
        loop.execute { obstacle.wait() }
        var events = stream.makeAsyncIterator()
        guard case .stalled(loop: "held up", _, work: "an action")? = await events.next() else {
            Issue.record("not told of the stall")
            return
        }
        obstacle.release()
        guard case .turned(loop: "held up", _)? = await events.next() else {
            Issue.record("not told of the turn")
            return
        }
        withExtendedLifetime(watchdog) {}
    }
}
