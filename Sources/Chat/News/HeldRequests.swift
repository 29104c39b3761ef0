import NonblockingIO

/// The held requests of one event loop, and what is known of their rooms, found by what happens: by room for what is said
/// there, by person for who logs out. No event costs more than those it concerns.
struct HeldRequests {
    struct InRoom {
        fileprivate(set) var requests: [Int: HeldRequest] = [:]
        /// Counts up with each news, to tell whether there was one since a look.
        fileprivate(set) var news = 0
        /// The numbers of those who are to be looked for; some may have been since, or be gone.
        fileprivate var due: [Int] = []
        /// There was news that nobody has been made due for yet.
        fileprivate var isEverybodyDue = false
        var isLooking = false
        fileprivate(set) var knowledge = RoomKnowledge()
        /// Forgets the room, when nobody has come back to it.
        var end: EventLoopTimer?

        fileprivate mutating func makeEverybodyDueIfThereWasNews() {
            guard isEverybodyDue else { return }
            isEverybodyDue = false
            due = Array(requests.keys)
        }
    }

    private(set) var rooms: [Int64: InRoom] = [:]
    private var lastNumber = 0
    /// Of those whose person is known, by person and number.
    private var people: [Int64: [Int: HeldRequest]] = [:]
    private var places = KnownPlaces()
    /// How many requests were looked at one by one, ever: what events have cost, whatever the clock says.
    private(set) var visits = 0

    var isEmpty: Bool { rooms.isEmpty }
    /// All of them, in no order.
    var all: some Sequence<HeldRequest> { rooms.values.lazy.flatMap(\.requests.values) }

    // Everything is changed in place: a copy of a room would have its requests, which may be ten thousand, copied at each
    // change.
    subscript(room: Int64) -> InRoom? {
        _read { yield rooms[room] }
        _modify { yield &rooms[room] }
    }

    // MARK: Coming and going

    mutating func add(_ request: HeldRequest) {
        lastNumber += 1
        request.number = lastNumber
        rooms[request.room, default: InRoom()].requests[lastNumber] = request
    }

    mutating func remove(_ request: HeldRequest) {
        rooms[request.room]?.requests[request.number] = nil
        guard let person = request.viewer?.id else { return }
        people[person]?[request.number] = nil
        if people[person]?.isEmpty == true { people[person] = nil }
    }

    /// The request waits from now on.
    mutating func wait(_ request: HeldRequest, of viewer: Viewer) {
        request.viewer = viewer
        request.isWaiting = true
        people[viewer.id, default: [:]][request.number] = request
    }

    // MARK: News

    /// Takes note that the room has news; false when nobody is there whom that concerns.
    mutating func noteNews(inRoom room: Int64) -> Bool {
        guard rooms[room] != nil else { return false }
        rooms[room]?.news += 1
        rooms[room]?.isEverybodyDue = true
        return true
    }

    /// Takes note that sessions of the person may be over; the rooms to look at. Who has not looked yet has to look again
    /// when it has: whose request that is nobody knows.
    mutating func noteNews(ofPerson person: Int64) -> Set<Int64> {
        for room in places.take(person) {
            visits += 1
            rooms[room]?.knowledge.forget(person)
        }
        var found: Set<Int64> = []
        for request in (people[person] ?? [:]).values {
            visits += 1
            makeDue(request)
            found.insert(request.room)
        }
        return found
    }

    /// The request is to be looked for, whatever it has seen.
    mutating func makeDue(_ request: HeldRequest) {
        request.seenNews = nil
        if request.isWaiting { rooms[request.room]?.due.append(request.number) }
    }

    /// Some of those who wait and have not seen the newest news, which they have then: what becomes news meanwhile is
    /// seen by the next look.
    mutating func takeDue(in room: Int64, atMost count: Int) -> [HeldRequest] {
        guard let news = rooms[room]?.news else { return [] }
        rooms[room]?.makeEverybodyDueIfThereWasNews()
        var found: [HeldRequest] = []
        while found.count < count, let number = rooms[room]?.due.popLast() {
            visits += 1
            guard let request = rooms[room]?.requests[number], request.isWaiting, request.seenNews != news else {
                continue
            }
            request.seenNews = news
            found.append(request)
        }
        return found
    }

    // MARK: What is known

    /// Takes note that there was no message after `lastID`.
    mutating func note(_ room: Room, lastID: Int64, news: Int) {
        rooms[room.id]?.knowledge.note(room, lastID: lastID, news: news)
    }

    /// Takes note that the session is a member's.
    mutating func note(_ viewer: Viewer, session: SessionToken, in room: Int64, news: Int) {
        guard rooms[room] != nil else { return }
        rooms[room]?.knowledge.note(viewer, session: session, news: news)
        if places.note(viewer.id, room) { places.sweep { rooms[$1]?.knowledge.knows($0) ?? false } }
    }

    /// Takes note that what is known may be wrong by now.
    mutating func forgetAll() {
        for room in rooms.keys { rooms[room]?.knowledge = RoomKnowledge() }
        places = KnownPlaces()
    }
}
