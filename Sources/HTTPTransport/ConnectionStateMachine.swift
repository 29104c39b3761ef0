import HTTP
import NonblockingIO

/// The life of one HTTP connection, without a socket, a loop or a clock: it is told what has happened, and when, and says
/// what is to be done next.
///
/// Whoever drives it does the one thing that it is told, tells what came of that, and is told the next, until it is told
/// to wait. So there is never more than one thing to do, and nothing to keep in a list. The bytes, the parser and the
/// output are the driver's; what is decided here is when to read, parse, answer, write and close.
struct ConnectionStateMachine {
    /// Counted from any one moment (`EventLoop.uptime` says why it is no `ContinuousClock.Instant`).
    typealias Instant = Duration

    /// How often is read, or how many requests are parsed, before other connections get their turn.
    static let stepsInTurn = 64

    let limits: ServerLimits
    var state = State.receiving(.idle)
    /// Something may have come with the connection itself.
    var input = Input.readable
    var output = Output.writable
    /// The bytes that wait to be sent.
    var pendingBytes = 0
    /// Nothing can be added to what is pending before all of it is sent.
    var isPendingSealed = false
    var service: Service
    var turn = Turn.ours(steps: stepsInTurn)
    var deadline: Deadline?
    /// When the driver's timer will fire.
    var timer: Instant?

    /// - Parameter turnsAway: there is no place for the connection; whatever it asks is answered 503.
    init(limits: ServerLimits, turnsAway: Bool = false) {
        self.limits = limits
        service = turnsAway ? .turnedAway : .persistent
    }

    /// Between two requests, or before the first, with nothing pending.
    var isIdle: Bool {
        guard case .receiving(.idle) = state else { return false }
        return pendingBytes == 0
    }

    var isClosed: Bool {
        guard case .closed = state else { return false }
        return true
    }

    // MARK: What happens

    /// Takes note of what has happened, and says what to do.
    mutating func handle(_ event: Event, at now: Instant) -> Action {
        if isClosed { return .none }
        switch event {
        case .accepted, .performed: break
        case .ready(let readiness): note(readiness)
        case .received(let count, let isShort): receive(count, isShort: isShort, at: now)
        case .nothingToRead: input = .drained
        case .endOfInput:
            input = .ended
            if case .responding = state { return .cancelRequest }
        case .incomplete(let phase, let expectsContinue):
            state = .receiving(Progress(phase, expectsContinue: expectsContinue))
        case .responseIsAwaited:
            // Who has gone may have done so before the request was looked at.
            if input == .ended { return .cancelRequest }
        case .queued(let pendingBytes, let isSealed):
            self.pendingBytes = pendingBytes
            isPendingSealed = isSealed
        case .wrote(let count, let outcome):
            wrote(count, at: now)
            switch outcome {
            case .all:
                isPendingSealed = false
                forgetOutputDeadline()
            case .full: output = .full
            case .loading: output = .loading
            case .turnIsOver: return yield()
            }
        case .loaded: output = .writable
        case .turn: turn = .ours(steps: Self.stepsInTurn)
        case .timer: return timerFired(at: now)
        case .stop:
            if service == .persistent { service = .oneMore }
            return .none
        case .leave:
            if service != .turnedAway { service = .noMore }
            return probe(at: now)
        case .makeRoom: return probe(at: now)
        case .giveUp: return giveUp()
        case .abort, .failed: return close()
        }
        return next(at: now)
    }

    /// A request has come whole.
    /// - Parameters:
    ///   - clientPersists: whether its client lets the connection persist (RFC 9112 section 9.3).
    ///   - bufferedBytes: how many bytes have come behind it.
    ///   - hasMemory: whether there is memory for what it holds.
    /// - Returns: why it is refused; nil when the application is to answer it.
    mutating func receiveRequest(clientPersists: Bool, bufferedBytes: Int, hasMemory: Bool) -> Refusal? {
        forgetRequestDeadline()
        if service == .turnedAway || !hasMemory {
            state = .ending
            return service == .turnedAway ? .noPlace : .noMemory
        }
        state = .responding(clientPersists: clientPersists, bufferedBytes: bufferedBytes)
        return nil
    }

    /// What has come is no request: it will be refused, and nobody can know where another would begin.
    mutating func receiveMalformed() { state = .ending }

    /// The application's response is there. This alone decides whether the connection persists after it (RFC 9112
    /// section 9.3, and 9.6 for how it ends).
    /// - Parameter responseCloses: whether the application wants it to be the last.
    mutating func receiveResponse(responseCloses: Bool) -> ResponseAction {
        let action = receiveResponseInPieces(responseCloses: responseCloses)
        endPieces()
        return action
    }

    /// The same for a response whose content is made while it is sent: until `endPieces` it is told of each piece by
    /// `queued`, when all before it has been sent.
    mutating func receiveResponseInPieces(responseCloses: Bool) -> ResponseAction {
        guard case .responding(let clientPersists, let bufferedBytes) = state else { return .discard }
        let persists = clientPersists && !responseCloses && service == .persistent
        state = .respondingInPieces(persists: persists, bufferedBytes: bufferedBytes)
        return .queue(persists: persists)
    }

