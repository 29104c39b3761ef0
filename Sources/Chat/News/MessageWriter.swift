import NonblockingIO
import PostgreSQL

/// Stores the messages of one event loop, several by one transaction: what comes while one is being committed goes
/// together in the next, so that the disk is waited for once for all of them. One whose room or sender somebody else is
/// at goes with the next, too, or by itself after a rest, as long as `ChatLimits.patienceOfSends`.
actor MessageWriter {
    private let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private struct Entry {
        let submission: Submission
        let continuation: CheckedContinuation<Result<Submission.Outcome, any Error>, Never>
        /// When it is given up, once it was left.
        var end: ContinuousClock.Instant?
    }

    private let database: PostgresPool
    private let station: NewsStation
    private var waiting: [Entry] = []
    /// Those that others were in the way of, in the order in which they came.
    private var left: [Entry] = []
    private var isWriting = false
    private var rest = ChatLimits.restOfSends.first
    private var nextAttempt: EventLoopTimer?
    private let turns: RoomTurns
    /// Among those who take turns; known as soon as the writer is there to be woken.
    private var number = -1

    init(loop: EventLoop, database: PostgresPool, station: NewsStation) {
        self.loop = loop
        self.database = database
        self.station = station
        turns = station.turns
    }

    /// Comes back when the message is committed, or is not going to be.
    /// - Returns: `busy` when others were in the way for too long.
    func store(_ submission: Submission) async throws -> Submission.Outcome {
        let result = await withCheckedContinuation { continuation in
            waiting.append(Entry(submission: submission, continuation: continuation))
            beginWriting()
        }
        return try result.get()
    }

    private func beginWriting() {
        guard !isWriting else { return }
        if number < 0 {
            number = turns.register { [weak self, loop] in
                guard let self else { return }
                loop.execute { self.assumeIsolated { $0.beginWriting() } }
            }
        }
        isWriting = true
        nextAttempt?.cancel()
        nextAttempt = nil
        // As a task it begins after the other requests of this round have been read.
        Task(executorPreference: loop) { await self.write() }
    }

    private func write() async {
        while true {
            var batch: [Entry] = []
            // Those that were left are older, but must not take all the places.
            turns.take(&left, into: &batch, limit: ChatLimits.maxBatch / 2, writer: number) { $0.submission.room }
            turns.take(&waiting, into: &batch, limit: ChatLimits.maxBatch, writer: number) { $0.submission.room }
            // What is still there waits for its turn, of which this writer will be told.
            guard !batch.isEmpty else { break }
            await write(batch)
            turns.release(Set(batch.map(\.submission.room)), writer: number)
            guard !waiting.isEmpty else { break }
        }
        isWriting = false
        guard !left.isEmpty else {
            rest = ChatLimits.restOfSends.first
            return
        }
        nextAttempt = loop.schedule(after: rest) { [weak self] in self?.assumeIsolated { $0.beginWriting() } }
        rest = min(rest * 2, ChatLimits.restOfSends.longest)
    }

    private func write(_ batch: [Entry]) async {
        do {
            let outcomes = try await Submission.store(batch.map(\.submission), in: database)
            // Also for those that were stored before: who stored them may have died before it told of them.
            var rooms: Set<Int64> = []
            var busy: [Entry] = []
            for (entry, outcome) in zip(batch, outcomes) {
                switch outcome {
                case .stored: rooms.insert(entry.submission.room)
                case .busy:
                    busy.append(entry)
                    continue
                case .notLoggedIn, .noSuchRoom, .notAMember: break
                }
                entry.continuation.resume(returning: .success(outcome))
            }
            keep(busy)
            if busy.isEmpty { rest = ChatLimits.restOfSends.first }
            if !rooms.isEmpty { await station.publish(rooms.map { .room($0) }) }
        } catch let error as PostgresError where error.isTransient || error.isOutcomeUnknown || error.isBusy {
            for entry in batch { entry.continuation.resume(returning: .failure(error)) }
        } catch  where batch.count > 1 {
            // One that the database refuses must not take the others down: each is tried by itself.
            for entry in batch { await write([entry]) }
        } catch {
            for entry in batch { entry.continuation.resume(returning: .failure(error)) }
        }
    }

    /// Puts off those that others were in the way of, or gives them up.
    private func keep(_ busy: [Entry]) {
        let now = ContinuousClock.now
        for var entry in busy {
            let end = entry.end ?? now + ChatLimits.patienceOfSends
            entry.end = end
            if now < end { left.append(entry) } else { entry.continuation.resume(returning: .success(.busy)) }
        }
    }
}
