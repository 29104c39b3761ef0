@testable import PostgreSQL

/// What is right for those who read: who waits, in which order, and since when there is no connection.
struct ReadLaneModel {
    typealias Instant = Duration

    let acquireTimeout: Duration
    let maxPending: Int
    /// Those that no connection has taken, in the order in which they came.
    var waiting: [Int] = []
    /// How many wait or are in flight.
    var pending = 0
    var noneSince: Instant?
    var isClosed = false
    private var attempts: [Int: Int] = [:]

    init(acquireTimeout: Duration, maxPending: Int, at now: Instant) {
        self.acquireTimeout = acquireTimeout
        self.maxPending = maxPending
        noneSince = now
    }

    func isOverdue(at now: Instant) -> Bool { noneSince.map { $0 + acquireTimeout <= now } ?? false }
    func mayEnter(at now: Instant) -> Bool { !isClosed && !isOverdue(at: now) && pending < maxPending }

    /// Whether a query is sent again after an error: when it was certainly undone, and only so often.
    mutating func repeats(_ query: Int, atMost count: Int, after error: PostgresError) -> Bool {
        guard ModelRules.isUndone(error) else { return false }
        attempts[query, default: 0] += 1
        return attempts[query, default: 0] <= count
    }
}

enum ModelRules {
    /// Nothing was done, and it may be done at once.
    static func isUndone(_ error: PostgresError) -> Bool {
        error.kind == .connectionLost(outcomeUnknown: false) || ["40P01", "40001"].contains(error.sqlState)
    }
}
