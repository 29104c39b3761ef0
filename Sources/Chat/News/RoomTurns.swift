import Synchronization

/// Which writer of this process is storing messages in which room. The database lets one at a time, and who finds a room
/// taken there has asked in vain: so the writers of one process take turns here.
final class RoomTurns: Sendable {
    fileprivate struct State {
        /// By writer.
        var wakers: [@Sendable () -> Void] = []
        /// By room, whose turn it is.
        var holders: [Int64: Int] = [:]
        /// By room, who comes next.
        var queues: [Int64: [Int]] = [:]
    }

    private let state = Mutex(State())

    /// Makes a writer known.
    /// - Parameter wake: called, on any thread, when a room that it could not take is its own.
    /// - Returns: the writer's number.
    func register(_ wake: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            state.wakers.append(wake)
            return state.wakers.count - 1
        }
    }

    /// Moves from `entries` to `batch`, in their order and up to `limit` in all, those whose rooms are the writer's now. For
    /// the other rooms it waits: it is woken when one of them is its own, which then has to be taken or released.
    func take<Entry>(
        _ entries: inout [Entry], into batch: inout [Entry], limit: Int, writer: Int, room: (Entry) -> Int64
    ) {
        state.withLock { state in
            var rest: [Entry] = []
            var index = 0
            while index < entries.count, batch.count < limit {
                let entry = entries[index]
                if state.take(room(entry), writer) { batch.append(entry) } else { rest.append(entry) }
                index += 1
            }
            entries = rest + entries[index...]
        }
    }

    /// Gives rooms to those who come next.
    func release(_ rooms: Set<Int64>, writer: Int) {
        let next = state.withLock { state in
            Set(rooms.compactMap { state.release($0, writer) }).map { state.wakers[$0] }
        }
        for wake in next { wake() }
    }
}

extension RoomTurns.State {
    fileprivate mutating func take(_ room: Int64, _ writer: Int) -> Bool {
        guard let holder = holders[room], holder != writer else {
            holders[room] = writer
            return true
        }
        if queues[room]?.contains(writer) != true { queues[room, default: []].append(writer) }
        return false
    }

    /// - Returns: whose turn it is now.
    fileprivate mutating func release(_ room: Int64, _ writer: Int) -> Int? {
        guard holders[room] == writer else { return nil }
        guard let next = queues[room]?.first else {
            holders[room] = nil
            return nil
        }
        holders[room] = next
        queues[room]?.removeFirst()
        if queues[room]?.isEmpty == true { queues[room] = nil }
        return next
    }
}
