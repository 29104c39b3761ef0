/// Which requests for what rooms have are answered when, and by which looks at the database. Events in, endings out: it
/// has no clock, no database and no sockets.
///
/// One look is under way at a time. What is asked meanwhile goes together into the next, which begins after it came: so
/// each request is told what was committed before it was made. One that finds nothing newer than it knows is held until a
/// look finds something. What is known of rooms spares a look to read it again, and no request its look.
struct RoomWatch {
    /// What is to be told to whom.
    typealias Endings = [(request: RoomRequest, ending: RoomRequest.Ending)]

    /// The look under way.
    private struct UnderWay {
        /// In the order of its lines.
        var requests: [RoomRequest]
        /// Whose contents it has read, so that they are as new as its requests.
        var isRead: Set<Int64> = []
    }

    private var replicas: RoomReplicas
    private let maxRequests: Int
    private let maxNewRooms: Int
    private var held = HeldRequests()
    /// Those who want an answer at once, in the order in which they came.
    private var urgent = RequestQueue()
    /// Those who can wait, whether they have come or are held and to be looked for again: of ten thousand who are told the
    /// same, those who come back do not go before those who have not been told.
    private var patient = RequestQueue()
    /// Those whose common look has failed in a way that may be one's own: each has a look for itself.
    private var alone = RequestQueue()
    private var underWay: UnderWay?
    /// What had news since the look under way began.
    private var newsOfRooms: Set<Int64> = []
    private var newsOfPeople: Set<Int64> = []
    private var epoch: Int64?
    private var lastNumber = 0
    private var isStopped = false
    /// How many requests were visited one by one, ever: what events have cost, whatever the clock says.
    private(set) var visits = 0

    /// - Parameters:
    ///   - bytes: about how many what is known of rooms may take.
    ///   - maxRequests: how many requests a look is for at most: of such a look the database is busy for a millisecond or
    ///     two, and others have their turn in between.
    ///   - maxNewRooms: how many rooms of which nothing is known are asked for, for those who want an answer at once and for
    ///     the others each: every one may have a page of messages.
    init(bytes: Int, maxRequests: Int = 256, maxNewRooms: Int = 16) {
        replicas = RoomReplicas(bytes: bytes)
        self.maxRequests = maxRequests
        self.maxNewRooms = maxNewRooms
    }

    /// How many are held.
    var heldCount: Int { held.count }
    /// Whether a look is to begin.
    var wantsLook: Bool { underWay == nil && !(urgent.isEmpty && patient.isEmpty && alone.isEmpty) }

    // MARK: Requests

    mutating func ask(_ request: RoomRequest) {
        lastNumber += 1
        request.number = lastNumber
        makeDue(request)
    }

    /// It is to wait no longer, because its time is over or its client is gone: it is answered by what its last look found,
    /// or by the one that it has not had yet.
    mutating func endWait(_ request: RoomRequest, _ endings: inout Endings) {
        request.mayWait = false
        finish(request, request.reading.map { .read($0) }, &endings)
    }

    /// Ends all that are held, and holds none from now on.
    mutating func stop(_ endings: inout Endings) {
        isStopped = true
        for request in held.all { finish(request, request.reading.map { .read($0) }, &endings) }
    }

    // MARK: News

    /// A room has something new.
    mutating func noteNews(ofRoom room: Int64) {
        if underWay != nil { newsOfRooms.insert(room) }
        replicas[room]?.hasNews = true
        held.forEach(inRoom: room) { lookAgain(for: $0) }
    }

    /// A person may not be logged in any more.
    mutating func noteNews(ofPerson person: Int64) {
        if underWay != nil { newsOfPeople.insert(person) }
        held.forEach(ofPerson: person) { lookAgain(for: $0) }
    }

    /// Everybody may have missed something.
    mutating func noteMissedNews() {
        if let underWay { for request in underWay.requests { newsOfRooms.insert(request.room) } }
        for request in held.all { lookAgain(for: request) }
    }

    // MARK: Looks

    /// What the next look is to ask; nil when one is under way, or nobody is to be looked for.
    mutating func beginLook() -> RoomLook? {
        guard underWay == nil else { return nil }
        var look = RoomLook()
        var begun = UnderWay(requests: [])
        var asked: Set<Int64> = []
        if let request = alone.next() {
            take(request, &look, &begun, &asked)
        } else {
            // However many want an answer at once, some of the others are looked for.
            let reserved = patient.isEmpty ? 0 : maxRequests / 4
            var newRooms = 0
            while look.lines.count < maxRequests - reserved, newRooms < maxNewRooms, let request = urgent.next() {
                if take(request, &look, &begun, &asked) { newRooms += 1 }
            }
            newRooms = 0
            while look.lines.count < maxRequests, newRooms < maxNewRooms, let request = patient.next() {
                if take(request, &look, &begun, &asked) { newRooms += 1 }
            }
        }
        guard !begun.requests.isEmpty else { return nil }
        underWay = begun
        newsOfRooms.removeAll(keepingCapacity: true)
        newsOfPeople.removeAll(keepingCapacity: true)
        return look
    }

