internal import CLibpq
internal import NonblockingIO
internal import Synchronization

/// Tells servers that nobody waits for a statement any more (libpq, "Canceling Queries in Progress").
///
/// A session that is only closed leaves its backend behind, for as long as it waits for a lock or for a standby that is
/// gone. PQcancel blocks, for ever where the server is frozen: it runs on a few threads of its own.
// PQcancelStart would need no thread, but libpq has it only from 17 on.
final class Canceller: Sendable {
    // @unchecked: libpq lets any thread use a PGcancel (libpq, "PQcancel"), and one at a time has this one.
    private struct Request: @unchecked Sendable { let cancel: OpaquePointer }

    private struct State {
        var threads = 0
        var waiting: [Request] = []
    }

    static let shared = Canceller()
    /// How many servers may be silent at once.
    private static let maximumThreads = 4
    /// More requests than there are connections of one process are of sessions that have long ended.
    private static let maximumWaiting = 256

    private let state = Mutex(State())

    /// Cancels what the connection runs, by PQgetCancel and PQcancel. The connection may be closed at once.
    func cancel(_ connection: OpaquePointer) {
        guard let cancel = PQgetCancel(connection) else { return }
        let request = Request(cancel: cancel)
        let (dropped, begins) = state.withLock { state -> (Request?, Bool) in
            state.waiting.append(request)
            let dropped = state.waiting.count > Self.maximumWaiting ? state.waiting.removeFirst() : nil
            guard state.threads < Self.maximumThreads else { return (dropped, false) }
            state.threads += 1
            return (dropped, true)
        }
        if let dropped { PQfreeCancel(dropped.cancel) }
        guard begins else { return }
        do throws(SyscallError) {
            try OwnThread.startOrThrow { self.work() }
        } catch {
            // The next request tries again.
            state.withLock { $0.threads -= 1 }
        }
    }

    private func work() {
        while let request = next() {
            var message = [CChar](repeating: 0, count: 256)
            // One that does not reach the server changes nothing: the server is gone, and its statements with it.
            _ = PQcancel(request.cancel, &message, Int32(message.count))
            PQfreeCancel(request.cancel)
        }
    }

    private func next() -> Request? {
        state.withLock { state in
            if state.waiting.isEmpty {
                state.threads -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }
}
