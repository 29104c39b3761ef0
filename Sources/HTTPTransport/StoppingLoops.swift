import NonblockingIO
import Synchronization

/// The loops of a server that have not come to their end.
final class StoppingLoops: Sendable {
    private struct State {
        var left: Int
        var waiter: CheckedContinuation<Int, Never>?
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(left: count)) }

    func oneHasStopped() {
        let waiter = state.withLock { state in
            state.left -= 1
            return state.left == 0 ? state.waiter.take() : nil
        }
        waiter?.resume(returning: 0)
    }

    /// Comes back when all have stopped or the time is over, with how many have not.
    func end(within time: Duration) async -> Int {
        let alarm = Alarm(after: time) { [self] in
            let (waiter, left) = state.withLock { ($0.waiter.take(), $0.left) }
            waiter?.resume(returning: left)
        }
        defer { alarm.cancel() }
        return await withCheckedContinuation { continuation in
            let left = state.withLock { state in
                if state.left > 0, !alarm.hasFired { state.waiter = continuation }
                return state.waiter == nil ? state.left : nil
            }
            if let left { continuation.resume(returning: left) }
        }
    }
}
