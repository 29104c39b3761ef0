import Chat
import Synchronization

/// Whose the sessions are that one loop has seen lately. A session's person never changes, so that what was true once is
/// true for as long as there is the session.
///
/// It tells for whom a page was made from for whom the session is, and nothing else: that the session still lasts, and
/// what its person may do, each statement asks for itself.
final class SessionPeople: Sendable {
    /// About half a megabyte.
    private static let maxCount = 4_096

    // Only its loop comes here, so the lock is never waited for.
    private let people = Mutex<[SessionToken: Int64]>([:])

    func person(of session: SessionToken) -> Int64? { people.withLock { $0[session] } }

    func note(_ person: Int64, of session: SessionToken) {
        people.withLock { people in
            // Forgetting all at once costs each a look-up, once in thousands of sessions.
            if people.count >= Self.maxCount { people.removeAll(keepingCapacity: true) }
            people[session] = person
        }
    }
}
