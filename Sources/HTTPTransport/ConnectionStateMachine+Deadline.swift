extension ConnectionStateMachine {
    /// The one time-out that a connection is under.
    struct Deadline: Hashable {
        /// What is awaited from the client.
        enum Cause { case idle, head, content, output, lingering }

        let cause: Cause
        var instant: Instant
    }

    /// Puts the connection under the time-out that goes with how it is, and has it wait.
    ///
    /// A busy connection moves its deadline with each request, so the timer is left where it is, unless the deadline is
    /// earlier, and looked at again when it fires: moving the deadline is a store.
    mutating func rest(at now: Instant) -> Action {
        if case .ours = turn { turn = .ours(steps: Self.stepsInTurn) }
        let cause = awaited
        if deadline?.cause != cause {
            deadline = cause.map { Deadline(cause: $0, instant: now + time(for: $0)) }
        }
        guard let deadline, timer.map({ $0 > deadline.instant }) ?? true else { return .wait(settingTimer: nil) }
        timer = deadline.instant
        return .wait(settingTimer: deadline.instant)
    }

    /// What the client has to do; nil when it is not its turn.
    private var awaited: Deadline.Cause? {
        switch state {
        case .closed: nil
        case _ where pendingBytes > 0: .output
        case .lingering: .lingering
        case .responding, .respondingInPieces, .ending, .sendingLast: nil
        case .receiving(.idle), .probing: .idle
        case .receiving(.head): .head
        case .receiving(.content): .content
        // More has come, and is looked at in the next turn: meanwhile nothing is over.
        case .receiving(.unparsed): deadline?.cause == .content ? .content : .head
        }
    }

    private func time(for cause: Deadline.Cause) -> Duration {
        switch cause {
        case .idle: limits.idleTimeout
        case .head: limits.headTimeout
        case .content: limits.contentTimeout
        case .output: limits.writeTimeout
        case .lingering: limits.lingerTimeout
        }
    }

    /// Moves the deadline, if it is the one of `cause`, by what the client has earned with that many bytes, but no
    /// further than `longest` from now.
    mutating func extendDeadline(_ cause: Deadline.Cause, by byteCount: Int, longest: Duration, at now: Instant) {
        guard let deadline, deadline.cause == cause else { return }
        let extended = deadline.instant + limits.timeEarned(by: byteCount)
        self.deadline?.instant = min(extended, now + longest)
    }

    /// The next request has its own time, also when its first bytes are here already, and so has the silence after this
    /// one; but what is pending has been so for as long as it has.
    mutating func forgetRequestDeadline() {
        if deadline?.cause != .output { deadline = nil }
    }

    /// A client that has taken all has its whole time for what is sent next.
    mutating func forgetOutputDeadline() {
        if deadline?.cause == .output { deadline = nil }
    }

    /// The timer may have been left behind by a deadline that was moved.
    mutating func timerFired(at now: Instant) -> Action {
        timer = nil
        guard let deadline else { return .none }
        guard deadline.instant <= now else {
            timer = deadline.instant
            return .setTimer(deadline.instant)
        }
        self.deadline = nil
        switch deadline.cause {
        case .head, .content: return refuse(.timeOut)
        case .idle, .output, .lingering: return close()
        }
    }
}
