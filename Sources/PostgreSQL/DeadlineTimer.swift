import NonblockingIO

/// An event loop's timer for the one deadline that a state machine has, which changes and may be none.
struct DeadlineTimer {
    private var timer: EventLoopTimer?
    /// What it is set to, counted as `EventLoop.uptime`; nil when it is not set, or has fired.
    private var deadline: Duration?

    /// Sees to it that `action` is run on the loop at that time, and at no other; on the loop only.
    mutating func set(to deadline: Duration?, on loop: EventLoop, _ action: @escaping () -> Void) {
        guard deadline != self.deadline else { return }
        timer?.cancel()
        self.deadline = deadline
        timer = deadline.map { loop.schedule(atUptime: $0, action) }
    }

    /// Takes note that it has fired: the same deadline may be set again.
    mutating func hasFired() { deadline = nil }
}
