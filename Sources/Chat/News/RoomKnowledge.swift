/// What a feed knows of a room from its looks at the database. As long as the room has had no news since, whoever asks
/// again after its last message can wait without another look: ten thousand who were told the same come back at once.
///
/// Nobody is told anything from this: what ends the wait is looked up. It is kept only while news come by themselves.
struct RoomKnowledge {
    private struct Reader {
        let viewer: Viewer
        let news: Int
    }

    private var room: Room?
    private var lastID: Int64 = 0
    /// How many news the room had had before what is known was looked up.
    private var news = 0
    /// By session, those who were found to be members.
    private var readers: [SessionToken: Reader] = [:]
    /// The sessions of each of their people.
    private var sessions: [Int64: Set<SessionToken>] = [:]

    /// How many readers are kept whose time is over.
    private static let leastSweep = 64

    var isEmpty: Bool { room == nil }

    /// Takes note that there was no message after `lastID`.
    mutating func note(_ room: Room, lastID: Int64, news: Int) {
        // Two looks may overlap, and the one that began later may come back sooner.
        guard self.room == nil || news > self.news || (news == self.news && lastID >= self.lastID) else { return }
        if news > self.news, readers.count > Self.leastSweep { sweep() }
        self.room = room
        self.lastID = lastID
        self.news = news
    }

    /// Takes note that the session is a member's.
    mutating func note(_ viewer: Viewer, session: SessionToken, news: Int) {
        readers[session] = Reader(viewer: viewer, news: news)
        sessions[viewer.id, default: []].insert(session)
    }

    /// Who the session's person is and what the room is like, when both are known to be so after as many news as
    /// `news`, and there is no message after `cursor`.
    func reader(_ session: SessionToken, after cursor: Int64, news: Int) -> (viewer: Viewer, room: Room)? {
        guard let room, self.news == news, cursor >= lastID, let reader = readers[session], reader.news == news
        else { return nil }
        return (reader.viewer, room)
    }

    /// Takes note that the person's sessions may be over.
    mutating func forget(_ person: Int64) {
        for session in sessions.removeValue(forKey: person) ?? [] { readers[session] = nil }
    }

    /// Whether a session of the person is among those who were found to be members.
    func knows(_ person: Int64) -> Bool { sessions[person] != nil }

    /// Forgets those who have not come back after the news before.
    private mutating func sweep() {
        for (session, reader) in readers where reader.news < news {
            readers[session] = nil
            sessions[reader.viewer.id]?.remove(session)
            if sessions[reader.viewer.id]?.isEmpty == true { sessions[reader.viewer.id] = nil }
        }
    }
}
