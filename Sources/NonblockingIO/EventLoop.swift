internal import DequeModule
internal import Dispatch
internal import HeapModule
internal import Synchronization

/// A serial queue of Dispatch that waits for descriptors with one epoll set and runs Swift tasks.
///
/// Every task on a loop has to prefer it as its executor (`Task(executorPreference:)`): a continuation is resumed by the
/// executor that its task prefers, whoever waits for it, and by the global pool where there is none, which takes two
/// changes of thread. A task without that preference works, and is queued anew at each await.
///
/// What lives on a loop is an actor whose `unownedExecutor` is the loop: its methods are called from the loop's
/// handlers by `assumeIsolated`, and calls from one such actor to another of the same loop change no thread.
///
/// One DispatchSource watches the epoll set's descriptor. Its handler serves events and tasks in rounds, and lingers some
/// milliseconds for the next event before it returns to Dispatch, because the way through Dispatch costs more than the
/// rest of a small request, and a request has several such ways when each answer of the database takes one.
public final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    // @unchecked: `state` is touched only on `queue`, which `isCurrent` tells; everything else is immutable or a Mutex.

    private enum Work {
        case job(UnownedJob)
        case action(@Sendable () -> Void)
    }

    /// What only the loop's own queue touches.
    private struct State: ~Copyable {
        var poller: Poller
        var ready = Deque<Work>()
        var timers = Heap<EventLoopTimer>()
        /// How many timers were ever set.
        var timerNumber: UInt64 = 0
        /// At how many timers the cancelled ones among them are let go.
        var timerSweep = EventLoop.leastTimerSweep
        var now = ContinuousClock.now {
            didSet { uptime = EventLoop.began.duration(to: now) }
        }
        var uptime = EventLoop.began.duration(to: .now)
        /// When Dispatch will wake the loop for a timer.
        var armed: ContinuousClock.Instant?
    }

    /// What it is at, for whoever watches over it.
    let progress = LoopProgress()
    private let queue: DispatchQueue
    private let source: any DispatchSourceRead
    private let alarm: any DispatchSourceTimer
    private let wakeUp: WakeUp
    private var state: State
    /// Work from other threads.
    private let inbox = Mutex<[Work]>([])
    /// The thread that is in `drain` now, 0 when none is.
    private let currentThread = Atomic<UInt>(0)

    /// How long a round waits for an event before it returns to Dispatch, in milliseconds.
    private static let linger: Int64 = 10
    /// How long the loop keeps its thread before it lets Dispatch run something else on it.
    private static let longestTurn: Duration = .milliseconds(50)
    /// How many jobs and actions run before sockets and timers get their turn.
    private static let workBatch = 64

    fileprivate static let leastTimerSweep = 1024

    /// What `uptime` is counted from.
    private static let began = ContinuousClock.now

    /// Makes a loop that runs at once and for as long as the process.
    /// - Parameter label: the name of its queue, as debuggers show it.
    /// - Throws: `SyscallError` when the process or the machine has no descriptors left.
    public init(label: String) throws(SyscallError) {
        let wakeUp = try WakeUp()
        var poller = try Poller()
        _ = try poller.add(wakeUp.descriptor, .readable, .level, wakeUp)
        // Without a target it has a thread of its own while it is busy: one that lingers would otherwise take a thread
        // from the global pool, which has no more of them than there are processors, and hold up the other loops.
        queue = DispatchQueue(label: label)
        source = DispatchSource.makeReadSource(fileDescriptor: poller.descriptor, queue: queue)
        alarm = DispatchSource.makeTimerSource(queue: queue)
        // Dispatch may use the descriptor until it has cancelled the source.
        source.setCancelHandler { [epoll = poller.epoll] in _ = epoll }
        self.wakeUp = wakeUp
        state = State(poller: poller)
        source.setEventHandler { [weak self] in self?.drain() }
        alarm.setEventHandler { [weak self] in
            self?.state.armed = nil
            self?.drain()
        }
        alarm.activate()
        source.activate()
    }

    deinit {
        source.cancel()
        alarm.cancel()
    }

    // MARK: From any thread

    /// The name that it was made with.
    public var label: String { queue.label }

    /// Whether the caller runs on this loop.
    public var isCurrent: Bool { currentThread.load(ordering: .relaxed) == Syscalls.threadIdentifier }

    /// Runs `action` on the loop, later also when called there.
    public func execute(_ action: @escaping @Sendable () -> Void) { add(.action(action)) }

    /// Comes back when what is ready now has had its turn.
    public func turn() async {
        await withCheckedContinuation { continuation in execute { continuation.resume() } }
    }

    /// Runs a job of Swift's concurrency on the loop, later also when called there.
    public func enqueue(_ job: consuming ExecutorJob) { add(.job(UnownedJob(job))) }

    private func add(_ work: Work) {
        if isCurrent {
            state.ready.append(work)
        } else {
            let wasEmpty = inbox.withLock { inbox in
                defer { inbox.append(work) }
                return inbox.isEmpty
            }
            if wasEmpty { wakeUp.signal() }
        }
    }

    /// Tells the runtime that code outside a task, such as a readiness handler, is on the loop.
    public func isIsolatingCurrentContext() -> Bool? { isCurrent }

    /// Stops the program when the caller is not on the loop.
    public func checkIsolated() { precondition(isCurrent, "not on the event loop") }

    /// The loop as the executor of actors.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    // MARK: On the loop

    /// The time at which this round began; on the loop only.
    public var now: ContinuousClock.Instant {
        assert(isCurrent)
        return state.now
    }

    /// The same time, counted from a moment early in the program, which is one for all loops; on the loop only.
    ///
    /// What is kept for each connection is kept so: the compiler knows how a `Duration` lies in memory, but not how a
    /// `ContinuousClock.Instant` does, and has the runtime copy whatever holds one, field by field.
    public var uptime: Duration {
        assert(isCurrent)
        return state.uptime
    }

    /// Runs `action` on the loop at that `uptime`, as `schedule(at:)` does; on the loop only.
    @discardableResult
    public func schedule(atUptime uptime: Duration, _ action: @escaping () -> Void) -> EventLoopTimer {
        schedule(at: Self.began.advanced(by: uptime), action)
    }

    /// Tells `handler` when `descriptor` is ready; on the loop only.
    /// - Throws: `SyscallError` of epoll_ctl(2).
    public func register(
        _ descriptor: Int32, for interest: Readiness, _ trigger: Trigger, handler: any ReadinessHandler
    ) throws(SyscallError) -> Registration {
        checkIsolated()
        return try state.poller.add(descriptor, interest, trigger, handler)
    }

    /// Changes what the handler is told of; on the loop only.
    /// - Throws: `SyscallError` of epoll_ctl(2).
    public func modify(_ registration: Registration, interest: Readiness) throws(SyscallError) {
        checkIsolated()
        try state.poller.modify(registration, interest)
    }

    /// Forgets the descriptor and its handler, before the descriptor is closed; on the loop only.
    public func deregister(_ registration: Registration) {
        checkIsolated()
        state.poller.remove(registration)
    }

    /// Runs `action` on the loop after `delay`, a millisecond late at most on an idle machine; on the loop only.
    @discardableResult
    public func schedule(after delay: Duration, _ action: @escaping () -> Void) -> EventLoopTimer {
        // Later than in three centuries is never, and no arithmetic of the loop's overflows.
        schedule(at: ContinuousClock.now.advanced(by: .nanoseconds(delay.nanoseconds)), action)
    }

    /// Runs `action` on the loop at `deadline`, or a millisecond later; of those for one time in the order in which they
    /// were scheduled. On the loop only.
    @discardableResult
    public func schedule(at deadline: ContinuousClock.Instant, _ action: @escaping () -> Void) -> EventLoopTimer {
        checkIsolated()
        let timer = EventLoopTimer(deadline: deadline, number: state.timerNumber, action: action)
        state.timerNumber &+= 1
        state.timers.insert(timer)
        if state.timers.count >= state.timerSweep { sweepTimers() }
        return timer
    }

    /// How many timers are kept, cancelled ones among them; on the loop only.
    var timerCount: Int { state.timers.count }

    /// When Dispatch will wake the loop for a timer; on the loop only.
    var alarmTime: ContinuousClock.Instant? { state.armed }

    /// Cancelled timers would pile up until their times when connections come and go quickly.
    private func sweepTimers() {
        state.timers = Heap(state.timers.unordered.filter { !$0.isCancelled })
        state.timerSweep = max(Self.leastTimerSweep, 2 * state.timers.count)
    }

    // MARK: Rounds

    private func drain() {
        currentThread.store(Syscalls.threadIdentifier, ordering: .relaxed)
        progress.begin()
        state.now = .now
        let end = state.now.advanced(by: Self.longestTurn)
        var isIdle = false
        while !isIdle && state.now < end {
            takeInbox()
            runReady()
            // Before the timers: what has come while the loop, or the machine, was held up counts before a time-out.
            let events = poll()
            fireTimers()
            isIdle = events == 0 && state.ready.isEmpty && timeToNextTimer > 0
        }
        takeInbox()
        if state.ready.isEmpty { armAlarm() } else { wakeUp.signal() }
        progress.wait()
        currentThread.store(0, ordering: .relaxed)
    }

    private func takeInbox() {
        guard wakeUp.take() else { return }
        let work = inbox.withLock { inbox in
            defer { inbox = [] }
            return inbox
        }
        state.ready.append(contentsOf: work)
    }

    /// Runs some of what is ready now; the rest, and what that makes ready, waits for the next round.
    private func runReady() {
        for _ in 0..<min(state.ready.count, Self.workBatch) {
            switch state.ready.removeFirst() {
            case .job(let job):
                progress.note(.job)
                job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            case .action(let action):
                progress.note(.action)
                action()
            }
        }
    }

    private func fireTimers() {
        while let timer = state.timers.min, timer.deadline <= state.now {
            state.timers.removeMin()
            progress.note(.timer)
            timer.fire()
        }
    }

    /// Milliseconds until the earliest timer is due, rounded up; 0 when it is.
    private var timeToNextTimer: Int64 {
        guard let deadline = state.timers.min?.deadline else { return .max }
        let nanoseconds = state.now.duration(to: deadline).nanoseconds
        return nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 == 0 ? 0 : 1)
    }

    /// Waits as long as a round may, and serves what came; the number of events.
    private func poll() -> Int {
        let count: Int
        do {
            let patience = state.ready.isEmpty ? min(Self.linger, timeToNextTimer) : 0
            progress.wait()
            count = try state.poller.wait(milliseconds: Int32(patience))
            progress.begin()
        } catch {
            // epoll_wait fails only for arguments that are not a set of ours.
            preconditionFailure("\(error)")
        }
        state.now = .now
        for index in 0..<count {
            guard let (handler, readiness) = state.poller.event(at: index) else { continue }
            progress.note(.handler(ObjectIdentifier(type(of: handler))))
            handler.descriptorIsReady(readiness)
        }
        return count
    }

    /// Has Dispatch wake the loop for its earliest timer.
    private func armAlarm() {
        guard let deadline = state.timers.min?.deadline else { return }
        if let armed = state.armed, armed <= deadline { return }
        state.armed = deadline
        let delay = ContinuousClock.now.duration(to: deadline)
        alarm.schedule(deadline: .now() + Alarm.interval(delay), leeway: .milliseconds(1))
    }
}
