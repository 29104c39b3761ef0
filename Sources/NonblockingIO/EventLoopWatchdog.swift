internal import Synchronization

/// Says when an event loop has not turned for some time, with what it is at, and when it turns again: once each.
///
/// It looks four times in that time, on a thread of its own, and reads two numbers of each loop. A loop that waits is not
/// stalled, however long.
public final class EventLoopWatchdog: Sendable {
    /// What is said.
    public enum Event: Hashable, Sendable, CustomStringConvertible {
        /// The loop of that name has not turned for that long, to a quarter of the threshold.
        case stalled(loop: String, for: Duration, work: String)
        /// It turns again, after that long in all.
        case turned(loop: String, after: Duration)

        /// A sentence for the log.
        public var description: String {
            switch self {
            case .stalled(let loop, let duration, let work):
                "The event loop \(loop) has not turned for \(Self.text(duration)); it is at \(work)"
            case .turned(let loop, let duration): "The event loop \(loop) turns again, after \(Self.text(duration))"
            }
        }

        private static func text(_ duration: Duration) -> String { "\(duration.nanoseconds / 1_000_000) ms" }
    }

    private let loops: [EventLoop]
    private let log: @Sendable (Event) -> Void
    private let detectors: Mutex<[StallDetector]>
    private let alarm = Mutex<Alarm?>(nil)

    /// Watches until it is let go of.
    /// - Parameters:
    ///   - threshold: for how long a round of a loop may take.
    ///   - log: called on the watchdog's thread.
    public convenience init(
        loops: [EventLoop], threshold: Duration = .seconds(1), log: @escaping @Sendable (Event) -> Void
    ) {
        self.init(loops: loops, threshold: threshold, now: .now, log: log)
        let interval = threshold / 4
        alarm.withLock { $0 = Alarm(after: interval, each: interval) { [weak self] in self?.look(now: .now) } }
    }

    /// One that looks only when it is told to.
    init(
        loops: [EventLoop], threshold: Duration, now: ContinuousClock.Instant, log: @escaping @Sendable (Event) -> Void
    ) {
        self.loops = loops
        self.log = log
        detectors = Mutex(loops.map { _ in StallDetector(threshold: threshold, now: now) })
    }

    /// Looks at each loop.
    func look(now: ContinuousClock.Instant) {
        for (index, loop) in loops.enumerated() {
            let round = loop.progress.round
            switch detectors.withLock({ $0[index].look(at: round, now: now) }) {
            case .stalled(let duration):
                log(.stalled(loop: loop.label, for: duration, work: loop.progress.description))
            case .turned(let duration): log(.turned(loop: loop.label, after: duration))
            case nil: break
            }
        }
    }
}
