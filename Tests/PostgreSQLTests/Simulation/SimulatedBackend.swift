import TestSupport

@testable import PostgreSQL

/// What the server keeps of statements, which are numbers: how often each was committed.
struct SimulatedStore {
    private var commits: [Int: Int] = [:]

    mutating func commit(_ statement: Int) { commits[statement, default: 0] += 1 }
    func commits(of statement: Int) -> Int { commits[statement] ?? 0 }
    mutating func forget(_ statement: Int) { commits[statement] = nil }
}

/// A process of the server and what it has to do, a small step at a time.
struct SimulatedBackend {
    /// One statement, to its sync.
    struct Segment {
        let statement: Int
        let isPreparing: Bool
        var phase = Phase.begins
    }

    enum Phase { case begins, runs, commits, tells }

    enum Message {
        case result, sync
        case error(PostgresError)
        /// It ends, in order.
        case farewell
    }

    private(set) var segments: [Segment] = []
    /// What its client has not read.
    var unread: [Message] = []
    /// It is gone, and with it its link when all is read.
    private(set) var isGone = false
    /// Nobody waits for what it does.
    private(set) var isCancelled = false

    mutating func take(statement: Int, isPreparing: Bool) {
        segments.append(Segment(statement: statement, isPreparing: isPreparing))
    }

    var isAtWork: Bool { !isGone && !segments.isEmpty }

    /// Goes one step on with the first statement.
    mutating func step(_ errors: SimulatedErrors, _ store: inout SimulatedStore, _ random: inout SeededGenerator) {
        guard isAtWork else { return }
        switch segments[0].phase {
        case .begins:
            if segments[0].isPreparing { unread.append(.result) }
            segments[0].phase = .runs
        case .runs:
            if let error = errors.choose(&random) {
                fail(error)
            } else {
                unread.append(.result)
                segments[0].phase = .commits
            }
        case .commits:
            // As a constraint that is checked late, or a serialization failure, may fail it.
            if random.once(in: 2), let error = errors.choose(&random) {
                fail(error)
            } else {
                store.commit(segments[0].statement)
                segments[0].phase = .tells
            }
        case .tells:
            unread.append(.sync)
            segments.removeFirst()
        }
    }

    private mutating func fail(_ error: PostgresError) {
        unread.append(.error(error))
        segments[0].phase = .tells
    }

    /// What is not committed is undone; what it has said before it says still.
    mutating func endInOrder() {
        guard !isGone else { return }
        unread.append(.farewell)
        isGone = true
    }

    /// It crashes, or its network does: of what it has said a part is lost.
    mutating func crash(_ random: inout SeededGenerator) {
        unread.removeLast(random.below(unread.count + 1))
        isGone = true
    }

    mutating func cancel() { isCancelled = true }
}

/// How often which errors come of statements.
struct SimulatedErrors {
    private static func error(_ sqlState: String) -> PostgresError {
        PostgresError(.server, "simulated", sqlState: sqlState)
    }

    private static let lock = error("55P03")
    /// What the server has undone to let others through, what it has refused for good, and what it was told to stop.
    private static let others = ["40P01", "40001", "23505", "57014"].map(error)

    var lockEvery: Int
    var otherEvery: Int

    func choose(_ random: inout SeededGenerator) -> PostgresError? {
        if lockEvery > 0, random.once(in: lockEvery) { return Self.lock }
        if otherEvery > 0, random.once(in: otherEvery) { return Self.others[random.below(Self.others.count)] }
        return nil
    }
}

/// What is not right.
struct Violation: Error, CustomStringConvertible {
    let description: String

    static func require(_ condition: Bool, _ rule: @autoclosure () -> String) throws(Violation) {
        if !condition { throw Violation(description: rule()) }
    }
}
