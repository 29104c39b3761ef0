import Logging
import NonblockingIO
import PostgreSQL

/// The held requests of one event loop, by room.
///
/// A request is registered before it looks at the database, so that no news falls between its look and its wait. When a
/// room has news, one look serves all who wait for it; it also asks who of them may still read.
actor RoomFeed {
    struct HeldInRoom {
        var requests: [Int: HeldRequest] = [:]
        /// Counts up with each news, to tell whether there was one since a look.
        var news = 0
        var isLooking = false
        var knowledge = RoomKnowledge()
        /// Forgets the room, when nobody has come back to it.
        var end: EventLoopTimer?
    }

    let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    let database: PostgresPool
    let logger = Logger(label: "obrolan.feed")
    var rooms: [Int64: HeldInRoom] = [:]
    private var lastNumber = 0
    var isStopping = false
    /// Whether news from other processes come by themselves.
    var hearsOthers = false
    var rounds = Rounds()
    /// Counts up when what is known of readers may have changed, so that no look notes what was before.
    var readerChanges = 0

    init(loop: EventLoop, database: PostgresPool) {
        self.loop = loop
        self.database = database
    }

    // MARK: Holding

    /// The messages after `cursor`, held back for `wait` at most until there is one, or until the room has another
    /// number of members than `members`.
    /// - Throws: `HTTPError` 401, 403 and 404, also when the reader leaves the room or logs out meanwhile.
    func messages(
        of room: Int64, after cursor: Int64, limit: Int64, members: Int64?, wait: Duration, for session: SessionToken
    ) async throws -> (viewer: Viewer, batch: MessageBatch) {
        let request = HeldRequest(
            room: room, session: session, cursor: cursor, limit: limit, members: members,
            seenNews: rooms[room]?.news ?? 0)
        let number = register(request)
        defer { remove(number, from: room) }

        let (viewer, batch) =
            if let known = try known(to: request) { known } else { try await firstLook(request) }
        guard batch.messages.isEmpty, !request.isNews(batch.room), !isStopping, !Task.isCancelled else {
            return (viewer, batch)
        }
        request.viewer = viewer
        request.isWaiting = true
        request.timer = loop.schedule(after: wait) { request.end(.timeout) }
        if request.seenNews != rooms[room]?.news { lookSoon(at: room) }
        scheduleRound()
        let ending = await withTaskCancellationHandler {
            await request.wait()
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.rooms[room]?.requests[number]?.end(.timeout) } }
        }
        switch ending {
        case .messages(let batch): return (viewer, batch)
        case .timeout: return (viewer, batch)
        case .notLoggedIn: throw HTTPError.notLoggedIn
        case .notAMember: throw HTTPError.notAMember
        }
    }

    private func register(_ request: HeldRequest) -> Int {
        lastNumber += 1
        // In place: a copy of the room would have its requests, which may be ten thousand, copied at each change.
        rooms[request.room, default: HeldInRoom()].requests[lastNumber] = request
        rooms[request.room]?.end?.cancel()
        rooms[request.room]?.end = nil
        return lastNumber
    }

    private func remove(_ number: Int, from room: Int64) {
        rooms[room]?.requests[number] = nil
        endIfEmpty(room)
    }

    private func endIfEmpty(_ room: Int64) {
        guard let held = rooms[room], held.requests.isEmpty, !held.isLooking, held.end == nil else { return }
        guard !held.knowledge.isEmpty, !isStopping else {
            rooms[room] = nil
            return
        }
        rooms[room]?.end = loop.schedule(after: ChatLimits.knowledgeOfEmptyRoom) { [weak self] in
            self?.assumeIsolated { $0.rooms[room] = nil }
        }
    }

    // MARK: News

    /// Takes note of news; from any thread.
    nonisolated func deliver(_ news: [News]) {
        loop.execute { self.assumeIsolated { feed in for news in news { feed.receive(news) } } }
    }

    private func receive(_ news: News) {
        switch news {
        case .room(let room):
            guard rooms[room] != nil else { return }
            rooms[room]?.news += 1
            lookSoon(at: room)
        case .person(let person):
            readerChanges += 1
            for room in Array(rooms.keys) {
                rooms[room]?.knowledge.forget(person)
                // A request that has yet to learn whose it is may be that person's.
                let theirs = requests(in: room) { $0.viewer.map { $0.id == person } ?? true }
                for request in theirs { request.seenNews = nil }
                if !theirs.isEmpty { lookSoon(at: room) }
            }
        }
    }

    private func requests(in room: Int64, atMost count: Int = .max, where isWanted: (HeldRequest) -> Bool)
        -> [HeldRequest]
    {
        guard let requests = rooms[room]?.requests else { return [] }
        return Array(requests.values.lazy.filter(isWanted).prefix(count))
    }

    // MARK: Looking

    func lookSoon(at room: Int64) {
        guard let held = rooms[room], !held.isLooking, !held.requests.isEmpty else { return }
        rooms[room]?.isLooking = true
        Task(executorPreference: loop) { await self.look(at: room) }
    }

    /// Looks until nobody waits who has not seen the newest news.
    private func look(at room: Int64) async {
        while let news = rooms[room]?.news {
            let waiting = requests(in: room, atMost: ChatLimits.maxLook) { $0.isWaiting && $0.seenNews != news }
            guard let cursor = waiting.map(\.cursor).min(), let limit = waiting.map(\.limit).max() else { break }
            do {
                try await look(for: waiting, in: room, after: cursor, limit: limit, news: news)
            } catch {
                // The database is away: they wait on, and look again when it is back or their time is over.
                logger.warning("held requests of room \(room) could not be answered: \(error)")
                roundAfterFailure()
                break
            }
        }
        rooms[room]?.isLooking = false
        endIfEmpty(room)
    }

    private func look(for waiting: [HeldRequest], in room: Int64, after cursor: Int64, limit: Int64, news: Int)
        async throws
    {
        // Set before: what becomes news meanwhile is seen by the next look.
        for request in waiting { request.seenNews = news }
        let changes = readerChanges
        do {
            let (batch, standings) = try await RoomNews.read(
                room: room, after: cursor, limit: limit, for: Set(waiting.map(\.session.bytes)), in: database)
            // Those whose cursor is beyond this batch have not seen what comes after it.
            if batch.hasMore, let end = batch.messages.last?.id {
                for request in waiting where request.cursor >= end { request.seenNews = nil }
            } else {
                note(batch.room, lastID: batch.messages.last?.id ?? cursor, news: news)
            }
            if changes == readerChanges {
                for request in waiting where standings[request.session.bytes] == .member {
                    if let viewer = request.viewer { note(viewer, request, news: news) }
                }
            }
            await answer(waiting, with: batch, standings)
        } catch {
            for request in waiting { request.seenNews = nil }
            throw error
        }
    }

    private func answer(_ waiting: [HeldRequest], with batch: MessageBatch, _ standings: [[UInt8]: RoomNews.Standing])
        async
    {
        var parts: [PartKey: MessageBatch] = [:]
        for (index, request) in waiting.enumerated() {
            if index % ChatLimits.answersInTurn == ChatLimits.answersInTurn - 1 { await loop.turn() }
            switch standings[request.session.bytes] {
            case .member:
                let key = PartKey(cursor: request.cursor, limit: request.limit)
                let part = parts[key] ?? batch.part(after: request.cursor, limit: request.limit)
                parts[key] = part
                if !part.messages.isEmpty {
                    request.end(.messages(part))
                } else if request.isNews(batch.room) {
                    // A batch of its own: its answer names the cursor, which those who share one need not have in common.
                    request.end(.messages(MessageBatch(room: batch.room, messages: [], hasMore: false)))
                }
            case .notAMember: request.end(.notAMember)
            case .notLoggedIn, nil: request.end(.notLoggedIn)
            }
        }
    }

    private struct PartKey: Hashable {
        let cursor: Int64
        let limit: Int64
    }

    // MARK: Stopping

    /// Answers all held requests at once and holds none any more.
    func stop() {
        isStopping = true
        rounds.next?.timer.cancel()
        for request in rooms.values.flatMap(\.requests.values) { request.end(.timeout) }
    }
}
