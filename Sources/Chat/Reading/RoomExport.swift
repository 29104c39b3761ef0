import NonblockingIO
package import PostgreSQL
internal import Synchronization

/// All messages of a room, for one of its members: a part after the other, by id, as each is when its part is read.
///
/// Each part is a statement of its own that says anew whether that person may read it: who leaves meanwhile, or whose
/// session ends, gets no more. What is sent meanwhile comes at the end, up to a last part that is not full.
package final class RoomExport: Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    package let begunAt = Syscalls.unixSeconds * 1_000_000
    private let room: Int64
    private let session: SessionToken
    private let database: PostgresPool
    /// The last id that was read; nil when there are no more.
    private let last = Mutex<Int64?>(0)

    /// How many messages are in memory at once.
    private static let partLength: Int64 = 200

    package init(of room: Int64, for session: SessionToken, in database: PostgresPool) {
        self.room = room
        self.session = session
        self.database = database
    }

    /// The next part, the first also where the room has no messages; nil after the last. Not to be called again before it
    /// comes back.
    /// - Throws: `Refusal`: not logged in, no such room, not a member; now, if not at first.
    package func next() async throws -> RoomReading? {
        guard let last = last.withLock({ $0 }) else { return nil }
        let part = try await RoomHistory.read(
            .following(last, limit: Self.partLength), of: room, for: session, in: database)
        self.last.withLock { $0 = part.batch.hasMore ? part.batch.messages.last?.id : nil }
        return part
    }
}
