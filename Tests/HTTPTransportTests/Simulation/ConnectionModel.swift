import HTTP

@testable import HTTPTransport

/// What is right for a connection, from what has happened to it so far: times and numbers that anybody could have written
/// down, and rules that say nothing of how they are kept.
struct ConnectionModel {
    typealias Instant = Duration

    let limits: ServerLimits
    let turnsAway: Bool

    /// The next request to be answered, and whether the application is at it.
    var nextToAnswer = 0
    var isAnswering = false
    /// The head of the answer has been queued, and says whether the connection persists.
    var persistsAfterPieces: Bool?
    /// It has been told that nobody may wait for the answer.
    var isCancelled = false
    /// There is no response after those that are queued.
    var isEnding = false
    var isShutDown = false
    var isClosed = false

    var unsent = 0
    var isSealed = false
    var isLoading = false
    /// The end of the stream has been read.
    var inputEnded = false
    var isStopped = false
    var isLeaving = false
    /// It is the others' turn.
    var hasYielded = false

    /// The end of the last silence: the beginning, or when the last byte was written.
    private var lastSign: Instant
    private var headSince: Instant?
    private var shutDownAt: Instant?
    private var contentDeadline: Instant?
    private var outputDeadline: Instant?

    init(limits: ServerLimits, turnsAway: Bool, at now: Instant) {
        self.limits = limits
        self.turnsAway = turnsAway
        lastSign = now
    }

    // MARK: Rules

    /// RFC 9112 section 9.3, and the server's stop.
    func persists(_ request: SimulatedPeer.Request, responseCloses: Bool) -> Bool {
        request.letsPersist && !responseCloses && !isStopped
    }

    var isReceiving: Bool { !isAnswering && !isEnding && !isClosed }
    /// Nothing more is answered before the client has taken something.
    var isOutputFull: Bool { unsent > limits.maxPendingOutput || (isSealed && unsent > 0) }

    /// Whether anything is to be read, given how many bytes wait for the parser.
    func mayRead(buffered: Int) -> Bool {
        if isAnswering { return buffered < limits.maxPendingInput }
        return isEnding ? isShutDown : !isOutputFull
    }

    /// When the client's time is over; nil when it is not the client's turn.
    func deadline(_ phase: HTTPRequestParser.Phase) -> Instant? {
        if isClosed { return nil }
        if unsent > 0 { return outputDeadline }
        if let shutDownAt { return shutDownAt + limits.lingerTimeout }
        if isAnswering || isEnding { return nil }
        return switch phase {
        case .idle: lastSign + limits.idleTimeout
        case .head: headSince.map { $0 + limits.headTimeout }
        case .content: contentDeadline
        }
    }

    // MARK: Taking note

    /// The connection waits from now on.
    mutating func rest(_ phase: HTTPRequestParser.Phase, at now: Instant) {
        outputDeadline = unsent == 0 ? nil : outputDeadline ?? now + limits.writeTimeout
        headSince = isReceiving && unsent == 0 && phase == .head ? headSince ?? now : nil
        contentDeadline =
            isReceiving && unsent == 0 && phase == .content ? contentDeadline ?? now + limits.contentTimeout : nil
    }

    mutating func read(_ count: Int, at now: Instant) {
        contentDeadline = contentDeadline.map { extended($0, by: count, at: now, limits.contentTimeout) }
    }

    mutating func wrote(_ count: Int, at now: Instant) {
        unsent -= count
        if count > 0 { lastSign = now }
        outputDeadline =
            unsent == 0 ? nil : outputDeadline.map { extended($0, by: count, at: now, limits.writeTimeout) }
    }

    /// A request is whole: the next has its own time.
    mutating func endRequest() {
        headSince = nil
        contentDeadline = nil
    }

    mutating func shutDown(at now: Instant) {
        isShutDown = true
        shutDownAt = now
    }

    private func extended(_ instant: Instant, by count: Int, at now: Instant, _ longest: Duration) -> Instant {
        min(instant + .seconds(count) / limits.minTransferRate, now + longest)
    }
}
