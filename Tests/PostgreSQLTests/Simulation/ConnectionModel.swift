/// What is right for a connection: how long it may pause, connect, and wait for an answer.
struct ConnectionModel {
    typealias Instant = Duration

    let connectTimeout: Duration
    let longestSilence: Duration?
    /// How many sessions have ended, or could not be made, since one last lived for long.
    private var failures = 0
    private(set) var attemptSince: Instant?
    private(set) var openSince: Instant?
    /// The bounds of the pause.
    private(set) var pause: (earliest: Instant, latest: Instant)?
    private(set) var mayHurry = true
    var lastProgress = Instant.zero
    private(set) var sessions = 0
    private(set) var firstHost = 0
    var isClosed = false

    init(connectTimeout: Duration, longestSilence: Duration?) {
        self.connectTimeout = connectTimeout
        self.longestSilence = longestSilence
    }

    mutating func beginAttempt(hurried: Bool, at now: Instant) throws(Violation) {
        if let pause {
            let isInTime = hurried ? mayHurry : now >= pause.earliest
            let fault = hurried ? "hurries to a server that ends each session" : "the pause is too short"
            try Violation.require(isInTime, fault)
        }
        pause = nil
        attemptSince = now
        sessions += 1
    }

    mutating func opened(at now: Instant) {
        attemptSince = nil
        openSince = now
    }

    /// The session is over, or the attempt: the pause is twice the last one, up to two seconds, unless the session has lived
    /// for longer than that.
    mutating func ended(at now: Instant) {
        if let openSince {
            let hasLived = now - openSince > .seconds(2)
            if hasLived { failures = 0 }
            mayHurry = hasLived
        } else {
            mayHurry = true
        }
        let longest = min(Duration.milliseconds(50) * (1 << min(failures, 10)), .seconds(2))
        failures += 1
        (attemptSince, openSince) = (nil, nil)
        pause = (now + longest / 2, now + longest)
    }

    mutating func leaveHost(after host: Int? = nil) { firstHost = (host ?? firstHost) + 1 }

    /// When something has to have happened by itself.
    func deadline(awaitsAnswer: Bool) -> Instant? {
        if isClosed { return nil }
        if let pause { return pause.latest }
        if let attemptSince { return attemptSince + connectTimeout }
        guard openSince != nil, awaitsAnswer, let longestSilence else { return nil }
        return lastProgress + longestSilence
    }
}
