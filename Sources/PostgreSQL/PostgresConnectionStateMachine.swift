/// The life of a connection that is made again by itself when it is lost, without a socket, a loop or a clock: it is told
/// what has happened, and when, and says what is to be done about it.
///
/// There is never more than one thing to do. Whoever drives it tells `deadline` when that time is there.
struct PostgresConnectionStateMachine {
    /// Counted from any one moment (`EventLoop.uptime` says why it is no `ContinuousClock.Instant`).
    typealias Instant = Duration

    enum State: Hashable {
        case idle
        /// It is found out where the hosts are. When what is known has to do, and when the attempt is given up.
        case resolving(lookUpEnd: Instant?, end: Instant)
        case connecting(end: Instant)
        /// When silence is looked for the next time, if ever.
        case open(since: Instant, check: Instant?)
        /// Whether the next attempt may be made before, because others have found the server.
        case pausing(end: Instant, mayHurry: Bool)
        case closed
    }

    /// What can happen to a connection.
    enum Event {
        case start
        /// Where the hosts of the session of that number are is known, or will not be.
        case resolved(session: Int)
        /// The session can be used.
        case opened
        /// The session is over or could not be opened.
        case failed(PostgresError)
        /// The deadline is there. Whether an answer of the server is awaited that has to come in time, and which host it
        /// is with, counted in the connection string's order.
        case deadline(awaitsAnswer: Bool, host: Int?)
        /// The server is there again: the next attempt need not wait.
        case hurry
        /// Of the session nothing shall be left; another is to begin.
        case restart
        case close(PostgresError)
    }

    /// What is to be done.
    enum Action {
        case none
        /// Find out where the hosts are, and tell `resolved`, or `failed`.
        case resolve
        /// Tell `resolved` now, or `failed`, from what is known.
        case stopResolving
        /// Open a session: `opened` or `failed`.
        case connect
        /// Tell the owner that queries can be sent.
        case tellOpened
        /// End the session, if there is one, and tell nobody but those whose queries are in flight.
        case end(PostgresError)
        /// The same, and tell the owner and the log.
        case lose(PostgresError)
        /// The same as `end`, for good.
        case close(PostgresError)
    }

    let connectTimeout: Duration
    /// How long the server may be silent while an answer is awaited; nil for ever.
    let longestSilence: Duration?
    private(set) var state = State.idle
    /// Tells sessions apart.
    private(set) var sessionNumber = 0
    /// Which of several hosts is tried first, counted round and round: another one after each that was silent.
    private(set) var firstHost = 0
    private var backoff = Backoff()
    private var lastProgress = Instant.zero

    init(connectTimeout: Duration, longestSilence: Duration?) {
        self.connectTimeout = connectTimeout
        self.longestSilence = longestSilence
    }

    var isOpen: Bool {
        guard case .open = state else { return false }
        return true
    }

    /// When `deadline` is to be told; nil when nothing is awaited.
    var deadline: Instant? {
        switch state {
        case .idle, .closed: nil
        case .resolving(let lookUpEnd, let end): min(lookUpEnd ?? end, end)
        case .connecting(let end), .pausing(let end, _): end
        case .open(_, let check): check
        }
    }

    /// Something has come from the server, or something is awaited from now on.
    mutating func noteProgress(at now: Instant) { lastProgress = now }

    /// Takes note of what has happened, and says what to do.
    /// - Parameter random: from 0 to 1, asked for a pause.
    mutating func handle(
        _ event: Event, at now: Instant, random: @autoclosure () -> Double = .random(in: 0...1)
    ) -> Action {
        switch (event, state) {
        case (_, .closed): return .none
        case (.start, .idle), (.hurry, .pausing(_, mayHurry: true)): return attempt(at: now)
        case (.resolved(sessionNumber), .resolving(_, let end)):
            state = .connecting(end: end)
            return .connect
        case (.opened, .connecting):
            state = .open(since: now, check: longestSilence.map { now + $0 })
            return .tellOpened
        // It is over already.
        case (.failed, .pausing): return .none
        case (.failed(let error), _):
            pause(at: now, random())
            return .lose(error)
        case (.deadline(let awaitsAnswer, let host), _):
            return reachDeadline(awaitsAnswer: awaitsAnswer, host: host, at: now, random())
        case (.restart, .open):
            pause(at: now, random())
            return .end(PostgresError(.unavailable, "the session was ended"))
        case (.close(let error), _):
            state = .closed
            return .close(error)
        case (.start, _), (.hurry, _), (.resolved, _), (.opened, _), (.restart, _): return .none
        }
    }

    private mutating func attempt(at now: Instant) -> Action {
        sessionNumber += 1
        state = .resolving(lookUpEnd: now + connectTimeout / 2, end: now + connectTimeout)
        return .resolve
    }

    /// The timer may have been left behind by a deadline that is over.
    private mutating func reachDeadline(
        awaitsAnswer: Bool, host: Int?, at now: Instant, _ random: @autoclosure () -> Double
    ) -> Action {
        guard let deadline, deadline <= now else { return .none }
        switch state {
        case .idle, .closed: return .none
        // What is known of the hosts is asked for also where the loop is late, and both times are over.
        case .resolving(.some, let end):
            state = .resolving(lookUpEnd: nil, end: end)
            return .stopResolving
        case .resolving, .connecting:
            firstHost += 1
            pause(at: now, random())
            return .lose(PostgresError(.unavailable, "no connection within \(connectTimeout)"))
        case .open(let since, _):
            guard let longestSilence else { return .none }
            let silence = awaitsAnswer ? now - lastProgress : .zero
            guard silence >= longestSilence else {
                state = .open(since: since, check: now + longestSilence - silence)
                return .none
            }
            if let host { firstHost = host + 1 }
            pause(at: now, random())
            return .lose(PostgresError(.unavailable, "no answer within \(longestSilence)"))
        case .pausing: return attempt(at: now)
        }
    }

    /// A server that accepts sessions only to end them is not asked more often than one that accepts none: neither does its
    /// session begin the back-off anew, nor do those of others, as short-lived, cut its pause short.
    private mutating func pause(at now: Instant, _ random: Double) {
        var mayHurry = true
        if case .open(let since, _) = state {
            mayHurry = now - since > Backoff.longest
            if mayHurry { backoff.reset() }
        }
        state = .pausing(end: now + backoff.delay(random: random), mayHurry: mayHurry)
    }
}
