internal import Synchronization

/// Which writer of this process may store messages now: one at a time, in the order in which they asked.
///
/// Two that store at once only have smaller batches, and so more commits: what comes while another writes goes into one.
/// And in one room the database lets one write at a time anyway, so that who finds a room taken there has asked in vain.
/// It is for that only: who takes longer than `longest`, for a standby that is gone perhaps, is not waited for.
final class WriterTurns: Sendable {
    private struct State {
        /// By writer.
        var wakers: [@Sendable () -> Void] = []
        var holder: Int?
        var since = ContinuousClock.now
        var queue: [Int] = []
    }

    /// Several times as long as a commit takes.
    static let longest: Duration = .milliseconds(250)

    private let state = Mutex(State())

    /// Makes a writer known.
    /// - Parameter wake: called, on any thread, when it is the writer's turn that it asked for before; it then has to take
    ///   and release it.
    /// - Returns: the writer's number.
    func register(_ wake: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            state.wakers.append(wake)
            return state.wakers.count - 1
        }
    }

    /// Whether it is the writer's turn, until `release`; if not, it is woken when it is, and may ask again before.
    func take(_ writer: Int, now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            if state.holder == nil || state.since.duration(to: now) > Self.longest {
                state.holder = writer
                state.queue.removeAll { $0 == writer }
            }
            guard state.holder == writer else {
                if !state.queue.contains(writer) { state.queue.append(writer) }
                return false
            }
            state.since = now
            return true
        }
    }

    /// Ends the writer's turn, and wakes the next.
    func release(_ writer: Int) {
        let wake = state.withLock { state in
            guard state.holder == writer else { return nil as (@Sendable () -> Void)? }
            state.holder = state.queue.isEmpty ? nil : state.queue.removeFirst()
            state.since = .now
            return state.holder.map { state.wakers[$0] }
        }
        wake?()
    }
}
