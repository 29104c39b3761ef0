/// Finds, from looks at a loop's rounds, that one takes too long, and when it has ended.
struct StallDetector {
    enum Finding: Hashable {
        /// It has not turned for that long; found once for each round.
        case stalled(Duration)
        /// It turns again, after that long.
        case turned(Duration)
    }

    let threshold: Duration
    private var round: UInt64?
    private var since: ContinuousClock.Instant
    private var lastLook: ContinuousClock.Instant
    private var isStalled = false

    init(threshold: Duration, now: ContinuousClock.Instant) {
        self.threshold = threshold
        since = now
        lastLook = now
    }

    /// - Parameter round: the round that the loop is in; nil while it waits.
    mutating func look(at round: UInt64?, now: ContinuousClock.Instant) -> Finding? {
        let pause = lastLook.duration(to: now)
        lastLook = now
        guard let round, round == self.round else {
            defer {
                self.round = round
                since = now
                isStalled = false
            }
            return isStalled ? .turned(since.duration(to: now)) : nil
        }
        if isStalled { return nil }
        // Whoever looks has been stopped as well, perhaps with the whole machine: that is no stall of the loop.
        if pause > threshold { since = now }
        guard since.duration(to: now) >= threshold else { return nil }
        isStalled = true
        return .stalled(since.duration(to: now))
    }
}
