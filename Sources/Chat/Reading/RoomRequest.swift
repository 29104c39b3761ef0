import NonblockingIO

/// A request for what a room has, from when it is asked until it is answered. Confined to the event loop of its
/// `RoomReader`.
final class RoomRequest {
    enum Want {
        /// Who the session's person is; of no room.
        case viewer
        /// The newest messages.
        case newest(limit: Int)
        /// What has a greater number.
        case after(Int64, limit: Int)
    }

    enum Ending {
        case viewer(Viewer)
        case read(RoomReading)
        /// What it wants goes further back than what is kept: it is for `RoomHistory`.
        case history
        case refused(Refusal)
        case failed(any Error)
    }

    let session: SessionToken
    /// 0 for none.
    let room: Int64
    let want: Want
    /// Whether it is held while there is nothing for it; not any more when its time is over.
    var mayWait: Bool

    // Kept by `RoomWatch`.
    /// Its number among those of its loop; 0 before it has one.
    var number = 0
    var hasEnded = false
    /// The next look, or one after it, is for it.
    var isDue = false
    /// What its last look found, while it is held.
    var reading: RoomReading?

    // Kept by `RoomReader`.
    var timer: EventLoopTimer?
    private var continuation: CheckedContinuation<Ending, Never>?
    private var ending: Ending?

    init(session: SessionToken, room: Int64, want: Want, mayWait: Bool = false) {
        self.mayWait = mayWait
        self.session = session
        self.room = room
        self.want = want
    }

    var isHeld: Bool { reading != nil && !hasEnded }

    /// How it ends.
    func wait() async -> Ending {
        await withCheckedContinuation { continuation in
            // It may have ended on the way here: every await may let others run.
            if let ending { continuation.resume(returning: ending) } else { self.continuation = continuation }
        }
    }

    /// Ends the wait, once.
    func resume(_ ending: Ending) {
        self.ending = ending
        timer?.cancel()
        timer = nil
        continuation?.resume(returning: ending)
        continuation = nil
    }
}
