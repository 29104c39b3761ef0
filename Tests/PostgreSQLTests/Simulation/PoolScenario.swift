import TestSupport

@testable import PostgreSQL

/// One pool from its start to its close, while everything that can happen to it happens at random.
struct PoolScenario {
    private enum Happening: Int, CaseIterable {
        case read, submit, borrow, loanIsUsed, taskGoesOn, serverWorks, answerComes, attemptGoesOn, timePasses
        case socketHasRoom, restWorks
        // What changes much, and is seldom.
        case moodChanges, backendEnds, linkBreaks, serverFreezes, close

        var isSeldom: Bool { rawValue >= Self.moodChanges.rawValue }
    }

    private var pool: SimulatedPool
    /// How often each thing happens, which is another for each pool.
    private let happenings: [Happening]

    private init(seed: UInt64, isTraced: Bool) {
        var pool = SimulatedPool(seed: seed, isTraced: isTraced)
        happenings = Happening.allCases.flatMap { happening in
            let isAsking = happening.rawValue <= Happening.borrow.rawValue
            let weight =
                if happening.isSeldom {
                    pool.random.once(in: happening == .close ? 20 : 3) ? 1 : 0
                } else {
                    (isAsking ? [0, 1, 4, 8] : [1, 4, 16, 16])[pool.random.below(4)]
                }
            return Array(repeating: happening, count: weight)
        }
        self.pool = pool
    }

    static func run(seed: UInt64, isTraced: Bool = false) -> Simulation.Outcome {
        var scenario = PoolScenario(seed: seed, isTraced: isTraced)
        var violation: Violation?
        do throws(Violation) {
            try scenario.pool.start()
            for _ in 0..<scenario.pool.random.size(upTo: 1000) { try scenario.happen() }
            try scenario.end()
        } catch {
            violation = error
        }
        return Simulation.Outcome(
            violation: violation.map { "\($0)" }, steps: scenario.pool.steps, trace: scenario.pool.trace ?? [])
    }

    private mutating func happen() throws(Violation) {
        pool.steps += 1
        switch happenings[pool.random.below(happenings.count)] {
        case .read: try pool.read()
        case .submit: try pool.ask(borrows: false)
        case .borrow: try pool.ask(borrows: true)
        case .loanIsUsed: try pool.useLoan()
        case .taskGoesOn: try pool.resume()
        case .serverWorks: try pool.work()
        case .answerComes: try pool.receive()
        case .attemptGoesOn: try pool.goOnConnecting()
        case .socketHasRoom: try pool.makeRoom()
        case .restWorks: try pool.workForNobody()
        case .timePasses: try letTimePass()
        case .moodChanges: pool.mood = SimulatedPool.Mood.allCases[pool.random.below(SimulatedPool.Mood.allCases.count)]
        case .backendEnds: pool.endBackend()
        case .linkBreaks: pool.breakLink()
        case .serverFreezes: pool.freeze()
        case .close: try pool.close()
        }
    }

    private mutating func letTimePass() throws(Violation) {
        switch pool.random.below(16) {
        case 0: try pool.pass(to: pool.now + pool.random.time(upTo: 4000))
        case 1...3: try pool.pass(to: pool.nextDeadline ?? pool.now)
        case 4, 5: if let next = pool.nextDeadline { try pool.pass(to: next - .nanoseconds(1)) }
        default: try pool.pass(to: pool.now + pool.random.time(upTo: 50))
        }
    }

    /// The server serves, nobody asks for anything new, and what was asked is answered in the time that it may take; then,
    /// or in the midst of everything, the pool is closed, and nothing is left.
    private mutating func end() throws(Violation) {
        if pool.random.once(in: 3) { try pool.close() }
        pool.mood = .serves
        pool.errors = SimulatedErrors(lockEvery: 0, otherEvery: 0)
        let limits = pool.lane.limits
        let silence = pool.longestSilence ?? .zero
        let most = limits.patience + limits.acquireTimeout * 2 + (pool.connectTimeout + silence) * 8 + .seconds(20)
        let latest = pool.now + most
        while try pool.goOn() {
            try pool.require(pool.now <= latest, "what was asked is never answered")
        }
        try pool.close()
        while !pool.resumptions.isEmpty { try pool.resume() }
        try pool.checkThatNothingIsLeft()
    }
}
