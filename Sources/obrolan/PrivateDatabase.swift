import EmbeddedPostgreSQL
import Logging

/// The database of a program that was given none: it runs as long as the program needs it.
struct PrivateDatabase {
    let dataDirectory: String
    /// How many connections the program has at most.
    let connections: Int

    /// What an event loop has beside those for reading: two that write, one for batches of messages, one for long work, one
    /// for news, one for scripts.
    private static let otherConnections = 6

    init(dataDirectory: String, eventLoops: Int, databaseConnections: Int) {
        self.dataDirectory = dataDirectory
        connections = eventLoops * (databaseConnections + Self.otherConnections)
    }

    /// Starts the cluster, calls `body` with it, and stops it when `body` has come back. When it ends meanwhile, also because
    /// somebody has signalled everything of the program's control group, it is started anew at once.
    ///
    /// - Parameter isStopWanted: asked while the cluster is starting; when it says so the start is given up, and `body` is not
    ///   called.
    /// - Throws: `StartError` when it cannot be started, or what `body` throws.
    func run(
        unless isStopWanted: @escaping @Sendable () -> Bool, _ body: (EmbeddedPostgreSQL) async throws -> Void
    ) async throws {
        let logger = Logger(label: "obrolan.database")
        let cluster = EmbeddedPostgreSQL(
            .init(
                dataDirectory: dataDirectory, connections: connections, isKeptRunning: true,
                log: { logger.warning("\($0)") }))
        do throws(EmbeddedPostgreSQLError) {
            try await cluster.start(unless: isStopWanted)
        } catch {
            if error == .stopped || isStopWanted() { return }
            throw StartError("\(error)")
        }
        do {
            try await body(cluster)
        } catch {
            // The first error is the one to tell; a server that does not stop is taken over by the next start.
            try? await cluster.stop()
            throw error
        }
        try await cluster.stop()
    }
}
