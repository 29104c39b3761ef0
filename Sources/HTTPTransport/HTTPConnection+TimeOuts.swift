import HTTP
import NonblockingIO

extension HTTPConnection {
    /// Puts the connection under the time-out that goes with how it is.
    func setDeadline() {
        switch state {
        case .closed: deadline.cancel()
        case _ where !output.isEmpty: setDeadline(.output, limits.writeTimeout)
        case .lingering: setDeadline(.lingering, limits.lingerTimeout)
        case .responding: deadline.forget()
        case .reading:
            switch parser.phase {
            case .idle: setDeadline(.idle, limits.idleTimeout, renewed: true)
            case .head: setDeadline(.head, limits.headTimeout)
            case .content: setDeadline(.content, limits.contentTimeout)
            }
        }
    }

    private func setDeadline(_ cause: Deadline.Cause, _ delay: Duration, renewed: Bool = false) {
        deadline.set(cause, after: delay, renewed: renewed, on: loop, deadlineTimerAction)
    }

    /// Holds the connection only until `close`, which each comes to; a weak reference would slow down all others.
    private var deadlineTimerAction: () -> Void {
        { [self] in assumeIsolated { $0.deadlineTimerFired() } }
    }

    private func deadlineTimerFired() {
        guard let cause = deadline.timerFired(on: loop, deadlineTimerAction) else { return }
        switch cause {
        case .head, .content:
            refuse(.requestTimeout, "The request took too long to come.")
            advance()
        case .idle, .output, .lingering:
            close()
        }
    }
}
