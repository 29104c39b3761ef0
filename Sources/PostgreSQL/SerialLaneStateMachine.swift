internal import DequeModule

/// Which statement of a lane has which connection and when, and what comes of its errors, without connections or a clock:
/// it is told what has happened, and when, and keeps what is to be done about it until that is taken.
///
/// A statement that has to wait for a lock gives its connection back after `LaneLimits.lockTimeout`, is put aside, and
/// tries again later: those who wait for a locked row do not stand before those who do not.
struct SerialLaneStateMachine {
    /// Counted from any one moment, as `EventLoop.uptime`.
    typealias Instant = Duration

    struct Limits {
        var connections: Int
        var lifetime: LaneLimits.Lifetime
        /// How long a statement tries to get a connection and its locks.
        var patience: Duration
        /// How long is waited for a connection where there is none, and by those who borrow one.
        var acquireTimeout: Duration
        /// How many may wait at the same time.
        var maxWaiting: Int
    }

    /// What is to be done, one after the other. Clients and connections are known by their numbers.
    enum Action {
        /// Make a connection and start it.
        case connect(Int)
        /// The client has the connection until it tells `finished` or `failed`.
        case lend(Int, to: Int)
        /// The client gets nothing but an error.
        case refuse(Int, PostgresError)
        case close(Int, PostgresError)
        /// Tell `timer` at that time; it is earlier than the one before, or that has fired.
        case setTimer(Instant)
    }

    /// Whoever has a connection or wants one.
    struct Client {
        /// When the patience for a statement is over; nil for who borrows.
        let end: Instant?
        var isAgain = false
        var pause = LockPause()
        var repetitions: Repetitions
    }

    struct Connection {
        let number: Int
        var isOpen = false
        var user: Int?
        /// Whether it is lent to somebody who was put aside before.
        var isForAgain = false
    }

    struct Waiter {
        let client: Int
        let deadline: Instant
    }

    let limits: Limits
    var actions = Deque<Action>()
    var clients: [Int: Client] = [:]
    private var clientsSeen = 0
    var connections: [Connection] = []
    var connectionsMade = 0
    /// Who comes for the first time, and who was put aside.
    var newcomers = Deque<Waiter>()
    var returning = Deque<Waiter>()
    var lastWasAgain = false
    /// Those that are put aside, and until when.
    var aside: [Waiter] = []
    /// Since when there is no connection although one is attempted.
    var missingSince: Instant?
    var latestError = PostgresError(.unavailable, "no connection yet")
    var idleDeadline: Instant?
    /// When the driver's timer will fire.
    var timer: Instant?
    var closedBy: PostgresError?

    init(_ limits: Limits) { self.limits = limits }

    mutating func nextAction() -> Action? { actions.popFirst() }

    /// Connects, where the connections live as long as the pool.
    mutating func start(at now: Instant) {
        guard limits.lifetime == .pool, closedBy == nil else { return }
        while connections.count < limits.connections { connect(at: now) }
    }

    // MARK: Clients

    /// Somebody wants to run a statement as a transaction of its own; what was certainly undone is tried again within its
    /// patience.
    /// - Returns: by which number the client is known.
    mutating func submit(at now: Instant) -> Int {
        let end = now + limits.patience
        return add(Client(end: end, repetitions: Repetitions(atMost: 1 + limits.connections)), at: now)
    }

    /// Somebody wants a connection for as long as it likes.
    /// - Returns: by which number the client is known.
    mutating func borrow(at now: Instant) -> Int {
        add(Client(end: nil, repetitions: Repetitions(atMost: 0)), at: now)
    }

    private mutating func add(_ client: Client, at now: Instant) -> Int {
        clientsSeen += 1
        clients[clientsSeen] = client
        acquire(clientsSeen, at: now)
        settle(at: now)
        return clientsSeen
    }

    /// The client needs its connection no more.
    mutating func finished(_ number: Int, at now: Instant) {
        takeBack(from: number)
        clients[number] = nil
        settle(at: now)
    }

    /// The client's statement has failed, and it needs its connection no more: it is lent one again, or refused.
    /// - Parameter random: from 0 to 1, asked for a pause.
    mutating func failed(
        _ number: Int, _ error: PostgresError, at now: Instant,
        random: @autoclosure () -> Double = .random(in: 0...1)
    ) {
        takeBack(from: number)
        if error.isRefusedLock {
            putAside(number, error, random(), at: now)
        } else if clients[number]?.repetitions.allow(after: error) == true, now < clients[number]?.end ?? now {
            acquire(number, at: now)
        } else {
            refuse(number, error)
        }
        settle(at: now)
    }

    private mutating func putAside(_ number: Int, _ error: PostgresError, _ random: Double, at now: Instant) {
        guard let end = clients[number]?.end, let delay = clients[number]?.pause.delay(random: random),
            now + delay < end
        else { return refuse(number, error) }
        if let closedBy { return refuse(number, closedBy) }
        clients[number]?.isAgain = true
        aside.append(Waiter(client: number, deadline: now + delay))
        setTimer(at: now + delay)
    }

    mutating func refuse(_ number: Int, _ error: PostgresError) {
        clients[number] = nil
        actions.append(.refuse(number, error))
    }

    /// Refuses all who wait, and ends all connections: what runs on them fails there.
    mutating func close(_ error: PostgresError) {
        guard closedBy == nil else { return }
        closedBy = error
        idleDeadline = nil
        for waiter in newcomers { refuse(waiter.client, error) }
        for waiter in returning { refuse(waiter.client, error) }
        for waiter in aside { refuse(waiter.client, error) }
        (newcomers, returning, aside) = ([], [], [])
        closeConnections(error)
    }
}
