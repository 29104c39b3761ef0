@testable import PostgreSQL

/// What is right for a lane that lends connections: who waits since when, who has what, and what its errors may come to.
struct SerialLaneModel {
    typealias Instant = Duration

    enum State: Hashable {
        /// Its place among those who wait, and until when.
        case waiting(place: Int, deadline: Instant)
        case aside(until: Instant)
        case lent(connection: Int)
    }

    struct Client {
        /// When its patience is over; nil for who has borrowed a connection.
        let end: Instant?
        var state: State
        var isAgain = false
        /// How often it was refused a lock, and how often it was undone otherwise.
        var refusals = 0
        var repetitions = 0
        /// For which error of its own it has to be refused.
        var mustFailBy: PostgresError?

        var deadline: Instant? {
            guard case .waiting(_, let deadline) = state else { return nil }
            return deadline
        }
        /// Until when it is put aside.
        var until: Instant? {
            guard case .aside(let until) = state else { return nil }
            return until
        }
        var place: Int {
            guard case .waiting(let place, _) = state else { return .max }
            return place
        }
        var connection: Int? {
            guard case .lent(let connection) = state else { return nil }
            return connection
        }
    }

    let limits: SerialLaneStateMachine.Limits
    var clients: [Int: Client] = [:]
    private var places = 0
    /// Since when a connection is attempted and none is there.
    var noneSince: Instant?
    var lastWasAgain = false
    var isClosed = false
    /// Since when there is nothing to do.
    private(set) var idleSince: Instant
    private var wasIdle = false

    init(_ limits: SerialLaneStateMachine.Limits, at now: Instant) {
        self.limits = limits
        idleSince = now
    }

    /// How many there are of each, and when something has to be done for the first of them.
    struct Census {
        var (newcomers, returning, users, lentAgain) = (0, 0, 0, 0)
        var next: Instant?
    }

    func census() -> Census {
        var census = Census()
        for client in clients.values {
            var next = Instant?.none
            switch client.state {
            case .waiting(_, let deadline):
                next = deadline
                if client.isAgain { census.returning += 1 } else { census.newcomers += 1 }
            case .aside(let until): next = until
            case .lent:
                census.users += 1
                if client.isAgain { census.lentAgain += 1 }
            }
            if let next { census.next = min(census.next ?? next, next) }
        }
        return census
    }

    var waiting: Int { clients.values.count { $0.deadline != nil } }
    private var isIdle: Bool { clients.values.allSatisfy { $0.deadline == nil && $0.connection == nil } }

    /// One who was put aside leaves a connection to those who were not, where there are several.
    var maximumLentAgain: Int { max(1, limits.connections - 1) }
    var lentAgain: Int { clients.values.count { $0.isAgain && $0.connection != nil } }

    func isMissing(at now: Instant) -> Bool { noneSince.map { now - $0 > limits.acquireTimeout } ?? false }

    func user(of connection: Int) -> Int? { clients.first { $0.value.connection == connection }?.key }

    /// The one who has waited longest, of those who come for the first time or of the others.
    func first(isAgain: Bool) -> Int? {
        clients.filter { $0.value.deadline != nil && $0.value.isAgain == isAgain }
            .min { $0.value.place < $1.value.place }?.key
    }

    mutating func wait(hasOpen: Bool, end: Instant?, at now: Instant) -> State {
        wasIdle = false
        places += 1
        let longest = now + limits.acquireTimeout
        return .waiting(place: places, deadline: hasOpen ? max(now, end ?? longest) : longest)
    }

    /// What has happened has had its consequences.
    mutating func rest(at now: Instant) {
        if isIdle && !wasIdle { idleSince = now }
        wasIdle = isIdle
    }

    /// What comes of an error of its statement.
    /// - Parameter random: what the machine was given.
    mutating func fail(_ number: Int, _ error: PostgresError, hasOpen: Bool, random: Double, at now: Instant) {
        guard var client = clients[number], let end = client.end else { return }
        if error.sqlState == "55P03" {
            let longest = min(Duration.milliseconds(50) * (1 << min(client.refusals, 10)), .milliseconds(250))
            let until = now + longest * (0.5 + random / 2)
            client.refusals += 1
            if until >= end {
                client.mustFailBy = error
            } else {
                client.isAgain = true
                client.state = .aside(until: until)
            }
        } else if ModelRules.isUndone(error), client.repetitions <= limits.connections, now < end {
            client.repetitions += 1
            client.state = wait(hasOpen: hasOpen, end: end, at: now)
        } else {
            client.mustFailBy = error
        }
        if client.mustFailBy != nil { client.state = .aside(until: now) }
        clients[number] = client
    }
}
