import Logging
import NonblockingIO
import PostgreSQL

/// Tells the other processes, one notification at a time: what comes while one is under way goes together in the next.
actor NewsPublisher {
    private let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let database: PostgresPool
    private let process: String
    private let logger = Logger(label: "obrolan.news")
    private var pending: Set<News> = []
    private var isPublishing = false
    private var whenIdle: [CheckedContinuation<Void, Never>] = []

    private static let statement = PostgresStatement("SELECT pg_notify($1, $2)", lane: .write)
    /// PostgreSQL takes payloads of less than 8,000 bytes; a word is at most 21 with its space.
    private static let maxWords = 375

    init(loop: EventLoop, database: PostgresPool, process: String) {
        self.loop = loop
        self.database = database
        self.process = process
    }

    /// Takes note and comes back at once.
    func publish(_ news: [News]) {
        pending.formUnion(news)
        guard !isPublishing, !pending.isEmpty else { return }
        isPublishing = true
        Task(executorPreference: loop) { await self.publishPending() }
    }

    private func publishPending() async {
        while !pending.isEmpty {
            let news = takeSome()
            do {
                let words = [process] + news.map(\.word)
                _ = try await database.query(
                    Self.statement, [.text(NewsExchange.channel), .text(words.joined(separator: " "))])
            } catch {
                // Their listening connections may well be there while ours are gone.
                logger.warning("other processes were not told of news yet: \(error)")
                pending.formUnion(news)
                publishLater()
                endWaits()
                return
            }
        }
        isPublishing = false
        endWaits()
    }

    /// Comes back when everything is told, or could not be told.
    func flush() async {
        await withCheckedContinuation { continuation in
            // Looked at here and not before: every await may let others run.
            if isPublishing { whenIdle.append(continuation) } else { continuation.resume() }
        }
    }

    private func endWaits() {
        for continuation in whenIdle { continuation.resume() }
        whenIdle = []
    }

    private func publishLater() {
        loop.schedule(after: ChatLimits.restBeforeRetelling) { [weak self] in
            guard let self else { return }
            Task(executorPreference: self.loop) { await self.publishPending() }
        }
    }

    /// As many of what is pending as one notification has room for.
    private func takeSome() -> [News] {
        let some = Array(pending.prefix(Self.maxWords))
        pending.subtract(some)
        return some
    }
}
