import TestSupport

@testable import PostgreSQL

/// The lanes of a pool and the connections of both, with a server, a clock and the tasks of those who ask that are all
/// simulated: does what the state machines say, and holds each thing that they say against the models.
struct SimulatedPool {
    typealias Instant = Duration

    /// How the server meets those who connect.
    enum Mood: CaseIterable { case serves, refuses, isSilent, endsAtOnce }

    /// What a task does when it is resumed, which is later than what resumes it.
    enum Resumption {
        case lent(client: Int, connection: Int, session: Int)
        case answered(query: Int, PostgresError?)
    }

    /// What those who asked were told at last.
    enum Outcome { case done, notDone, unknown }

    var random: SeededGenerator
    private(set) var now = Instant.seconds(1000)
    /// How many things have happened, and events were told to the state machines.
    var steps = 0
    /// What has happened, when somebody is to read it.
    var trace: [String]?

    var mood = Mood.serves
    var errors: SimulatedErrors
    var store = SimulatedStore()
    /// Backends whose clients have gone.
    var left: [SimulatedBackend] = []
    var outcomes: [Int: Outcome] = [:]
    var resumptions: [Resumption] = []

    let connectTimeout: Duration
    let longestSilence: Duration?
    /// Those of the lane `read` have negative numbers.
    var connections: [SimulatedConnection] = []
    let readConnections: Int

    var lane: SerialLaneStateMachine
    var laneModel: SerialLaneModel
    var laneTimer: Instant?
    /// Which client of the lane has asked a query, by the query's number; those of the lane `read` have none.
    var askedBy: [Int: Int] = [:]
    /// The query of a client that has a statement, which stays the same when it is sent again.
    var queryOf: [Int: Int] = [:]
    /// Who has borrowed a connection, and for which session.
    var loans: [Int: Int] = [:]
    var queriesAsked = 0

    var reads: ReadLaneStateMachine<Int>
    var readModel: ReadLaneModel
    /// How often the state machine lets each query be sent again.
    var readAttempts: [Int: Repetitions] = [:]
    var isClosed = false

    init(seed: UInt64, isTraced: Bool) {
        random = SeededGenerator(seed: seed)
        trace = isTraced ? [] : nil
        errors = SimulatedErrors(lockEvery: [0, 1, 2, 2][random.below(4)], otherEvery: [0, 2, 5][random.below(3)])
        connectTimeout = .milliseconds(random.size(upTo: 2000))
        longestSilence = random.once(in: 4) ? nil : .milliseconds(random.size(upTo: 4000))
        readConnections = random.size(upTo: 3)
        let acquireTimeout = Duration.milliseconds(random.size(upTo: 1000))
        let maxWaiting = random.once(in: 2) ? 40 : random.size(upTo: 8)
        let lifetimes: [LaneLimits.Lifetime] = [.pool, .pool, .use(idle: random.time(upTo: 2000)), .once]
        let limits = SerialLaneStateMachine.Limits(
            connections: random.size(upTo: 3), lifetime: lifetimes[random.below(lifetimes.count)],
            patience: random.once(in: 3) ? .milliseconds(random.size(upTo: 3000)) : .seconds(2 + random.below(3)),
            acquireTimeout: acquireTimeout, maxWaiting: maxWaiting)
        lane = SerialLaneStateMachine(limits)
        laneModel = SerialLaneModel(limits, at: now)
        reads = ReadLaneStateMachine(acquireTimeout: acquireTimeout, maxPending: maxWaiting)
        readModel = ReadLaneModel(acquireTimeout: acquireTimeout, maxPending: maxWaiting, at: now)
    }

    mutating func start() throws(Violation) {
        try require(reads.start(at: now), "does not start")
        for number in 1...readConnections { try connect(-number) }
        lane.start(at: now)
        try performLane()
    }

    func require(_ condition: Bool, _ rule: @autoclosure () -> String) throws(Violation) {
        try Violation.require(condition, rule())
    }

    mutating func note(_ text: @autoclosure () -> String) {
        steps += 1
        if trace != nil { trace?.append(text()) }
    }

    // MARK: Time

    /// Lets time pass; the timers that are due fire then, at the same moment.
    mutating func pass(to instant: Instant) throws(Violation) {
        while !resumptions.isEmpty { try resume() }
        now = max(now, instant)
        if trace != nil { trace?.append("at \(now):") }
        for number in connections.map(\.number) { try passDeadlines(of: number) }
        try passInReadLane()
        try passInLane()
        for connection in connections {
            let deadline = connection.model.deadline(awaitsAnswer: !connection.inFlight.isEmpty)
            try require(deadline.map { $0 > now } ?? true, "a connection's time is over, and nothing is done")
        }
    }

    /// One that is late may come to several at once.
    private mutating func passDeadlines(of number: Int) throws(Violation) {
        while let place = place(of: number), let deadline = connections[place].machine.deadline, deadline <= now {
            let host = random.once(in: 2) ? nil : random.below(3)
            try tell(number, .deadline(awaitsAnswer: !connections[place].inFlight.isEmpty, host: host))
        }
    }

    /// When the next timer fires.
    var nextDeadline: Instant? {
        (connections.map(\.machine.deadline) + [laneTimer, reads.deadline]).compactMap { $0 }.min()
    }

    /// A task goes on, not always the one that was resumed first.
    mutating func resume() throws(Violation) {
        guard !resumptions.isEmpty else { return }
        switch resumptions.remove(at: random.below(resumptions.count)) {
        case .lent(let client, let connection, let session):
            try use(connection, inSession: session, by: client)
        case .answered(let query, let error):
            if let client = askedBy.removeValue(forKey: query) {
                try answer(client, query, error)
            } else {
                try answerRead(query, error)
            }
        }
    }

    /// Somebody is told what has become of a query, for good.
    mutating func end(_ query: Int, _ error: PostgresError?) throws(Violation) {
        try require(outcomes[query] == nil, "\(query) ends twice")
        if let error {
            outcomes[query] = error.isOutcomeUnknown ? .unknown : .notDone
            let isCertain = error.isOutcomeUnknown || store.commits(of: query) == 0
            try require(isCertain, "\(query) is done, and has failed for sure")
        } else {
            outcomes[query] = .done
            try require(store.commits(of: query) == 1, "\(query) is answered, and not done")
        }
    }

    mutating func close() throws(Violation) {
        guard !isClosed else { return }
        isClosed = true
        note("close")
        guard let given = reads.close() else { throw Violation(description: "does not close") }
        let error = given.error
        refuse(given)
        readModel.isClosed = true
        for connection in connections where connection.number < 0 { try tell(connection.number, .close(error)) }
        laneModel.isClosed = true
        try tellLane("close") { machine, _ in machine.close(error) }
    }
}