    /// The content is there to its end.
    mutating func endPieces() {
        guard case .respondingInPieces(let persists, let bufferedBytes) = state else { return }
        state = persists ? .receiving(bufferedBytes == 0 ? .idle : .unparsed) : .ending
    }

    private mutating func note(_ readiness: Readiness) {
        if readiness.contains(.hangup) {
            input = .ending
        } else if readiness.contains(.readable), input == .drained {
            input = .readable
        }
        if readiness.contains(.writable), output == .full { output = .writable }
    }

    private mutating func receive(_ count: Int, isShort: Bool, at now: Instant) {
        // A short read has emptied the socket (epoll(7)), but for an end of the stream that was told with it.
        if isShort, input == .readable { input = .drained }
        switch state {
        case .receiving, .probing:
            extendDeadline(.content, by: count, longest: limits.contentTimeout, at: now)
            state = .receiving(.unparsed)
        case .responding(let clientPersists, let bufferedBytes):
            state = .responding(clientPersists: clientPersists, bufferedBytes: bufferedBytes + count)
        case .respondingInPieces(let persists, let bufferedBytes):
            state = .respondingInPieces(persists: persists, bufferedBytes: bufferedBytes + count)
        case .ending, .sendingLast, .lingering, .closed: break
        }
    }

    private mutating func wrote(_ count: Int, at now: Instant) {
        pendingBytes -= count
        extendDeadline(.output, by: count, longest: limits.writeTimeout, at: now)
    }

    /// Closes what is idle, when nothing is there to be read; anything else goes on as it is.
    private mutating func probe(at now: Instant) -> Action {
        guard isIdle, case .ours = turn else { return .none }
        // A request may have come of which nothing has been told yet.
        if input == .drained { input = .readable }
        state = .probing
        return next(at: now)
    }

    /// Ends what takes memory: with 503 (Service Unavailable) when that is half a request, at once when it is the answer
    /// that nobody takes, or what comes behind a request that is being answered.
    private mutating func giveUp() -> Action {
        guard case .receiving(let progress) = state, progress != .idle, pendingBytes == 0 else { return close() }
        return refuse(.noMemory)
    }

    // MARK: What is to be done

    /// The next thing to do; the deadlines are set when there is nothing.
    mutating func next(at now: Instant) -> Action {
        if case .others = turn { return rest(at: now) }
        switch state {
        case .receiving(let progress):
            let mustBeSentFirst = isPendingSealed || pendingBytes > limits.maxPendingOutput
            return mustBeSentFirst ? writeOrRest(at: now) : goOnReceiving(progress, at: now)
        case .probing:
            return input.mayBeRead ? step(.read) : close()
        case .responding(_, let bufferedBytes), .respondingInPieces(_, let bufferedBytes):
            // Reads on only to learn that the client has gone, and within bounds.
            if input.mayBeRead, bufferedBytes < limits.maxPendingInput { return step(.read) }
        case .ending:
            state = .sendingLast
            return .dropInput
        case .sendingLast:
            guard pendingBytes == 0 else { break }
            state = .lingering
            return .shutDownWriting
        case .lingering:
            if input.mayBeRead { return step(.discard) }
            if input == .ended { return close() }
        case .closed:
            return .none
        }
        return writeOrRest(at: now)
    }

    private mutating func goOnReceiving(_ progress: Progress, at now: Instant) -> Action {
        switch progress {
        case .unparsed: return step(.parse)
        case _ where input.mayBeRead: return step(.read)
        case _ where service == .turnedAway && input != .ended:
            // Its request may be on its way; no more can be said about it than this.
            return refuse(.noPlace)
        case _ where input == .ended, .idle where service == .noMore:
            // Half a request will never be whole; there is nothing to answer.
            state = .ending
            return next(at: now)
        case .content(expectsContinue: true):
            state = .receiving(.content(expectsContinue: false))
            return .queueContinue
        case .idle, .head, .content: return writeOrRest(at: now)
        }
    }

    /// Does what takes a step of the turn; when that is over, what is pending is sent, and others get theirs.
    private mutating func step(_ action: Action) -> Action {
        guard case .ours(let steps) = turn, steps > 0 else { return canWrite ? .write : yield() }
        turn = .ours(steps: steps - 1)
        return action
    }

    private mutating func yield() -> Action {
        turn = .others
        return .yield
    }

    private var canWrite: Bool { pendingBytes > 0 && output == .writable }

    private mutating func writeOrRest(at now: Instant) -> Action { canWrite ? .write : rest(at: now) }

    mutating func refuse(_ refusal: Refusal) -> Action {
        state = .ending
        return .refuse(refusal)
    }

    mutating func close() -> Action {
        state = .closed
        deadline = nil
        return .close
    }
}
