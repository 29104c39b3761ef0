import Glibc
import Synchronization

/// What was started and runs now, for who has to end it without waiting for the thread that started it.
final class RunningPrograms: Sendable {
    private struct State {
        var program: WatchedProcess?
        var server: WatchedProcess?
        var isClosed = false
    }

    private let state = Mutex(State())

    /// A short program, such as initdb; nil when it has ended.
    func setProgram(_ process: WatchedProcess?) {
        state.withLock { state in
            state.program = process
            if state.isClosed { Self.end(state) }
        }
    }

    /// The server; nil when it has ended.
    func setServer(_ process: WatchedProcess?) {
        state.withLock { state in
            state.server = process
            if state.isClosed { Self.end(state) }
        }
    }

    /// Ends what runs, and whatever is started from now on; waits for nothing.
    func endAtOnce() {
        state.withLock { state in
            state.isClosed = true
            Self.end(state)
        }
    }

    private static func end(_ state: State) {
        state.program?.signalGroup(SIGKILL)
        // An immediate shutdown, from which the next start recovers; killed, it would leave its backends behind.
        state.server?.signal(SIGQUIT)
    }
}
