import Glibc

/// What follows from the signals to stop, and from the time: the first begins an orderly stop, the second ends the program
/// at once, and so does an orderly stop that takes too long.
struct StopSchedule {
    enum Action: Equatable {
        case beginStop
        case endAtOnce(status: Int32)
        case nothing
    }

    /// A terminal that is closed hangs its programs up twice, by the kernel and by its shell; systemd's `SendSIGHUP` follows
    /// its SIGTERM by a SIGHUP. What comes together means one thing.
    static let timeTogether: Duration = .seconds(1)

    /// How long an orderly stop may take: the requests in progress have 10 seconds, the database's shutdown the rest.
    let patience: Duration
    private var first: (signal: Int32, time: ContinuousClock.Instant)?

    init(patience: Duration) { self.patience = patience }

    /// The time at which the orderly stop has taken too long; nil: nobody has asked for it.
    var end: ContinuousClock.Instant? { first.map { $0.time + patience } }

    mutating func receive(_ signal: Int32, at time: ContinuousClock.Instant) -> Action {
        guard let first else {
            first = (signal, time)
            return .beginStop
        }
        if signal == SIGHUP || first.signal == SIGHUP, first.time.duration(to: time) < Self.timeTogether {
            return .nothing
        }
        // As a shell says it of a program that a signal has ended.
        return .endAtOnce(status: 128 + signal)
    }

    func look(at time: ContinuousClock.Instant) -> Action {
        guard let end, end <= time else { return .nothing }
        return .endAtOnce(status: 1)
    }
}
