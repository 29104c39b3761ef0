import NonblockingIO

/// A request that is held until its room has news. Confined to the event loop of its `RoomFeed`.
final class HeldRequest {
    let room: Int64
    let session: SessionToken
    /// Its number among those of its loop.
    var number = 0
    /// It wants messages with greater ids.
    let cursor: Int64
    /// At most so many.
    let limit: Int64
    /// How many members its reader knows of; another count is news, unless this is nil.
    let members: Int64?
    /// Whose session it is; nil until the first look at the database has told.
    var viewer: Viewer?
    /// How many news its room had had before it last looked at the database; nil when it is to look again anyway.
    var seenNews: Int?
    var timer: EventLoopTimer?
    /// It waits for its end now; before, it looks at the database by itself.
    var isWaiting = false
    private var ending: HeldEnding?
    private var continuation: CheckedContinuation<HeldEnding, Never>?

    init(room: Int64, session: SessionToken, cursor: Int64, limit: Int64, members: Int64?, seenNews: Int) {
        self.room = room
        self.session = session
        self.cursor = cursor
        self.limit = limit
        self.members = members
        self.seenNews = seenNews
    }

    /// Whether the reader knows this room otherwise than it is.
    func isNews(_ room: Room) -> Bool { members.map { $0 != room.memberCount } ?? false }

    /// How it ends.
    func wait() async -> HeldEnding {
        await withCheckedContinuation { continuation in
            // It may have ended on the way here: every await may let others run.
            if let ending { continuation.resume(returning: ending) } else { self.continuation = continuation }
        }
    }

    /// Ends the wait; only the first reason counts.
    func end(_ ending: HeldEnding) {
        guard self.ending == nil else { return }
        self.ending = ending
        isWaiting = false
        timer?.cancel()
        timer = nil
        continuation?.resume(returning: ending)
        continuation = nil
    }
}

/// Why a request is no longer held.
enum HeldEnding: Sendable {
    case messages(MessageBatch)
    case timeout
    case notLoggedIn, notAMember
}
