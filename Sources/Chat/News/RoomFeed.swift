import Logging
import NonblockingIO
import PostgreSQL

/// Holds the requests of one event loop until there is news for them.
///
/// A request is registered before it looks at the database, so that no news falls between its look and its wait. When a
/// room has news, one look serves all who wait for it; it also asks who of them may still read.
package actor RoomFeed {
    let loop: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    let database: PostgresPool
    let logger = Logger(label: "obrolan.feed")
    var held = HeldRequests()
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
    /// - Throws: `Refusal`: not logged in, not a member, no such room, also when the reader leaves the room or logs out meanwhile.
    package func messages(
        of room: Int64, after cursor: Int64, limit: Int64, members: Int64?, wait: Duration, for session: SessionToken
    ) async throws -> (viewer: Viewer, batch: MessageBatch) {
        let request = HeldRequest(
            room: room, session: session, cursor: cursor, limit: limit, members: members,
            seenNews: held[room]?.news ?? 0)
        register(request)
        defer { remove(request) }

        let number = request.number
        let changes = readerChanges
        let (viewer, batch) =
            if let known = known(to: request) { known } else { try await firstLook(request) }
        guard batch.messages.isEmpty, !request.isNews(batch.room), !isStopping, !Task.isCancelled else {
            return (viewer, batch)
        }
        held.wait(request, of: viewer)
        request.timer = loop.schedule(after: wait) { request.end(.timeout) }
        // Somebody has logged out since the look began: who that was is known now, and whether it had seen that is not.
        if changes != readerChanges || request.seenNews != held[room]?.news {
            held.makeDue(request)
            lookSoon(at: room)
        }
        scheduleRound()
        let ending = await withTaskCancellationHandler {
            await request.wait()
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.held[room]?.requests[number]?.end(.timeout) } }
        }
        switch ending {
        case .messages(let batch): return (viewer, batch)
        case .timeout: return (viewer, batch)
        case .notLoggedIn: throw Refusal.notLoggedIn
        case .notAMember: throw Refusal.notAMember
        }
    }

    private func register(_ request: HeldRequest) {
        held.add(request)
        held[request.room]?.end?.cancel()
        held[request.room]?.end = nil
    }

    private func remove(_ request: HeldRequest) {
        held.remove(request)
        endIfEmpty(request.room)
    }

    private func endIfEmpty(_ room: Int64) {
        guard let inRoom = held[room], inRoom.requests.isEmpty, !inRoom.isLooking, inRoom.end == nil else { return }
        guard !inRoom.knowledge.isEmpty, !isStopping else {
            held[room] = nil
            return
        }
        held[room]?.end = loop.schedule(after: ChatLimits.knowledgeOfEmptyRoom) { [weak self] in
            self?.assumeIsolated { $0.held[room] = nil }
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
            if held.noteNews(inRoom: room) { lookSoon(at: room) }
        case .person(let person):
            readerChanges += 1
            for room in held.noteNews(ofPerson: person) { lookSoon(at: room) }
        }
    }

    // MARK: Looking

    func lookSoon(at room: Int64) {
        guard let inRoom = held[room], !inRoom.isLooking, !inRoom.requests.isEmpty else { return }
        held[room]?.isLooking = true
        Task(executorPreference: loop) { await self.look(at: room) }
    }

    /// Looks until nobody waits who has not seen the newest news.
    private func look(at room: Int64) async {
        while let news = held[room]?.news {
            let waiting = held.takeDue(in: room, atMost: ChatLimits.maxLook)
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
        held[room]?.isLooking = false
        endIfEmpty(room)
    }

    private func look(for waiting: [HeldRequest], in room: Int64, after cursor: Int64, limit: Int64, news: Int)
        async throws
    {
        let changes = readerChanges
        do {
            let (batch, standings) = try await RoomNews.read(
                room: room, after: cursor, limit: limit, for: Set(waiting.map(\.session)), in: database)
            // Those whose cursor is beyond this batch have not seen what comes after it.
            if batch.hasMore, let end = batch.messages.last?.id {
                for request in waiting where request.cursor >= end { held.makeDue(request) }
            } else {
                note(batch.room, lastID: batch.messages.last?.id ?? cursor, news: news)
            }
            if changes == readerChanges {
                for request in waiting where standings[request.session] == .member {
                    if let viewer = request.viewer { note(viewer, request, news: news) }
                }
            }
            await answer(waiting, with: batch, standings)
        } catch {
            for request in waiting { held.makeDue(request) }
            throw error
        }
    }

    private func answer(
        _ waiting: [HeldRequest], with batch: MessageBatch, _ standings: [SessionToken: RoomNews.Standing]
    ) async {
        var parts: [PartKey: MessageBatch] = [:]
        for (index, request) in waiting.enumerated() {
            if index % ChatLimits.answersInTurn == ChatLimits.answersInTurn - 1 { await loop.turn() }
            switch standings[request.session] {
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
        for request in held.all { request.end(.timeout) }
    }
}
