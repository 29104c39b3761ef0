internal import DequeModule

extension SerialLaneStateMachine {
    mutating func setTimer(at instant: Instant) {
        guard timer.map({ instant < $0 }) ?? true else { return }
        timer = instant
        actions.append(.setTimer(instant))
    }

    /// The timer may have been set for somebody who waits no more.
    mutating func timer(at now: Instant) {
        timer = nil
        let due = aside.filter { $0.deadline <= now }.sorted { $0.deadline < $1.deadline }
        aside.removeAll { $0.deadline <= now }
        for waiter in due { acquire(waiter.client, at: now) }
        giveUp(at: now)
        if let idleDeadline, idleDeadline <= now {
            self.idleDeadline = nil
            closeConnections(Self.notNeeded)
        }
        settle(at: now)
        setTimerForNext()
    }

    /// Refuses those who have waited long enough.
    private mutating func giveUp(at now: Instant) {
        let error = hasOpen ? PostgresError(.busy, "no connection of its lane became free") : latestError
        for waiter in newcomers where waiter.deadline <= now { refuse(waiter.client, error) }
        for waiter in returning where waiter.deadline <= now { refuse(waiter.client, error) }
        newcomers.removeAll { $0.deadline <= now }
        returning.removeAll { $0.deadline <= now }
    }

    private mutating func setTimerForNext() {
        var next = idleDeadline
        for waiter in newcomers { next = min(next ?? waiter.deadline, waiter.deadline) }
        for waiter in returning { next = min(next ?? waiter.deadline, waiter.deadline) }
        for waiter in aside { next = min(next ?? waiter.deadline, waiter.deadline) }
        if let next { setTimer(at: next) }
    }
}
