import Dispatch
import Synchronization

/// Something that a thread can wait for, and others can cause without waiting. Several calls before a wait are one.
final class WakeUpCall: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let isDue = Atomic(false)

    func signal() {
        if !isDue.exchange(true, ordering: .acquiringAndReleasing) { semaphore.signal() }
    }

    /// Blocks the thread until `signal`, or for `timeout`; nil: for as long as it takes.
    /// - Returns: whether the call came.
    func wait(for timeout: Duration?) -> Bool {
        let end = timeout.map { DispatchTime.now() + $0 / .seconds(1) } ?? .distantFuture
        guard semaphore.wait(timeout: end) == .success else { return false }
        isDue.store(false, ordering: .sequentiallyConsistent)
        return true
    }
}
