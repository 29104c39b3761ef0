internal import Dispatch
internal import Synchronization

/// Something that happens at a time whatever the loops do: a timer of Dispatch's, on a queue of its own.
public final class Alarm: Sendable {
    private final class Fired: Sendable {
        let flag = Atomic(false)
    }

    // A source's methods may be called from any thread (dispatch/source.h); its type does not say so.
    nonisolated(unsafe) private let timer: any DispatchSourceTimer
    private let fired = Fired()

    /// Sets it to go off once, at once where `delay` is not positive; and then each `interval`, if there is one.
    public init(after delay: Duration, each interval: Duration? = nil, _ action: @escaping @Sendable () -> Void) {
        // Without a target it has a thread of its own, however many are blocked.
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "alarm"))
        timer.setEventHandler { [fired] in
            fired.flag.store(true, ordering: .sequentiallyConsistent)
            action()
        }
        let first = DispatchTime.now() + Self.interval(delay)
        if let interval {
            timer.schedule(deadline: first, repeating: Self.interval(interval), leeway: Self.interval(interval / 8))
        } else {
            timer.schedule(deadline: first, leeway: .milliseconds(1))
        }
        timer.activate()
    }

    deinit { timer.cancel() }

    /// Whether it has gone off; true before its action begins.
    public var hasFired: Bool { fired.flag.load(ordering: .sequentiallyConsistent) }

    /// Does not let it go off any more; an action that has begun goes on.
    public func cancel() { timer.cancel() }

    static func interval(_ duration: Duration) -> DispatchTimeInterval { .nanoseconds(Int(duration.nanoseconds)) }
}

extension Duration {
    /// In nanoseconds, from 0 to the most that there can be, about three centuries.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = max(.zero, self).components
        let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (all, isTooLongAgain) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return isTooLong || isTooLongAgain ? .max : all
    }
}
