import NonblockingIO

/// The one time-out that a connection is under.
///
/// A busy connection moves its deadline with each request, so the loop's timer is left where it is and looked at again
/// when it fires: moving the deadline is a store.
struct Deadline {
    enum Cause { case idle, head, content, output, lingering }

    private var cause: Cause?
    private var instant = ContinuousClock.now
    private var timer: EventLoopTimer?
    private var timerInstant = ContinuousClock.now

    /// Sets the deadline, unless it is already set for the same cause and not to be `renewed`.
    mutating func set(
        _ cause: Cause, after delay: Duration, renewed: Bool, on loop: EventLoop,
        _ fired: @autoclosure () -> () -> Void
    ) {
        if self.cause != cause || renewed {
            self.cause = cause
            instant = loop.now.advanced(by: delay)
        }
        if timer == nil || timerInstant > instant { startTimer(on: loop, fired()) }
    }

    private mutating func startTimer(on loop: EventLoop, _ fired: @escaping () -> Void) {
        timer?.cancel()
        timerInstant = instant
        timer = loop.schedule(after: loop.now.duration(to: instant), fired)
    }

    /// Moves the deadline, if it is the one of `cause`, by what the client has earned, but no further than `longest`
    /// from now.
    mutating func extend(
        _ cause: Cause, by earned: @autoclosure () -> Duration, longest: Duration, on loop: EventLoop
    ) {
        guard self.cause == cause else { return }
        instant = min(instant.advanced(by: earned()), loop.now.advanced(by: longest))
    }

    /// Is under no deadline.
    mutating func forget() { cause = nil }

    /// Is no longer under the deadline of `cause`.
    mutating func forget(_ cause: Cause) {
        if self.cause == cause { self.cause = nil }
    }

    /// What is over now; nil when nothing is, and then the timer runs on to a deadline that was moved.
    mutating func timerFired(on loop: EventLoop, _ fired: @autoclosure () -> () -> Void) -> Cause? {
        timer = nil
        guard let cause else { return nil }
        guard instant <= loop.now else {
            startTimer(on: loop, fired())
            return nil
        }
        self.cause = nil
        return cause
    }

    mutating func cancel() {
        cause = nil
        timer?.cancel()
        timer = nil
    }
}
