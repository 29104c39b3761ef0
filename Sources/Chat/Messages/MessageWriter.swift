import NonblockingIO
import PostgreSQL

/// Stores the messages of one event loop, several by one transaction: what comes while one is being committed goes
/// together in the next, so that the disk is waited for once for all of them. One whose room or sender somebody else is
/// at goes with the next, too, or by itself after a rest, as long as `ChatLimits.patienceOfSends`.
package actor MessageWriter {
    private let loop: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// A class, because it goes from list to list.
    private final class Entry {
        typealias Continuation = CheckedContinuation<Result<Submission.Outcome, any Error>, Never>

        let submission: Submission
        let continuation: Continuation
        let arrival = ContinuousClock.now
        /// When it is given up, once it was left.
        var end: ContinuousClock.Instant?

        init(_ submission: Submission, _ continuation: Continuation) {
            self.submission = submission
            self.continuation = continuation
        }
    }

    private let database: PostgresPool
    private let outlet: NewsOutlet
    private var waiting: [Entry] = []
    /// Those that others were in the way of, in the order in which they came.
    private var left: [Entry] = []
    private var isWriting = false
    private var rest = ChatLimits.restOfSends.first
    private var nextAttempt: EventLoopTimer?
    /// Looks who has waited for too long to be asked for.
    private var nextReview: EventLoopTimer?
    private let turns: WriterTurns
    private let longestQueue: Duration
    /// Another writer's turn is waited for.
    private var isInQueue = false
    /// Among those who take turns; known as soon as the writer is there to be woken.
    private var number = -1

    /// - Parameter longestQueue: how long a message may wait to be part of a batch.
    init(
        loop: EventLoop, database: PostgresPool, outlet: NewsOutlet, turns: WriterTurns,
        longestQueue: Duration = ChatLimits.longestQueueOfSends
    ) {
        self.loop = loop
        self.longestQueue = longestQueue
        self.database = database
        self.outlet = outlet
        self.turns = turns
    }

    /// Comes back when the message is committed, or is not going to be.
    /// - Returns: `busy` when others were in the way for too long.
    package func store(_ submission: Submission) async throws -> Submission.Outcome {
        let result = await withCheckedContinuation { continuation in
            waiting.append(Entry(submission, continuation))
            beginWriting()
        }
        return try result.get()
    }

    /// A batch may take as long as a statement may, while a standby is gone; who is not in it need not wait for that, and
    /// then as long again.
    private func review() {
        nextReview = nil
        let now = loop.now
        while let first = waiting.first, first.arrival.duration(to: now) > longestQueue {
            waiting.removeFirst()
            first.continuation.resume(returning: .success(.busy))
        }
        reviewLater()
    }

    private func reviewLater() {
        guard nextReview == nil, !waiting.isEmpty else { return }
        nextReview = loop.schedule(after: longestQueue / 4) { [weak self] in
            self?.assumeIsolated { $0.review() }
        }
    }

    private func beginWriting() {
        reviewLater()
        guard !isWriting, !isInQueue else { return }
        if number < 0 {
            number = turns.register { [weak self, loop] in
                guard let self else { return }
                loop.execute { self.assumeIsolated { $0.takeTurn() } }
            }
        }
        isWriting = true
        nextAttempt?.cancel()
        nextAttempt = nil
        // As a task it begins after the other requests of this round have been read.
        Task(executorPreference: loop) { await self.write() }
    }

    private func takeTurn() {
        isInQueue = false
        // While it writes it looks for its turn by itself.
        beginWriting()
    }

    private func write() async {
        repeat {
            guard turns.take(number, now: loop.now) else {
                isInQueue = true
                isWriting = false
                nextAttempt = loop.schedule(after: WriterTurns.longest) { [weak self] in
                    self?.assumeIsolated { $0.takeTurn() }
                }
                return
            }
            let batch = takeBatch()
            let result = await attempt(batch)
            // The next one's statement is under way while these are answered.
            turns.release(number)
            await settle(batch, result)
        } while !waiting.isEmpty
        isWriting = false
        guard !left.isEmpty else {
            rest = ChatLimits.restOfSends.first
            return
        }
        nextAttempt = loop.schedule(after: rest) { [weak self] in self?.assumeIsolated { $0.beginWriting() } }
        rest = min(rest * 2, ChatLimits.restOfSends.longest)
    }

    private func takeBatch() -> [Entry] {
        // Those that were left are older, but must not take all the places.
        let older = left.prefix(ChatLimits.maxBatch / 2)
        let newer = waiting.prefix(ChatLimits.maxBatch - older.count)
        left.removeFirst(older.count)
        waiting.removeFirst(newer.count)
        return Array(older) + newer
    }

    private func attempt(_ batch: [Entry]) async -> Result<[Submission.Outcome], any Error> {
        guard !batch.isEmpty else { return .success([]) }
        do {
            return .success(try await Submission.store(batch.map(\.submission), in: database))
        } catch {
            return .failure(error)
        }
    }

    private func settle(_ batch: [Entry], _ result: Result<[Submission.Outcome], any Error>) async {
        do {
            let outcomes = try result.get()
            // Also for those that were stored before: who stored them may have died before it told of them.
            var rooms: Set<Int64> = []
            var busy: [Entry] = []
            for (entry, outcome) in zip(batch, outcomes) {
                switch outcome {
                case .stored: rooms.insert(entry.submission.room)
                case .busy:
                    busy.append(entry)
                    continue
                case .refused: break
                }
                entry.continuation.resume(returning: .success(outcome))
            }
            keep(busy)
            if busy.isEmpty { rest = ChatLimits.restOfSends.first }
            if !rooms.isEmpty { await outlet.publish(rooms.map { .room($0) }) }
        } catch let error as PostgresError where error.isTransient || error.isOutcomeUnknown || error.isBusy {
            for entry in batch { entry.continuation.resume(returning: .failure(error)) }
        } catch  where batch.count > 1 {
            // One that the database refuses must not take the others down: each is tried by itself.
            for entry in batch { await settle([entry], attempt([entry])) }
        } catch {
            for entry in batch { entry.continuation.resume(returning: .failure(error)) }
        }
    }

    /// Puts off those that others were in the way of, or gives them up.
    private func keep(_ busy: [Entry]) {
        let now = ContinuousClock.now
        for entry in busy {
            let end = entry.end ?? now + ChatLimits.patienceOfSends
            entry.end = end
            if now < end { left.append(entry) } else { entry.continuation.resume(returning: .success(.busy)) }
        }
    }
}
