import HTTP
import NonblockingIO
import TestSupport

@testable import HTTPTransport

/// A connection's state machine between a client, a kernel, an application and a clock that are all simulated: does what it
/// is told, and holds each thing that it is told against the model.
struct SimulatedConnection {
    typealias Instant = Duration
    typealias Machine = ConnectionStateMachine

    /// What is not right.
    struct Violation: Error, CustomStringConvertible {
        let description: String
    }

    var random: SeededGenerator
    private(set) var now = Instant.seconds(1000)
    private(set) var machine: Machine
    var model: ConnectionModel
    var peer: SimulatedPeer
    private(set) var parser = SimulatedParser()
    private(set) var timer: Instant?
    /// How many events the machine has been told.
    private(set) var steps = 0
    /// What has happened, when somebody is to read it.
    private(set) var trace: [String]?
    /// The client's time was over when the timer fired.
    private var isTimedOut = false
    /// Whoever is given up, for want of memory, may be refused.
    private var lacksMemory = false
    /// What it was told last, but for what came of what it wanted done.
    private var told = Machine.Event.accepted
    /// How often it has read or parsed since it last waited, or had its turn.
    private var stepsInTurn = 0
    let limits: ServerLimits
    /// How much is read at a time, at most.
    private let room: Int

    init(seed: UInt64, isTraced: Bool) {
        random = SeededGenerator(seed: seed)
        trace = isTraced ? [] : nil
        limits = Self.limits(&random)
        room = [1, 16, 64, 1000][random.below(4)]
        let turnsAway = random.once(in: 20)
        machine = Machine(limits: limits, turnsAway: turnsAway)
        model = ConnectionModel(limits: limits, turnsAway: turnsAway, at: now)
        peer = SimulatedPeer(capacity: random.size(upTo: 2000))
    }

    /// Small, so that they are often reached.
    private static func limits(_ random: inout SeededGenerator) -> ServerLimits {
        var limits = ServerLimits()
        limits.headTimeout = .milliseconds(random.size(upTo: 2000))
        limits.contentTimeout = .milliseconds(random.size(upTo: 4000))
        limits.idleTimeout = .milliseconds(random.size(upTo: 8000))
        limits.writeTimeout = .milliseconds(random.size(upTo: 4000))
        limits.lingerTimeout = .milliseconds(random.size(upTo: 1000))
        limits.minTransferRate = random.once(in: 2) ? 100 : 10_000
        limits.maxPendingInput = random.size(upTo: 400)
        limits.maxPendingOutput = random.size(upTo: 600)
        return limits
    }

    // MARK: Telling

    /// Tells what has happened, and does what is to be done about it.
    mutating func tell(_ event: Machine.Event) throws(Violation) {
        told = event
        try go(on: handle(event))
    }

    /// Does one thing after the other until the connection waits.
    private mutating func go(on first: Machine.Action) throws(Violation) {
        stepsInTurn = 0
        var action = first
        while let outcome = try perform(action) { action = outcome }
        if model.isClosed { return }
        model.rest(parser.phase(peer.requests), at: now)
        try checkRest()
    }

    private mutating func handle(_ event: Machine.Event) -> Machine.Action {
        steps += 1
        let action = machine.handle(event, at: now)
        trace?.append("\(event) -> \(action)")
        return action
    }

    func require(_ condition: Bool, _ rule: @autoclosure () -> String) throws(Violation) {
        if !condition { throw Violation(description: rule()) }
    }

    /// Lets time pass; what the timer does about it is told.
    mutating func pass(to instant: Instant) throws(Violation) {
        now = max(now, instant)
        trace?.append("at \(now):")
        guard let timer, timer <= now else { return }
        self.timer = nil
        let deadline = model.deadline(parser.phase(peer.requests))
        isTimedOut = deadline.map { $0 <= now } ?? false
        let wasEnding = model.isEnding
        let isForRequest = model.unsent == 0 && !wasEnding && parser.phase(peer.requests) != .idle
        try tell(.timer)
        if isTimedOut {
            try require(isForRequest ? model.isEnding : model.isClosed, "time is over, and nothing is done")
        } else {
            try require(!model.isClosed, "closed although the client has time left")
        }
        isTimedOut = false
    }

    /// Gives the connection up for want of memory.
    mutating func giveUp() throws(Violation) {
        let isPartOfRequest = model.isReceiving && model.unsent == 0 && parser.buffered(peer.requests) > 0
        lacksMemory = true
        try tell(.giveUp)
        lacksMemory = false
        try require(model.isClosed || isPartOfRequest && model.isEnding, "what took memory goes on")
        try require(!isPartOfRequest || model.isEnding, "half a request is not refused")
    }

