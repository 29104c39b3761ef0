import Synchronization

/// What was last said of the database's connections: a query that finds none does not know why.
final class LastReason: Sendable {
    private let reason = Mutex<String?>(nil)

    func set(_ reason: String) { self.reason.withLock { $0 = reason } }

    var value: String? { reason.withLock { $0 } }
}