    /// - Returns: whether it is for a room of which nothing is known.
    @discardableResult
    private mutating func take(
        _ request: RoomRequest, _ look: inout RoomLook, _ begun: inout UnderWay, _ asked: inout Set<Int64>
    ) -> Bool {
        visits += 1
        request.isDue = false
        begun.requests.append(request)
        let room = request.room
        let isFirst = room > 0 && asked.insert(room).inserted
        look.lines.append(RoomLook.Line(session: request.session, room: room, isFirst: isFirst))
        guard isFirst else { return false }
        let replica = replicas[room]
        if replica?.hasNews ?? true {
            replica?.hasNews = false
            begun.isRead.insert(room)
            look.contents.append(
                RoomContents.Wanted(room: room, number: replica?.known ?? 0, change: replica?.change))
        }
        return replica == nil
    }

    /// What the look under way has read of rooms.
    mutating func take(_ contents: RoomContents) {
        guard isOfSameEpoch(contents.epoch) else { return }
        for (room, found) in contents.rooms {
            if !replicas.merge(found, in: room) { underWay?.isRead.remove(room) }
        }
    }

    /// The look has come back.
    mutating func finishLook(_ result: RoomLook.Result, _ endings: inout Endings) {
        guard let finished = underWay else { return }
        underWay = nil
        guard isOfSameEpoch(result.epoch) else {
            for request in finished.requests { lookAgain(for: request) }
            return
        }
        for (request, standing) in zip(finished.requests, result.standings) where !request.hasEnded {
            answer(request, standing, finished, result.heads[request.room], &endings)
        }
        replicas.trim()
    }

    /// The look has failed. Those who are held wait on, until they are told that they may have missed something.
    /// - Parameter isOnes: whether the failure may be that of one of its lines; else the database is away.
    mutating func failLook(_ error: any Error, isOnes: Bool, _ endings: inout Endings) {
        guard let failed = underWay else { return }
        underWay = nil
        for room in failed.isRead { replicas[room]?.hasNews = true }
        for request in failed.requests where !request.hasEnded {
            if isOnes, failed.requests.count > 1 {
                request.isDue = true
                alone.append(request)
            } else if isOnes || !request.isHeld {
                finish(request, .failed(error), &endings)
            }
        }
        guard !isOnes else { return }
        // Who came meanwhile is told, too: a look of their own may take as long again to fail.
        let rest = urgent.take { !$0.isHeld } + patient.take { !$0.isHeld }
        for request in rest { finish(request, .failed(error), &endings) }
    }

    /// In another one what was known is not to be relied on.
    private mutating func isOfSameEpoch(_ epoch: Int64) -> Bool {
        defer { self.epoch = epoch }
        guard let known = self.epoch, known != epoch else { return true }
        replicas.removeAll()
        return false
    }

    // MARK: Answers

    private mutating func answer(
        _ request: RoomRequest, _ standing: RoomLook.Standing, _ look: UnderWay, _ head: RoomLook.Head?,
        _ endings: inout Endings
    ) {
        let viewer: Viewer
        switch standing {
        case .notLoggedIn: return finish(request, .refused(.notLoggedIn), &endings)
        case .member(let person), .notAMember(let person): viewer = person
        }
        if case .viewer = request.want { return finish(request, .viewer(viewer), &endings) }
        guard let head else { return finish(request, .refused(.noSuchRoom), &endings) }
        guard case .member = standing else { return finish(request, .refused(.notAMember), &endings) }
        guard let replica = replicas.use(request.room) else { return lookAgain(for: request) }
        let isCurrent = replica.known >= head.number && replica.change == head.change
        if !isCurrent { replica.hasNews = true }
        // What was read for this look is as new as its requests, and what is newer is found by the next one.
        guard isCurrent || look.isRead.contains(request.room) else { return lookAgain(for: request) }
        guard let reading = replica.reading(of: request.want, for: viewer) else {
            return finish(request, .history, &endings)
        }
        guard case .after(let number, _) = request.want, request.mayWait, !isStopped, reading.batch.messages.isEmpty
        else { return finish(request, .read(reading), &endings) }
        // Who begins with nothing is told of nothing but messages and of what changes from now on.
        let known = number > 0 ? number : request.reading?.batch.cursor ?? reading.batch.cursor
        guard reading.batch.cursor <= known else { return finish(request, .read(reading), &endings) }
        held.hold(request, reading)
        if !isCurrent || newsOfRooms.contains(request.room) || newsOfPeople.contains(viewer.id) {
            lookAgain(for: request)
        }
    }

    private mutating func finish(_ request: RoomRequest, _ ending: RoomRequest.Ending?, _ endings: inout Endings) {
        guard !request.hasEnded, let ending else { return }
        held.release(request)
        request.hasEnded = true
        endings.append((request, ending))
    }

    private mutating func lookAgain(for request: RoomRequest) {
        visits += 1
        guard !request.isDue, !request.hasEnded else { return }
        makeDue(request)
    }

    private mutating func makeDue(_ request: RoomRequest) {
        request.isDue = true
        if request.mayWait { patient.append(request) } else { urgent.append(request) }
    }
}
