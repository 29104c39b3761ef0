import HTTP
import NonblockingIO

/// One client's connection: reads requests, has them answered one after the other, sends the answers in order.
///
/// Lives on its event loop. At any time it is in one `State`; `advance` takes it as far as it can go without waiting.
actor HTTPConnection: ReadinessHandler {
    enum State {
        /// A request is awaited or has come in part.
        case reading
        /// The application answers a request.
        case responding(Task<Void, Never>?)
        /// The last response is sent; what the client still sends is thrown away until it has seen it (RFC 9112 9.6).
        case lingering
        case closed
    }

    let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// Its place in the loop's table.
    nonisolated let place: Int
    private let socket: Int32
    let context: LoopContext
    let limits: ServerLimits
    private let scratch: LoopScratch
    private let didClose: @Sendable (HTTPConnection) -> Void
    /// Nil unless the peer is one of them.
    private let proxies: TrustedProxies?
    private let log: ConnectionLog?

    /// How many requests are answered, or how often is read, before other connections get their turn.
    private static let stepsInTurn = 64
    /// So many bytes that wait for a slow client are worth giving its connection up for.
    static let muchMemory = 4 * 1024
    /// What is told those for whom there is no room, in seconds.
    private static let retryAfter = "5"

    var state = State.reading
    private var registration: Registration?
    var parser: HTTPRequestParser
    var output = OutputBuffer()
    /// The socket may have bytes, or the end of the stream, for us: readiness is told once only.
    private var mayRead = true
    /// The end of the stream, or an error, is to be read: nothing more will be told.
    private var peerClosed = false
    private var inputEnded = false
    /// The socket may have room for output: that is told once only, too.
    private var mayWrite = true
    /// The next answer is the last.
    private var isStopping = false
    /// There need not be a next answer.
    private var closesWhenIdle = false
    /// There is no place for it: it is told so, and closed.
    private var isTurnedAway = false
    private var isAdvancing = false
    private var isQueued = false
    /// What comes next in the output is read from the disk.
    private var isLoading = false
    private var loadedPart: Range<Int>?
    var deadline = Deadline()
    /// The content of the request that is answered, in bytes.
    var requestByteCount = 0
    /// The bytes that the server's budget has been told of.
    var held = 0

    init(
        socket: Int32, place: Int, context: LoopContext, proxies: TrustedProxies?, log: ConnectionLog?,
        didClose: @escaping @Sendable (HTTPConnection) -> Void
    ) {
        self.socket = socket
        self.place = place
        self.context = context
        loop = context.loop
        scratch = context.scratch
        limits = context.limits
        self.proxies = proxies
        self.log = log
        self.didClose = didClose
        parser = HTTPRequestParser(limits: limits.http)
    }

    /// Begins to serve, or to turn away.
    /// - Throws: `SyscallError` when the socket cannot be watched; it is closed then.
    func start(turnsAway: Bool = false) throws(SyscallError) {
        isTurnedAway = turnsAway
        do throws(SyscallError) {
            registration = try loop.register(socket, for: [.readable, .writable, .hangup], .edge, handler: self)
        } catch {
            Syscalls.close(socket)
            state = .closed
            throw error
        }
        advance()
    }

    nonisolated func descriptorIsReady(_ readiness: Readiness) {
        assumeIsolated { connection in
            if !readiness.isDisjoint(with: [.readable, .hangup]) { connection.mayRead = true }
            if readiness.contains(.hangup) { connection.peerClosed = true }
            if readiness.contains(.writable) { connection.mayWrite = true }
            connection.advance()
        }
    }

    /// Closes after the request in progress, or after the next one.
    func stop() { isStopping = true }

    /// Closes now, unless a request is in progress.
    func closeWhenIdle() {
        closesWhenIdle = true
        _ = closeIfIdle()
    }

    /// Closes now and says so, unless a request is in progress or has come in part: then that goes on.
    func closeIfIdle() -> Bool {
        guard isIdle, !isAdvancing else { return false }
        // A request may have come of which nothing has been told yet.
        mayRead = true
        do throws(SyscallError) {
            while mayRead, parser.phase == .idle { try read() }
        } catch {
            mayRead = false
        }
        guard parser.phase == .idle else {
            advance()
            return false
        }
        close()
        return true
    }

    /// Ends what takes memory: with 503 (Service Unavailable) when that is half a request, at once when it is the answer
    /// that nobody takes, or what comes behind a request that is being answered.
    func giveUp() {
        guard case .reading = state, output.isEmpty, parser.phase != .idle else { return close() }
        turnAway("There is no memory for this request now.")
        advance()
    }

    /// Closes at once, whatever is in progress.
    func abort() { close() }

    // MARK: Going on

    func advance() {
        guard !isAdvancing else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        do throws(SyscallError) {
            var steps = 0
            while try step() {
                steps += 1
                if steps == Self.stepsInTurn {
                    queueTurn()
                    break
                }
            }
            if case .closed = state { return }
            if !output.isEmpty { try flush() }
            setDeadline()
            note()
        } catch {
            // The client has reset the connection, or cannot be reached: there is nobody to tell.
            close()
        }
    }

    /// Goes on when the loop's other connections have had their turn.
    private func queueTurn() {
        guard !isQueued else { return }
        isQueued = true
        loop.execute { [self] in
            assumeIsolated { connection in
                connection.isQueued = false
                connection.advance()
            }
        }
    }

    /// Does one thing; false when there is nothing more to do before the next event.
    private func step() throws(SyscallError) -> Bool {
        switch state {
        case .reading:
            if output.count > limits.maxPendingOutput || output.isComplete {
                guard try flush() else { return false }
            }
            return try readRequest()
        case .responding:
            // Reads on only to learn that the client has gone, and within bounds.
            guard mayRead, parser.bufferedByteCount < limits.maxPendingInput else { return false }
            try read()
            return true
        case .lingering:
            if !output.isEmpty {
                guard try flush() else { return false }
            }
            return try discardInput()
        case .closed:
            return false
        }
    }

    private func readRequest() throws(SyscallError) -> Bool {
        let event: HTTPRequestParser.Output
        do throws(HTTPParseError) {
            event = try parser.next()
        } catch {
            refuse(error)
            return true
        }
        switch consume event {
        case .request where isTurnedAway:
            turnAway("There is no connection free.")
            return true
        case .request(let request)
        where request.content.count >= Self.muchMemory && context.share.hasNoMemoryToGain:
            turnAway("There is no memory for this request now.")
            return true
        case .request(var request):
            request.id = scratch.nextRequestID()
            if let proxies { request.origin = proxies.origin(of: request.fields) }
            respond(to: request)
            return true
        case .incomplete where mayRead:
            try read()
            return true
        case .incomplete where isTurnedAway && !inputEnded:
            // Its request may be on its way; no more can be said about it than this.
            turnAway("There is no connection free.")
            return true
        case .incomplete where inputEnded || (closesWhenIdle && parser.phase == .idle):
            // Half a request will never be whole; there is nothing to answer.
            endOutput()
            return true
        case .incomplete:
            if parser.takeContinueExpectation() {
                output.append(using: scratch) { $0 += HTTPSerializer.continueResponse }
            }
            return false
        }
    }

    // MARK: Reading

    private func read() throws(SyscallError) {
        let buffer = scratch.inputBuffer
        switch try Syscalls.read(socket, into: buffer) {
        case .bytes(let count):
            // A short read has emptied the socket (epoll(7)), but for an end of the stream that was told with it.
            if count < buffer.count && !peerClosed { mayRead = false }
            deadline.extend(.content, by: limits.timeEarned(by: count), longest: limits.contentTimeout, on: loop)
            parser.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        case .wouldBlock:
            mayRead = false
        case .endOfStream:
            endInput()
        }
    }

    private func discardInput() throws(SyscallError) -> Bool {
        guard mayRead else {
            if inputEnded { close() }
            return false
        }
        switch try Syscalls.read(socket, into: scratch.inputBuffer) {
        case .bytes: break
        case .wouldBlock: mayRead = false
        case .endOfStream: endInput()
        }
        return true
    }

    private func endInput() {
        mayRead = false
        inputEnded = true
        if case .responding(let task) = state { task?.cancel() }
    }

    // MARK: Answering

    private func respond(to request: HTTPRequest) {
        let begin = log?.now
        state = .responding(nil)
        requestByteCount = request.content.count
        // The next request has its own time, also when its first bytes are here already.
        deadline.forget(.head)
        deadline.forget(.content)
        let responder = context.responder
        let task = Task.immediate(executorPreference: loop) {
            let response = await responder.respond(to: request)
            finish(response, to: request, begin)
        }
        // An answer that needed no waiting is there already.
        if case .responding = state {
            state = .responding(task)
            if inputEnded { task.cancel() }
        }
    }

    private func finish(_ response: HTTPResponse, to request: HTTPRequest, _ begin: ContinuousClock.Instant?) {
        guard case .responding = state else { return }
        let keepsAlive = request.keepsAlive && !response.closesConnection && !isStopping
        requestByteCount = 0
        loadedPart = nil
        output.append(
            response, requestMethod: request.method, version: request.version, keepAlive: keepsAlive, using: scratch)
        log?.note(response, to: request, since: begin)
        state = .reading
        if !keepsAlive { endOutput() }
        advance()
    }

    /// Answers what is no request, and closes (RFC 9112 section 9.6).
    private func refuse(_ error: HTTPParseError) { refuse(error.status, "\(error)") }

    func refuse(_ status: HTTPStatus, _ reason: String, _ change: (inout HTTPFields) -> Void = { _ in }) {
        var response = HTTPResponse(status: status, fields: HTTPFields(), content: Array((reason + "\n").utf8))
        response.fields[.contentType] = "text/plain; charset=utf-8"
        change(&response.fields)
        output.append(response, requestMethod: parser.method, version: .http11, keepAlive: false, using: scratch)
        log?.note(response, to: nil, since: nil)
        endOutput()
    }

    /// Refuses for want of something that may be there later.
    private func turnAway(_ reason: String) {
        refuse(.serviceUnavailable, reason) { $0[.retryAfter] = Self.retryAfter }
    }

    // MARK: Sending

    /// Whether all has been taken by the client.
    @discardableResult
    private func flush() throws(SyscallError) -> Bool {
        guard mayWrite, !isLoading else { return false }
        let before = output.count
        let progress = try output.send(to: socket, scratch, loaded: loadedPart)
        deadline.extend(
            .output, by: limits.timeEarned(by: before - output.count), longest: limits.writeTimeout, on: loop)
        switch progress {
        case .done:
            if case .lingering = state { Syscalls.shutdownWriting(socket) }
            return true
        case .yields: queueTurn()
        case .wouldBlock: mayWrite = false
        case .needs(let file, let part): load(part, of: file)
        }
        return false
    }

    /// Has the kernel read part of a file on another thread, and goes on then.
    private func load(_ part: Range<Int>, of file: OpenFile) {
        isLoading = true
        BlockingWork.start { [self, loop] in
            file.load(part)
            loop.execute { [self] in
                assumeIsolated { connection in
                    connection.isLoading = false
                    connection.loadedPart = part
                    connection.advance()
                }
            }
        }
    }

    /// After what is pending nothing more will be sent.
    private func endOutput() {
        state = .lingering
        // What has come behind the last request is answered by nobody, and takes no memory.
        parser = HTTPRequestParser(limits: limits.http)
        if output.isEmpty { Syscalls.shutdownWriting(socket) }
    }

    func close() {
        if case .closed = state { return }
        if case .responding(let task) = state { task?.cancel() }
        state = .closed
        deadline.cancel()
        noteHeld(0)
        if let registration { loop.deregister(registration) }
        registration = nil
        Syscalls.close(socket)
        didClose(self)
    }
}
