import Logging
import NonblockingIO
import PostgreSQL

/// Sees to what deleted accounts have left, beside everything else that the database does: that the rooms they were in
/// are told of, and that their messages have no sender. A chunk, then a rest that is longer than the chunk took. It begins
/// when it is told of a deletion, when it is started, and now and then, because whoever deleted the account may be gone.
actor Upkeep {
    private let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let database: PostgresPool
    private let outlet: NewsOutlet
    private let logger = Logger(label: "obrolan.accounts")
    private var isRunning = false
    /// There may be something that the round under way has passed by.
    private var isWanted = false
    private var isStopped = false
    private var nextRound: EventLoopTimer?
    private var rest: (timer: EventLoopTimer, continuation: CheckedContinuation<Void, Never>)?

    init(loop: EventLoop, database: PostgresPool, outlet: NewsOutlet) {
        self.loop = loop
        self.database = database
        self.outlet = outlet
    }

    /// Sees to it that there is a round from now on; comes back at once.
    func begin() {
        isWanted = true
        guard !isRunning, !isStopped else { return }
        isRunning = true
        nextRound?.cancel()
        Task(executorPreference: loop) { await self.run() }
    }

    /// Begins nothing more; the rest is for whoever starts next.
    func stop() {
        isStopped = true
        nextRound?.cancel()
        endRest()
    }

    private func run() async {
        while isWanted, !isStopped {
            isWanted = false
            do {
                try await goRound()
            } catch {
                guard !isStopped else { break }
                logger.warning("what deleted accounts have left is still there: \(error)")
                isWanted = true
                await rest(for: ChatLimits.restOfFailedClearing)
            }
        }
        isRunning = false
        guard !isStopped else { return }
        nextRound = loop.schedule(after: ChatLimits.restBetweenClearings) { [weak self] in
            self?.assumeIsolated { $0.begin() }
        }
    }

    private func goRound() async throws(PostgresError) {
        while !isStopped {
            let (rooms, isLast) = try await UnannouncedRooms.announce(in: database)
            if !rooms.isEmpty { await outlet.publish(rooms.map { .room($0) }) }
            if isLast { break }
            await rest(for: ChatLimits.shortestRestOfClearing)
        }
        var last: Int64 = 0
        while !isStopped, let account = try await DisownedMessages.account(after: last, in: database) {
            do throws(PostgresError) {
                try await clear(account)
            } catch {
                // Others have put in a message that breaks a rule, and cannot be changed: the other accounts go on.
                guard error.isRefusal else { throw error }
                logger.warning("the deleted account \(account) still has messages: \(error)")
            }
            last = account
        }
    }

    private func clear(_ account: Int64) async throws(PostgresError) {
        var place: UInt128? = 0
        while let from = place {
            guard !isStopped else { return }
            let start = ContinuousClock.now
            place = try await DisownedMessages.clear(account, from: from, in: database)
            await rest(for: max((.now - start) * ChatLimits.restOfClearing, ChatLimits.shortestRestOfClearing))
        }
        try await DisownedMessages.end(account, in: database)
    }

    private func rest(for time: Duration) async {
        await withCheckedContinuation { continuation in
            // Looked at here and not before: every await may let others run.
            guard !isStopped else { return continuation.resume() }
            let timer = loop.schedule(after: time) { [weak self] in self?.assumeIsolated { $0.endRest() } }
            rest = (timer, continuation)
        }
    }

    private func endRest() {
        rest?.timer.cancel()
        rest?.continuation.resume()
        rest = nil
    }
}
