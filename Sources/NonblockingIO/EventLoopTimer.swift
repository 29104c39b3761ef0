/// Something that an event loop does at a later time, unless it is cancelled before.
///
/// Confined to its loop. Cancelling costs nothing: a cancelled timer stays in the loop's heap, empty, until its time or
/// until the loop has many timers.
public final class EventLoopTimer: Comparable {
    let deadline: ContinuousClock.Instant
    /// How many timers of the loop were set before.
    private let number: UInt64
    private var action: (() -> Void)?

    init(deadline: ContinuousClock.Instant, number: UInt64, action: @escaping () -> Void) {
        self.deadline = deadline
        self.number = number
        self.action = action
    }

    /// Does not let it happen, and lets go of what it would have done.
    public func cancel() { action = nil }

    /// Whether it was cancelled or has fired.
    var isCancelled: Bool { action == nil }

    func fire() {
        let action = self.action
        self.action = nil
        action?()
    }

    /// The earlier one is the lesser one; of two for the same time the one that was set first.
    public static func < (left: EventLoopTimer, right: EventLoopTimer) -> Bool {
        (left.deadline, left.number) < (right.deadline, right.number)
    }

    /// The same timer, not merely one for the same time.
    public static func == (left: EventLoopTimer, right: EventLoopTimer) -> Bool { left === right }
}
