import EmbeddedPostgreSQL
import Logging

/// The database of a program that was given none: it runs as long as the program needs it.
struct PrivateDatabase {
    let dataDirectory: String
    /// How many connections the program has at most.
    let connections: Int

    /// Starts the cluster, calls `body` with it, and stops it when `body` has come back. When it ends meanwhile, also because
    /// somebody has signalled everything of the program's control group, it is started anew at once.
    ///
    /// - Parameters:
    ///   - isStopWanted: asked while the cluster is starting; when it says so the start is given up, and `body` is not called.
    ///   - willStart: is given the cluster before anything of it is started.
    /// - Throws: `StartError` when it cannot be started, or what `body` throws.
    func run(
        unless isStopWanted: @escaping @Sendable () -> Bool, willStart: (EmbeddedPostgreSQL) -> Void,
        _ body: (EmbeddedPostgreSQL) async throws -> Void
    ) async throws {
        let logger = Logger(label: "obrolan.database")
        let cluster = EmbeddedPostgreSQL(
            .init(
                dataDirectory: dataDirectory, connections: connections, isKeptRunning: true,
                log: { logger.warning("\($0)") }))
        willStart(cluster)
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
