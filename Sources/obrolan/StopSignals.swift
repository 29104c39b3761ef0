import Glibc
import Logging
import NonblockingIO
import Synchronization

/// SIGTERM, SIGINT and SIGHUP: something to wait for, in every phase of the program; and the end of a program that does not
/// heed them.
///
/// They are looked after by a thread of their own, which needs no loop, no task and no other thread.
final class StopSignals: Sendable {
    private struct State {
        var hasCome = false
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
        var endAtOnce: @Sendable () -> Void = {}
    }

    private let state = Mutex(State())
    private let log: ProgramLog

    private static let numbers = [SIGTERM, SIGINT, SIGHUP]

    /// How long the log has at an end that is not orderly.
    private static let timeForLog: Duration = .milliseconds(200)

    /// Takes over the signals, and SIGPIPE: a client or a pipe that goes away is an error of the write, not a signal.
    ///
    /// SIGHUP stays ignored for a program that was started so: by nohup(1).
    init(log: ProgramLog, patience: Duration = .seconds(30)) {
        self.log = log
        signal(SIGPIPE, SIG_IGN)
        var ends: (read: Int32, write: Int32) = (-1, -1)
        let made = withUnsafeMutableBytes(of: &ends) {
            pipe($0.bindMemory(to: Int32.self).baseAddress)
        }
        precondition(made == 0, "there is no descriptor for the signals")
        for end in [ends.read, ends.write] {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        signalPipe = ends.write
        for number in Self.numbers {
            if number == SIGHUP, Self.isIgnored(number) { continue }
            var action = sigaction()
            action.__sigaction_handler.sa_handler = noteSignal
            action.sa_flags = Int32(SA_RESTART)
            sigaction(number, &action, nil)
        }
        let input = ends.read
        OwnThread.start { [self] in watch(input, StopSchedule(patience: patience)) }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        guard let handler = action.__sigaction_handler.sa_handler else { return false }
        return unsafeBitCast(handler, to: Int.self) == 1  // SIG_IGN, a macro that Swift sees only as what to set
    }

    // MARK: Waiting

    /// Whether one of them has come.
    var haveCome: Bool { state.withLock { $0.hasCome } }

    /// The same question, for other threads.
    var areThere: @Sendable () -> Bool { { self.haveCome } }

    /// Comes back when one of them has come, or the task was cancelled.
    func first() async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.hasCome || Task.isCancelled { return true }
                    state.waiters[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
        }
    }

    /// Has `action` called, on another thread, before the program ends without an orderly stop: it must not wait. One that was
    /// set before is not called any more.
    func beforeEndAtOnce(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.endAtOnce = action } }

    // MARK: Watching

    private func watch(_ input: Int32, _ schedule: StopSchedule) {
        // The program may have been started with them blocked, and Dispatch's threads block all of them: this one never does.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in Self.numbers { sigaddset(&signals, number) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        var schedule = schedule
        while true {
            var entry = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
            let left = schedule.end.map { ContinuousClock.now.duration(to: $0) / .milliseconds(1) }
            // An interrupted wait is one that found nothing.
            _ = poll(&entry, 1, left.map { Int32(max(0, $0.rounded(.up))) } ?? -1)
            var number: UInt8 = 0
            while read(input, &number, 1) == 1 {
                switch schedule.receive(Int32(number), at: .now) {
                case .beginStop: beginStop()
                case .endAtOnce(let status): end(status, "stopped at once by a second signal")
                case .nothing: break
                }
            }
            if case .endAtOnce(let status) = schedule.look(at: .now) {
                end(status, "the stop did not come to its end within \(schedule.patience): ended without it")
            }
        }
    }

    private func beginStop() {
        let waiters = state.withLock { state in
            state.hasCome = true
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    private func end(_ status: Int32, _ reason: String) -> Never {
        state.withLock { $0.endAtOnce }()
        log.append(LogLine(level: .error, label: "obrolan", message: reason))
        log.close(within: Self.timeForLog)
        // No exit handlers: they wait for what others hold.
        _exit(status)
    }
}

/// Where the handler writes to. It is set before the handler is, so that reading it is a plain load: a handler may do little.
nonisolated(unsafe) private var signalPipe: Int32 = -1

/// Puts the signal's number into the pipe; both calls are async-signal-safe (signal-safety(7)). A pipe that is full has
/// signals enough.
private func noteSignal(_ number: Int32) {
    let saved = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(signalPipe, &byte, 1)
    errno = saved
}
