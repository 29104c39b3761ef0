import Logging
import NonblockingIO
import PostgreSQL

/// Answers the requests of one event loop for what rooms have, at once or when there is news: it performs what `RoomWatch`
/// decides.
package actor RoomReader {
    let loop: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    let database: PostgresPool
    let logger = Logger(label: "obrolan.rooms")
    var watch: RoomWatch
    var isStopping = false
    /// Whether news from other processes come by themselves.
    var hearsOthers = false
    var nextRound: (timer: EventLoopTimer, delay: Duration)?
    /// A look is under way, or about to begin.
    private var isLooking = false
    /// Those that may be held, by number: their clients or their timers name them.
    private var waiting: [Int: RoomRequest] = [:]

    /// - Parameter bytes: about how many may be taken by what is kept of rooms.
    init(loop: EventLoop, database: PostgresPool, bytes: Int) {
        self.loop = loop
        self.database = database
        watch = RoomWatch(bytes: bytes)
    }

    // MARK: Reading

    /// Whose session it is; nil when it is over or never was.
    package func viewer(of session: SessionToken) async throws -> Viewer? {
        switch await ending(of: RoomRequest(session: session, room: 0, want: .viewer)) {
        case .viewer(let viewer): return viewer
        case .refused: return nil
        case .failed(let error): throw error
        case .read, .history: throw InternalError("a viewer was asked for")
        }
    }

    /// Messages of a room.
    /// - Parameter wait: for how long the answer is held while there is nothing newer; only of `Range.after`.
    /// - Throws: `Refusal`: not logged in, no such room, not a member, also when the reader leaves the room or logs out
    ///   meanwhile.
    package func read(
        _ range: RoomHistory.Range, of room: Int64, wait: Duration? = nil, for session: SessionToken
    ) async throws -> RoomReading {
        let want: RoomRequest.Want
        switch range {
        case .before, .following, .one:
            return try await RoomHistory.read(range, of: room, for: session, in: database)
        case .newest(let limit): want = .newest(limit: Int(limit))
        case .after(let number, let limit): want = .after(number, limit: Int(limit))
        }
        let request = RoomRequest(session: session, room: room, want: want, mayWait: wait != nil)
        switch await ending(of: request, after: wait) {
        case .read(let reading): return reading
        case .history: return try await RoomHistory.read(range, of: room, for: session, in: database)
        case .refused(let refusal): throw refusal
        case .failed(let error): throw error
        case .viewer: throw InternalError("messages were asked for")
        }
    }

    private func ending(of request: RoomRequest, after wait: Duration? = nil) async -> RoomRequest.Ending {
        watch.ask(request)
        lookSoon()
        guard let wait else { return await request.wait() }
        let number = request.number
        waiting[number] = request
        defer { waiting[number] = nil }
        request.timer = loop.schedule(after: wait) { [weak self] in self?.assumeIsolated { $0.endWait(number) } }
        scheduleRound()
        return await withTaskCancellationHandler {
            await request.wait()
        } onCancel: {
            loop.execute { [weak self] in self?.assumeIsolated { $0.endWait(number) } }
        }
    }

    private func endWait(_ number: Int) {
        guard let request = waiting[number] else { return }
        var endings: RoomWatch.Endings = []
        watch.endWait(request, &endings)
        tell(endings)
    }

    private func tell(_ endings: RoomWatch.Endings) {
        for (request, ending) in endings { request.resume(ending) }
    }

    // MARK: News

    /// Takes note of news; from any thread.
    nonisolated func deliver(_ news: [News]) {
        loop.execute { self.assumeIsolated { reader in reader.receive(news) } }
    }

    private func receive(_ news: [News]) {
        for news in news {
            switch news {
            case .room(let room): watch.noteNews(ofRoom: room)
            case .person(let person): watch.noteNews(ofPerson: person)
            }
        }
        lookSoon()
    }

    // MARK: Looking

    /// Looks when what is ready now has had its turn: what comes with it is asked together.
    func lookSoon() {
        guard !isLooking, watch.wantsLook else { return }
        isLooking = true
        Task(executorPreference: loop) { await self.look() }
    }

    private func look() async {
        while let look = watch.beginLook() {
            var endings: RoomWatch.Endings = []
            do {
                if !look.contents.isEmpty { watch.take(try await RoomContents.read(look.contents, in: database)) }
                watch.finishLook(try await look.read(in: database), &endings)
            } catch {
                fail(error, &endings)
            }
            tell(endings)
        }
        isLooking = false
    }

    private func fail(_ error: any Error, _ endings: inout RoomWatch.Endings) {
        let isOnes = Failure(error) == .unexpected
        watch.failLook(error, isOnes: isOnes, &endings)
        guard !isOnes, watch.heldCount > 0 else { return }
        logger.warning("held requests could not be answered: \(error)")
        scheduleRound(after: ChatLimits.roundWithoutNews)
    }

    // MARK: Stopping

    /// Answers all held requests at once and holds none any more.
    func stop() {
        isStopping = true
        nextRound?.timer.cancel()
        var endings: RoomWatch.Endings = []
        watch.stop(&endings)
        tell(endings)
    }
}
