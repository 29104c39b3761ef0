import TestSupport

@testable import PostgreSQL

extension SimulatedPool {
    private var repetitions: Int { max(2, readConnections) }

    /// Somebody reads; a query has one number, however often it is sent.
    mutating func read() throws(Violation) {
        queriesAsked += 1
        readAttempts[queriesAsked] = Repetitions(atMost: repetitions)
        try enter(queriesAsked)
    }

    private mutating func enter(_ query: Int) throws(Violation) {
        let mayEnter = readModel.mayEnter(at: now)
        note("read \(query)")
        do throws(PostgresError) {
            try reads.enter()
        } catch {
            try require(!mayEnter && error.isUnavailable, "\(query) is refused for no reason")
            return try end(query, error)
        }
        try require(mayEnter, "\(query) waits for what will not come in time")
        readModel.pending += 1
        if reads.hasWaiting {
            try require(!readModel.waiting.isEmpty, "waits behind nobody")
            keep(query)
        } else if try !dispatch(query) {
            keep(query)
        }
        try checkReadRest()
    }

    private mutating func keep(_ query: Int) {
        reads.wait(query)
        readModel.waiting.append(query)
    }

    /// As `PostgresPool.dispatch`.
    private mutating func dispatch(_ query: Int) throws(Violation) -> Bool {
        let free = connections.indices.filter { connections[$0].number < 0 && connections[$0].load != nil }
        guard let best = free.min(by: { connections[$0].load ?? 0 < connections[$1].load ?? 0 }) else { return false }
        try require(readModel.waiting.first.map { $0 == query } ?? true, "\(query) goes before who came before it")
        try send(query, at: best, inSession: nil)
        if random.once(in: 8) { connections[best].isSocketFull = true }
        return true
    }

    mutating func dispatchWaiting() throws(Violation) {
        while let query = reads.firstWaiting, try dispatch(query) {
            reads.removeFirstWaiting()
            readModel.waiting.removeAll { $0 == query }
        }
        try checkReadRest()
    }

    mutating func answerRead(_ query: Int, _ error: PostgresError?) throws(Violation) {
        reads.leave()
        readModel.pending -= 1
        guard let error else { return try end(query, nil) }
        let repeats = readModel.repeats(query, atMost: repetitions, after: error)
        let isAllowed = readAttempts[query]?.allow(after: error) ?? false
        try require(isAllowed == repeats, "\(query) is repeated, or not, wrongly after \(error)")
        if repeats { try enter(query) } else { try end(query, error) }
    }

    mutating func passInReadLane() throws(Violation) {
        guard let deadline = reads.deadline, deadline <= now else { return }
        let given = reads.timer(at: now)
        note("the outage is overdue")
        try require(readModel.isOverdue(at: now), "those who wait are given up too early")
        if let given { refuse(given) }
        try checkReadRest()
    }

    mutating func refuse(_ given: (requests: [Int], error: PostgresError)) {
        for query in given.requests {
            readModel.waiting.removeAll { $0 == query }
            resumptions.append(.answered(query: query, given.error))
        }
    }

    /// Nobody waits while a connection could take the query, or for longer than an outage may last.
    func checkReadRest() throws(Violation) {
        if !readModel.waiting.isEmpty {
            let isFree = connections.contains { $0.number < 0 && $0.load != nil }
            try require(!isFree, "somebody waits, and a connection is free")
            try require(!readModel.isClosed, "somebody waits for a pool that is closed")
        }
        guard let since = readModel.noneSince, !readModel.isClosed else { return }
        let isTold = reads.deadline == nil
        if isTold {
            try require(readModel.isOverdue(at: now), "an outage that is never over")
            try require(readModel.waiting.isEmpty, "somebody waits for longer than an outage may last")
        } else {
            try require(reads.deadline == since + readModel.acquireTimeout, "the outage is counted from elsewhere")
        }
    }
}