    // MARK: Doing

    /// Does what the machine wants done, and tells what came of it; nil when it waits.
    private mutating func perform(_ action: Machine.Action) throws(Violation) -> Machine.Action? {
        try require(!model.isClosed || action == .none, "\(action) after the close")
        try require(!model.hasYielded || !action.isStep, "\(action) in the others' turn")
        if action.isStep { stepsInTurn += 1 }
        try require(stepsInTurn <= Machine.stepsInTurn, "others do not get their turn")
        switch action {
        case .none: return nil
        case .setTimer(let instant):
            timer = instant
            return nil
        case .wait(let instant):
            if let instant { timer = instant }
            return nil
        case .read, .discard: return try read(discards: action == .discard)
        case .parse: return try parse()
        case .queueContinue: return try queueContinue()
        case .refuse(let refusal):
            switch refusal {
            case .timeOut: try require(isTimedOut, "408 although the client has time left")
            case .noPlace: try require(model.turnsAway, "turned away although there is a place")
            case .noMemory: try require(lacksMemory, "503 although there is memory")
            }
            return try refuse()
        case .write: return try write()
        case .yield:
            try require(!model.hasYielded, "gives the turn away that it has not")
            model.hasYielded = true
        case .cancelRequest:
            try require(model.isAnswering && model.inputEnded, "nobody has gone whose request is cancelled")
            model.isCancelled = true
        case .dropInput:
            try require(!model.isAnswering, "what comes behind a request is dropped before that is answered")
            if !model.isEnding {
                try require(
                    model.inputEnded || model.isLeaving && parser.phase(peer.requests) == .idle,
                    "the input is dropped although more may come")
            }
            model.isEnding = true
        case .shutDownWriting:
            try require(model.unsent == 0 && model.isEnding && !model.isShutDown, "shut down too early, or twice")
            model.shutDown(at: now)
        case .close:
            try require(mayClose, "closed for no reason")
            model.isClosed = true
            return nil
        }
        return handle(.performed)
    }

    /// A close that the client does not see coming loses what it has not read (RFC 9112 section 9.6).
    private var mayClose: Bool {
        if peer.hasReset || isTimedOut || model.isShutDown && model.inputEnded { return true }
        switch told {
        case .abort, .giveUp: return true
        case .leave, .makeRoom:
            return model.isReceiving && model.unsent == 0 && peer.unread == 0
                && parser.phase(peer.requests) == .idle
        default: return false
        }
    }

    private mutating func read(discards: Bool) throws(Violation) -> Machine.Action {
        try require(discards == model.isEnding, "what is read is kept, or thrown away, wrongly")
        let buffered = parser.buffered(peer.requests)
        try require(model.mayRead(buffered: buffered), "read although a limit is reached")
        if peer.hasReset { return handle(.failed) }
        guard peer.unread > 0 else {
            guard peer.hasEnded else { return handle(.nothingToRead) }
            model.inputEnded = true
            return handle(.endOfInput)
        }
        let count = min(room, peer.unread)
        peer.unread -= count
        if !discards {
            parser.feed(count)
            if !model.isAnswering { model.read(count, at: now) }
        }
        return handle(.received(count, isShort: count < room))
    }

    private mutating func parse() throws(Violation) -> Machine.Action {
        try require(model.isReceiving && !model.isOutputFull, "parsed out of turn")
        guard parser.hasResult(peer.requests) else {
            let phase = parser.phase(peer.requests)
            return handle(.incomplete(phase, expectsContinue: parser.expectsContinue(peer.requests)))
        }
        let request = peer.requests[parser.current]
        if request.isMalformed {
            machine.receiveMalformed()
            trace?.append("malformed")
            return try refuse()
        }
        model.endRequest()
        parser.goOn()
        lacksMemory = random.once(in: 50)
        let refusal = machine.receiveRequest(
            clientPersists: request.letsPersist, bufferedBytes: parser.buffered(peer.requests),
            hasMemory: !lacksMemory)
        trace?.append("request \(parser.current - 1) -> \(refusal.map { "\($0)" } ?? "respond")")
        let expected: Machine.Refusal? = model.turnsAway ? .noPlace : lacksMemory ? .noMemory : nil
        lacksMemory = false
        try require(refusal == expected, "refused or answered wrongly")
        if refusal != nil { return try refuse() }
        try require(model.nextToAnswer == parser.current - 1, "answered out of order")
        model.isAnswering = true
        model.isCancelled = false
        if random.once(in: 2) { return try queueResponse() }
        return handle(.responseIsAwaited)
    }

