internal import DequeModule

/// Who may send a query in the lane `read`, who waits for a connection and for how long, without connections or a clock.
///
/// Which connection takes a query is seen from their loads; of that nothing is kept here, and nothing of those in flight
/// but their number.
struct ReadLaneStateMachine<Request> {
    /// Counted from any one moment, as `EventLoop.uptime`.
    typealias Instant = Duration

    private enum Phase { case idle, running, closed }

    /// A time without any connection.
    private struct Outage {
        var error: PostgresError
        let end: Instant
        /// Queries have waited long enough; from then on they fail at once.
        var isOverdue = false
    }

    let acquireTimeout: Duration
    let maxPending: Int
    private var phase = Phase.idle
    private var outage: Outage?
    /// Those that no connection has taken yet.
    private var waiting = Deque<Request>()
    private var pending = 0

    init(acquireTimeout: Duration, maxPending: Int) {
        self.acquireTimeout = acquireTimeout
        self.maxPending = maxPending
    }

    /// When `timer` is to be told.
    var deadline: Instant? { outage.flatMap { $0.isOverdue ? nil : $0.end } }

    // MARK: Queries

    /// - Throws: when the pool is not started, or closed.
    func checkRunning() throws(PostgresError) {
        switch phase {
        case .idle: throw PostgresError(.unavailable, "the pool was not started")
        case .closed: throw PostgresError(.unavailable, "the pool is closed")
        case .running: break
        }
    }

    /// - Throws: when no query can be sent, or wait.
    func checkAvailable() throws(PostgresError) {
        try checkRunning()
        if let outage, outage.isOverdue { throw outage.error }
    }

    /// Lets a query in, which `leave` is told of when it has its answer.
    mutating func enter() throws(PostgresError) {
        try checkAvailable()
        guard pending < maxPending else { throw PostgresError(.unavailable, "\(pending) queries are waiting") }
        pending += 1
    }

    mutating func leave() { pending -= 1 }

    /// Whether others wait, before whom nobody goes.
    var hasWaiting: Bool { !waiting.isEmpty }
    /// Who is to be sent next.
    var firstWaiting: Request? { waiting.first }

    mutating func wait(_ request: Request) { waiting.append(request) }
    mutating func removeFirstWaiting() { waiting.removeFirst() }

    // MARK: Outages

    /// The pool connects.
    /// - Returns: whether it had not begun to before.
    mutating func start(at now: Instant) -> Bool {
        guard phase == .idle else { return false }
        phase = .running
        beginOutage(PostgresError(.unavailable, "no connection yet"), at: now)
        return true
    }

    mutating func opened() { outage = nil }

    /// - Parameter isAvailable: whether another connection is open.
    mutating func lost(_ error: PostgresError, isAvailable: Bool, at now: Instant) {
        if phase == .running && !isAvailable { beginOutage(error, at: now) }
    }

    private mutating func beginOutage(_ error: PostgresError, at now: Instant) {
        if outage == nil { outage = Outage(error: error, end: now + acquireTimeout) } else { outage?.error = error }
    }

    /// - Returns: those that have waited too long, and why.
    mutating func timer(at now: Instant) -> (requests: [Request], error: PostgresError)? {
        guard let outage, !outage.isOverdue, outage.end <= now else { return nil }
        self.outage?.isOverdue = true
        return (takeWaiting(), outage.error)
    }

    /// - Returns: those that wait, and what they are told; nil when it was closed before.
    mutating func close() -> (requests: [Request], error: PostgresError)? {
        guard phase != .closed else { return nil }
        phase = .closed
        outage = nil
        return (takeWaiting(), PostgresError(.unavailable, "the pool is closed"))
    }

    private mutating func takeWaiting() -> [Request] {
        // An empty deque would be copied into the empty array that all of the process share, and the thread sanitizer
        // takes that for a race.
        guard !waiting.isEmpty else { return [] }
        defer { waiting = [] }
        return Array(waiting)
    }
}
