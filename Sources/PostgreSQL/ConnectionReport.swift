internal import Synchronization

/// Tells the log of lost connections and of the server's notices, but the same thing not again and again.
///
/// One outage concerns every connection of every loop, several times a second: all that share a configuration share this.
final class ConnectionReport: Sendable {
    private struct State {
        /// Those that have failed since they were last open.
        var failing: Set<ObjectIdentifier> = []
        /// What has been said of this outage.
        var reasons: Set<String> = []
        var failures = 0
        var notices: [String: Int] = [:]
    }

    /// How many different reasons of one outage are said; who gets more has them from a server that is not quite well.
    private static let maximumReasons = 16
    private static let maximumNotices = 256

    private let state = Mutex(State())

    /// A connection was lost or refused.
    func failed(_ connection: AnyObject, _ reason: String, _ log: (String) -> Void) {
        let isNew = state.withLock { state in
            state.failing.insert(ObjectIdentifier(connection))
            state.failures += 1
            return state.reasons.count < Self.maximumReasons && state.reasons.insert(reason).inserted
        }
        if isNew { log("no connection to PostgreSQL: \(reason)") }
    }

    /// A connection is open; when it was the last that was missing the outage is over.
    func opened(_ connection: AnyObject, _ log: (String) -> Void) {
        if let failures = end(connection) {
            log("the connections to PostgreSQL are back, after \(failures) that were lost or refused")
        }
    }

    /// A connection was closed on purpose.
    func closed(_ connection: AnyObject) { _ = end(connection) }

    private func end(_ connection: AnyObject) -> Int? {
        state.withLock { state in
            guard state.failing.remove(ObjectIdentifier(connection)) != nil, state.failing.isEmpty else { return nil }
            defer { (state.reasons, state.failures) = ([], 0) }
            return state.failures
        }
    }

    /// The server has said something: it is logged the first, tenth, hundredth … time.
    func noticed(_ text: String, _ log: (String) -> Void) {
        let count = state.withLock { state in
            if state.notices[text] == nil && state.notices.count >= Self.maximumNotices { state.notices = [:] }
            state.notices[text, default: 0] += 1
            return state.notices[text] ?? 1
        }
        var power = 1
        while power < count { (power, _) = power.multipliedReportingOverflow(by: 10) }
        if power == count { log(count == 1 ? text : "\(text) (\(count) times)") }
    }
}