    // MARK: Output

    /// The application answers, or goes on with an answer that comes in pieces.
    mutating func respond() throws(Violation) {
        if let persists = model.persistsAfterPieces {
            try go(on: queuePiece(persists: persists))
        } else if random.once(in: 4) {
            try go(on: queueHead())
        } else {
            try go(on: queueResponse())
        }
    }

    /// The application has something to do: an answer in pieces waits until all before the next has been sent.
    var canRespond: Bool { model.isAnswering && (model.persistsAfterPieces == nil || model.unsent == 0) }

    private mutating func queueHead() throws(Violation) -> Machine.Action {
        let responseCloses = random.once(in: 15)
        let persists = model.persists(peer.requests[model.nextToAnswer], responseCloses: responseCloses)
        let action = machine.receiveResponseInPieces(responseCloses: responseCloses)
        trace?.append("head of response \(model.nextToAnswer) -> \(action)")
        try require(action == .queue(persists: persists), "persists wrongly: \(action)")
        model.persistsAfterPieces = persists
        return try queue(random.size(upTo: 200))
    }

    private mutating func queuePiece(persists: Bool) throws(Violation) -> Machine.Action {
        guard model.isStopped || random.once(in: 3) else { return try queue(random.size(upTo: 1000)) }
        machine.endPieces()
        model.persistsAfterPieces = nil
        model.isAnswering = false
        model.nextToAnswer += 1
        let queued = try queue(random.size(upTo: 10))
        model.isEnding = !persists
        return queued
    }

    /// The application answers when nobody is there any more.
    mutating func respondTooLate() throws(Violation) {
        machine.endPieces()
        try require(machine.receiveResponse(responseCloses: false) == .discard, "answered after the close")
        try require(machine.isClosed, "opened again")
    }

    private mutating func queueResponse() throws(Violation) -> Machine.Action {
        let request = peer.requests[model.nextToAnswer]
        let responseCloses = random.once(in: 15)
        let persists = model.persists(request, responseCloses: responseCloses)
        let action = machine.receiveResponse(responseCloses: responseCloses)
        trace?.append("response \(model.nextToAnswer) -> \(action)")
        try require(action == .queue(persists: persists), "persists wrongly: \(action)")
        model.isAnswering = false
        model.nextToAnswer += 1
        let isSealed = random.once(in: 4)
        let queued = try queue(isSealed ? 400 + random.size(upTo: 2000) : random.size(upTo: 400), isSealed: isSealed)
        model.isEnding = !persists
        return queued
    }

    private mutating func refuse() throws(Violation) -> Machine.Action {
        try require(!model.isAnswering, "refused while the application answers")
        let action = try queue(random.size(upTo: 200))
        model.isEnding = true
        return action
    }

    private mutating func queueContinue() throws(Violation) -> Machine.Action {
        try require(model.isReceiving && parser.expectsContinue(peer.requests), "100 that nobody waits for")
        try require(!peer.isReadable || peer.hasNews, "100 although there is something to read")
        parser.hasContinued = true
        return try queue(25)
    }

    private mutating func queue(_ count: Int, isSealed: Bool = false) throws(Violation) -> Machine.Action {
        try require(!model.isEnding && !model.isShutDown, "queued behind the last response")
        try require(!model.isSealed, "queued behind what has to be sent first")
        model.unsent += count
        model.isSealed = isSealed
        return handle(.queued(pendingBytes: model.unsent, isSealed: isSealed))
    }

    private mutating func write() throws(Violation) -> Machine.Action {
        try require(model.unsent > 0 && !model.isShutDown && !model.isLoading, "nothing to write, or not now")
        if peer.hasReset { return handle(.failed) }
        var outcome = Machine.WriteOutcome.all
        var count = model.unsent
        if count > 1, random.once(in: 6) {
            outcome = model.isSealed && random.once(in: 2) ? .loading : .turnIsOver
            count = random.below(count)
        }
        let taken = peer.accept(count)
        if taken < count { outcome = .full }
        model.wrote(taken, at: now)
        switch outcome {
        case .all: model.isSealed = false
        case .loading: model.isLoading = true
        case .full, .turnIsOver: break
        }
        return handle(.wrote(taken, outcome))
    }
}

extension ConnectionStateMachine.Action {
    fileprivate var isStep: Bool { self == .read || self == .discard || self == .parse }
}
