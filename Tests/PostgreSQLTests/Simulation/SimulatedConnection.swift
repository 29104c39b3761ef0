@testable import PostgreSQL

/// A connection's state machine, and the session and the backend that it is with at the moment.
struct SimulatedConnection {
    typealias Machine = PostgresConnectionStateMachine
    typealias Instant = Duration

    /// How the attempt to connect stands, as whoever performs it sees it.
    enum Attempt { case none, resolving, connecting, open }

    struct Sent {
        let query: Int
        let isPreparing: Bool
        var leading: Int { isPreparing ? 1 : 0 }
    }

    let number: Int
    var machine: Machine
    var attempt = Attempt.none
    var backend: SimulatedBackend?
    var inFlight: [Sent] = []
    var progress = SegmentProgress()
    var error: PostgresError?
    /// How many results of the first query have been read, that of the preparing included.
    private var resultsRead = 0
    var hasFarewell = false
    /// No more can be sent until there is room.
    var isSocketFull = false
    /// The server does not answer, and its kernel keeps the link.
    var isFrozen = false
    var model: ConnectionModel

    init(number: Int, connectTimeout: Duration, longestSilence: Duration?) {
        self.number = number
        machine = Machine(connectTimeout: connectTimeout, longestSilence: longestSilence)
        model = ConnectionModel(connectTimeout: connectTimeout, longestSilence: longestSilence)
    }

    var isOpen: Bool { attempt == .open }
    var load: Int? { isOpen && !isSocketFull ? inFlight.count : nil }

    /// Sends a query, as `PostgresConnection.send`; whether it was sent.
    mutating func send(_ query: Int, isPreparing: Bool, inSession session: Int?, at now: Instant) -> Bool {
        guard machine.isOpen, session.map({ $0 == machine.sessionNumber }) ?? true else { return false }
        if inFlight.isEmpty {
            machine.noteProgress(at: now)
            model.lastProgress = now
        }
        inFlight.append(Sent(query: query, isPreparing: isPreparing))
        backend?.take(statement: query, isPreparing: isPreparing)
        return true
    }

    /// Reads one message; the query that is answered by it, and how.
    mutating func read(at now: Instant) -> (query: Int, error: PostgresError?)? {
        guard let message = backend?.unread.first else { return nil }
        backend?.unread.removeFirst()
        machine.noteProgress(at: now)
        model.lastProgress = now
        switch message {
        case .result:
            _ = progress.note(leading: inFlight[0].leading)
            resultsRead += 1
        case .error(let error): self.error = error
        case .farewell: hasFarewell = true
        case .sync: return answerFirst()
        }
        return nil
    }

    private mutating func answerFirst() -> (query: Int, error: PostgresError?) {
        defer {
            progress.goOn()
            error = nil
            resultsRead = 0
        }
        return (inFlight.removeFirst().query, error)
    }

    /// The session is over: what has become of the queries in flight, and the backend that is left behind.
    mutating func end() throws(Violation) -> (
        outcomes: [(query: Int, error: PostgresError?)], backend: SimulatedBackend?
    ) {
        var left = backend.flatMap { $0.isGone ? nil : $0 }
        if SegmentProgress.mustCancel(inFlight: inFlight.count, isConnected: left != nil) { left?.cancel() }
        var outcomes: [(query: Int, error: PostgresError?)] = []
        while let first = inFlight.first {
            let fate = progress.fate(
                leading: first.leading, hasError: error != nil, endedInOrder: hasFarewell)
            try Violation.require(fate == fateOfFirst, "what has become of \(first.query) is told wrongly: \(fate)")
            resultsRead = 0
            if fate == .answered {
                outcomes.append(answerFirst())
            } else {
                inFlight.removeFirst()
                outcomes.append((first.query, fate == .unknown ? Self.unknown : Self.undone))
            }
        }
        (backend, attempt, error, hasFarewell, isSocketFull, isFrozen) = (nil, .none, nil, false, false, false)
        progress = SegmentProgress()
        return (outcomes, left)
    }

    /// An error is an answer; a server that ends in order has undone what it had not said to be complete; of anything else
    /// nothing is known.
    private var fateOfFirst: SegmentProgress.Fate {
        if error != nil { return .answered }
        return hasFarewell && resultsRead <= (inFlight[0].isPreparing ? 1 : 0) ? .undone : .unknown
    }

    static let undone = PostgresError(.connectionLost(outcomeUnknown: false), "simulated")
    private static let unknown = PostgresError(.connectionLost(outcomeUnknown: true), "simulated")
}
