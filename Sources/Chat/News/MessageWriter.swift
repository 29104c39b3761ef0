import NonblockingIO
import PostgreSQL

/// Stores the messages of one event loop, several by one transaction: what comes while one is being committed goes
/// together in the next, so that the disk is waited for once for all of them.
actor MessageWriter {
    private let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let database: PostgresPool
    private let station: NewsStation
    private var waiting: [(submission: Submission, continuation: Continuation)] = []
    private var isWriting = false

    private typealias Continuation = CheckedContinuation<Result<Submission.Outcome, any Error>, Never>

    /// How often a submission is tried that another transaction has stored meanwhile.
    private static let maxAttempts = 5

    init(loop: EventLoop, database: PostgresPool, station: NewsStation) {
        self.loop = loop
        self.database = database
        self.station = station
    }

    /// Comes back when the message is committed, or is not going to be.
    func store(_ submission: Submission) async throws -> Submission.Outcome {
        let result = await withCheckedContinuation { continuation in
            waiting.append((submission, continuation))
            guard !isWriting else { return }
            isWriting = true
            // As a task it begins after the other requests of this round have been read.
            Task(executorPreference: loop) { await self.write() }
        }
        return try result.get()
    }

    private func write() async {
        while !waiting.isEmpty {
            let batch = Array(waiting.prefix(ChatLimits.maxBatch))
            waiting.removeFirst(batch.count)
            await write(batch)
        }
        isWriting = false
    }

    private func write(_ batch: [(submission: Submission, continuation: Continuation)]) async {
        do {
            let outcomes = try await Submission.store(batch.map(\.submission), in: database)
            // Also for those that were stored before: who stored them may have died before it told of them.
            var rooms: Set<Int64> = []
            var again: [(submission: Submission, continuation: Continuation)] = []
            for (entry, outcome) in zip(batch, outcomes) {
                if case .stored = outcome { rooms.insert(entry.submission.room) }
                if case .storedMeanwhile = outcome {
                    again.append(entry)
                } else {
                    entry.continuation.resume(returning: .success(outcome))
                }
            }
            if !rooms.isEmpty { await station.publish(rooms.map { .room($0) }) }
            for entry in again { await writeAlone(entry) }
        } catch let error as PostgresError where error.isUnavailable || error.isOutcomeUnknown {
            for entry in batch { entry.continuation.resume(returning: .failure(error)) }
        } catch {
            // One that the database refuses, such as by an account that is being deleted, must not take the others
            // down: each is tried by itself.
            for entry in batch { await writeAlone(entry) }
        }
    }

    private func writeAlone(_ entry: (submission: Submission, continuation: Continuation)) async {
        var result: Result<Submission.Outcome, any Error> = .failure(HTTPError.internalError("no attempt was made"))
        for _ in 0..<Self.maxAttempts {
            do {
                let outcome = try await Submission.store([entry.submission], in: database)[0]
                result = .success(outcome)
                if case .stored = outcome { await station.publish([.room(entry.submission.room)]) }
                guard case .storedMeanwhile = outcome else { break }
            } catch {
                result = .failure(error)
                break
            }
        }
        entry.continuation.resume(returning: result)
    }
}
