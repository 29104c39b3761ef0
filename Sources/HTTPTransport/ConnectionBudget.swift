import Synchronization

/// How many more connections a server may have, over all its event loops.
///
/// Taking and giving back is one atomic addition; only listeners that found nothing left meet under a lock.
final class ConnectionBudget: Sendable {
    let limit: Int
    private let free: Atomic<Int>
    private let hasWaiters = Atomic(false)
    private let waiters = Mutex<[@Sendable () -> Void]>([])

    init(_ limit: Int) {
        self.limit = limit
        free = Atomic(limit)
    }

    /// Whether so many places are free that they will not be taken the next moment.
    var hasRoom: Bool { free.load(ordering: .relaxed) > limit / 10 }

    /// Takes a place for a connection; false when there is none.
    func take() -> Bool {
        if free.subtract(1, ordering: .sequentiallyConsistent).newValue >= 0 { return true }
        giveBack()
        return false
    }

    /// Gives a place back.
    func giveBack() {
        free.add(1, ordering: .sequentiallyConsistent)
        if hasWaiters.load(ordering: .sequentiallyConsistent) { wakeWaiters() }
    }

    /// Calls `action` once when there is a place, perhaps at once and on any thread; it may be gone again by then.
    func whenFree(_ action: @escaping @Sendable () -> Void) {
        waiters.withLock { $0.append(action) }
        hasWaiters.store(true, ordering: .sequentiallyConsistent)
        // A place that was given back before the store has not seen the waiter.
        wakeWaiters()
    }

    private func wakeWaiters() {
        guard free.load(ordering: .sequentiallyConsistent) > 0 else { return }
        let due = waiters.withLock { waiters in
            hasWaiters.store(false, ordering: .sequentiallyConsistent)
            defer { waiters = [] }
            return waiters
        }
        for action in due { action() }
    }
}
