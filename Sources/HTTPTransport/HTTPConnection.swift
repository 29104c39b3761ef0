import HTTP
import NonblockingIO

/// One client's connection: reads requests, has them answered one after the other, sends the answers in order.
///
/// Lives on its event loop. What is to be done, and when, is decided by its state machine; here it is done, with the
/// socket, the parser and the application.
actor HTTPConnection: ReadinessHandler {
    let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// Its place in the loop's table.
    nonisolated let place: Int
    let socket: Int32
    let context: LoopContext
    let limits: ServerLimits
    let scratch: LoopScratch
    private let didClose: @Sendable (HTTPConnection) -> Void
    /// Nil unless the peer is one of them.
    let proxies: TrustedProxies?
    let log: ConnectionLog?

    /// So many bytes that wait for a slow client are worth giving its connection up for.
    static let muchMemory = 4 * 1024

    var machine: ConnectionStateMachine
    var parser: HTTPRequestParser
    var output = OutputBuffer()
    var requestTask = RequestTask.none
    /// Makes the next piece of content, when all before it has been sent.
    var waiter: CheckedContinuation<Void, Never>?
    private var registration: Registration?
    private var timer: EventLoopTimer?
    /// The content of the request that is answered, in bytes.
    var requestByteCount = 0
    /// The bytes that the server's budget has been told of.
    var held = 0

    /// - Parameter turnsAway: there is no place for it: it is told so, and closed.
    init(
        socket: Int32, place: Int, context: LoopContext, turnsAway: Bool, proxies: TrustedProxies?,
        log: ConnectionLog?, didClose: @escaping @Sendable (HTTPConnection) -> Void
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
        machine = ConnectionStateMachine(limits: limits, turnsAway: turnsAway)
        parser = HTTPRequestParser(limits: limits.http)
    }

    // MARK: What happens

    /// Begins to serve, or to turn away.
    /// - Throws: `SyscallError` when the socket cannot be watched; it is closed then.
    func start() throws(SyscallError) {
        do throws(SyscallError) {
            registration = try loop.register(socket, for: [.readable, .writable, .hangup], .edge, handler: self)
        } catch {
            Syscalls.close(socket)
            _ = tell(.failed)
            throw error
        }
        handle(.accepted)
    }

    nonisolated func descriptorIsReady(_ readiness: Readiness) {
        assumeIsolated { $0.handle(.ready(readiness)) }
    }

    /// Closes after the request in progress, or after the next one.
    func stop() { handle(.stop) }

    /// Closes now, unless a request is in progress.
    func closeWhenIdle() { handle(.leave) }

    /// Closes now and says so, unless a request is in progress or has come in part: then that goes on.
    func closeIfIdle() -> Bool {
        handle(.makeRoom)
        return machine.isClosed
    }

    /// Ends what takes memory.
    func giveUp() { handle(.giveUp) }

    /// Closes at once, whatever is in progress.
    func abort() { handle(.abort) }

    // MARK: What is done about it

    func handle(_ event: ConnectionStateMachine.Event) { perform(tell(event)) }

    func tell(_ event: ConnectionStateMachine.Event) -> ConnectionStateMachine.Action {
        machine.handle(event, at: loop.uptime)
    }

    /// Does one thing after the other, until there is nothing to do before the next event.
    func perform(_ first: ConnectionStateMachine.Action) {
        var action = first
        while true {
            switch action {
            case .none: return
            case .setTimer(let instant): return setTimer(instant)
            case .wait(let instant):
                if let instant { setTimer(instant) }
                noteTaken()
                return note()
            case .read: action = read { $0.feed($1) }
            case .discard: action = read { _, _ in }
            case .parse: action = parse()
            case .queueContinue: action = queueContinue()
            case .refuse(let refusal): action = refuse(refusal)
            case .write: action = write()
            case .yield:
                loop.execute { [self] in assumeIsolated { $0.handle(.turn) } }
                action = tell(.performed)
            case .cancelRequest:
                requestTask.cancel()
                action = tell(.performed)
            case .dropInput:
                parser = HTTPRequestParser(limits: limits.http)
                action = tell(.performed)
            case .shutDownWriting:
                Syscalls.shutdownWriting(socket)
                action = tell(.performed)
            case .close: return close()
            }
        }
    }

    /// The timer holds the connection only until `close`, which each comes to; a weak reference would slow down all
    /// others.
    private func setTimer(_ instant: ConnectionStateMachine.Instant) {
        timer?.cancel()
        timer = loop.schedule(atUptime: instant) { [self] in assumeIsolated { $0.handle(.timer) } }
    }

    private func close() {
        requestTask.cancel()
        timer?.cancel()
        timer = nil
        noteHeld(0)
        if let registration { loop.deregister(registration) }
        registration = nil
        Syscalls.close(socket)
        didClose(self)
        noteTaken()
    }
}
