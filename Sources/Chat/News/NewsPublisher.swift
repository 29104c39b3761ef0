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

    private static let statement = PostgresStatement("SELECT pg_notify($1, $2)")
    /// PostgreSQL takes payloads of less than 8,000 bytes; a word is at most 21 with its space.
    private static let maxPayload = 7_900

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
        Task { await publishPending() }
    }

    private func publishPending() async {
        while !pending.isEmpty {
            var payload = process
            while let news = pending.first {
                let word = news.word
                guard payload.utf8.count + 1 + word.utf8.count <= Self.maxPayload else { break }
                payload += " " + word
                pending.remove(news)
            }
            do {
                _ = try await database.query(Self.statement, [.text(NewsExchange.channel), .text(payload)])
            } catch {
                // What the others miss they find when they look by themselves: their listening connection has most
                // likely gone with ours, and then they look every few seconds.
                logger.warning("other processes were not told of news: \(error)")
            }
        }
        isPublishing = false
    }
}
