import HTTP
import NonblockingIO
import TestSupport

@testable import HTTPTransport

/// One connection from its beginning to its end, while everything that can happen to it happens at random.
struct ConnectionScenario {
    private enum Happening: Int, CaseIterable {
        case clientSends, clientTakes, newsComes, applicationAnswers, timePasses, partIsLoaded, turnComes, makeRoom
        // What changes everything, and is seldom.
        case clientEnds, clientResets, stop, leave, giveUp, abort

        var isSeldom: Bool { rawValue >= Self.clientEnds.rawValue }
    }

    private var connection: SimulatedConnection
    /// How often each thing happens, which is another for each connection: some only ever send, some never take.
    private let weights: [Int]
    private let total: Int

    private init(seed: UInt64, isTraced: Bool) {
        var connection = SimulatedConnection(seed: seed, isTraced: isTraced)
        weights = Happening.allCases.map { happening in
            let weight = [0, 1, 4, 16, 16][connection.random.below(5)]
            return happening.isSeldom ? (connection.random.once(in: 4) ? min(weight, 1) : 0) : weight
        }
        total = weights.reduce(0, +)
        self.connection = connection
    }

    static func run(seed: UInt64, isTraced: Bool = false) -> Simulation.Outcome {
        var scenario = ConnectionScenario(seed: seed, isTraced: isTraced)
        var violation: SimulatedConnection.Violation?
        do throws(SimulatedConnection.Violation) {
            try scenario.live()
            try scenario.end()
        } catch {
            violation = error
        }
        return Simulation.Outcome(
            violation: violation.map { "\($0)" }, steps: scenario.connection.steps,
            trace: scenario.connection.trace ?? [])
    }

    private mutating func live() throws(SimulatedConnection.Violation) {
        // Something may have come with the connection itself.
        if connection.random.once(in: 3) { connection.peer.send(&connection.random) }
        try connection.tell(.accepted)
        guard total > 0 else { return }
        for _ in 0..<connection.random.size(upTo: 1000) {
            if connection.model.isClosed { return }
            try happen(choose())
        }
    }

    private mutating func choose() -> Happening {
        var rest = connection.random.below(total)
        for (happening, weight) in zip(Happening.allCases, weights) {
            if rest < weight { return happening }
            rest -= weight
        }
        return .timePasses
    }

    private mutating func happen(_ happening: Happening) throws(SimulatedConnection.Violation) {
        switch happening {
        case .clientSends: connection.peer.send(&connection.random)
        case .clientTakes: connection.peer.take(connection.random.size(upTo: 1000))
        case .newsComes: try tellNews()
        case .applicationAnswers: if connection.canRespond { try connection.respond() }
        case .timePasses: try letTimePass()
        case .partIsLoaded: try load()
        case .turnComes: try giveTurn()
        case .makeRoom: try makeRoom()
        case .clientEnds: connection.peer.endOutput()
        case .clientResets: connection.peer.reset()
        case .stop: try stop()
        case .leave: try leave()
        case .giveUp: try connection.giveUp()
        case .abort:
            try connection.tell(.abort)
            try connection.require(connection.model.isClosed, "aborted, and not closed")
        }
    }

    private mutating func tellNews() throws(SimulatedConnection.Violation) {
        guard connection.peer.hasNews else { return }
        try connection.tell(.ready(connection.peer.takeNews()))
    }

    private mutating func load() throws(SimulatedConnection.Violation) {
        guard connection.model.isLoading else { return }
        connection.model.isLoading = false
        try connection.tell(.loaded)
    }

    private mutating func giveTurn() throws(SimulatedConnection.Violation) {
        guard connection.model.hasYielded else { return }
        connection.model.hasYielded = false
        try connection.tell(.turn)
    }

    private mutating func stop() throws(SimulatedConnection.Violation) {
        connection.model.isStopped = true
        try connection.tell(.stop)
    }

    /// A server does so only when it has said that it stops.
    private mutating func leave() throws(SimulatedConnection.Violation) {
        try stop()
        connection.model.isLeaving = true
        try connection.tell(.leave)
    }

    private mutating func makeRoom() throws(SimulatedConnection.Violation) {
        let (model, peer) = (connection.model, connection.peer)
        let isIdle =
            model.isReceiving && model.unsent == 0 && !model.hasYielded && !peer.hasReset
            && connection.parser.phase(peer.requests) == .idle
        try connection.tell(.makeRoom)
        guard !peer.hasReset, peer.unread == 0 || !isIdle else { return }
        try connection.require(
            connection.model.isClosed == isIdle, isIdle ? "idle, and makes no room" : "closed although it is not idle")
    }

    /// The loop tells what it knows before it looks at the time.
    private mutating func letTimePass() throws(SimulatedConnection.Violation) {
        try tellAll()
        guard !connection.model.isClosed else { return }
        switch connection.random.below(8) {
        case 0: try connection.pass(to: connection.timer ?? connection.now)
        case 1: try connection.pass(to: connection.now + .milliseconds(connection.random.size(upTo: 10_000)))
        case 2...5: try connection.pass(to: connection.now + .milliseconds(connection.random.size(upTo: 100)))
        default:
            guard let timer = connection.timer else { return }
            try connection.pass(to: timer - .nanoseconds(1))
        }
    }

    private mutating func tellAll() throws(SimulatedConnection.Violation) {
        while !connection.model.isClosed, connection.model.hasYielded || connection.peer.hasNews {
            try giveTurn()
            try tellNews()
        }
    }

    /// The server stops, and the client, who says nothing more, takes what is sent to it or does not: the connection ends
    /// in the time that the time-outs add up to.
    private mutating func end() throws(SimulatedConnection.Violation) {
        if !connection.model.isClosed { try leave() }
        let limits = connection.limits
        let longest = [limits.headTimeout, limits.contentTimeout, limits.writeTimeout, limits.lingerTimeout]
            .reduce(.zero, +)
        let began = connection.now
        let takes = connection.random.once(in: 2)
        while !connection.model.isClosed {
            try tellAll()
            if connection.model.isClosed { break }
            if connection.model.isLoading {
                try load()
            } else if connection.canRespond {
                try connection.respond()
            } else if takes, connection.peer.untaken > 0 {
                connection.peer.take(.max)
            } else if let timer = connection.timer {
                try connection.pass(to: timer)
            }
            try connection.require(
                connection.now - began <= longest + limits.writeTimeout, "does not end after a stop")
        }
        try checkThatNothingIsLeft()
    }

    /// What comes when it is over changes nothing.
    private mutating func checkThatNothingIsLeft() throws(SimulatedConnection.Violation) {
        try connection.require(connection.machine.deadline == nil, "a deadline is left")
        for event in [Machine.Event.ready([.readable, .writable, .hangup]), .turn, .timer, .loaded, .stop, .leave] {
            try connection.tell(event)
        }
        if connection.model.isAnswering { try connection.respondTooLate() }
    }

    private typealias Machine = ConnectionStateMachine
}
