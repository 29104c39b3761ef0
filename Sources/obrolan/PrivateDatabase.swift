import EmbeddedPostgreSQL
import Logging

/// The database of a program that was given none: it runs as long as the program needs it.
struct PrivateDatabase {
    let dataDirectory: String

    private static let pauseBetweenLooks: Duration = .seconds(2)

    /// Starts the cluster, calls `body` with it, and stops it. When it dies meanwhile, it is started anew.
    /// - Parameters:
    ///   - isStopWanted: when it says so after the start, `body` is not called.
    ///   - willStart: is given the cluster before anything of it is started.
    /// - Throws: `StartError` when it cannot be started, or what `body` throws.
    func run(
        unless isStopWanted: @escaping @Sendable () -> Bool, willStart: (EmbeddedPostgreSQL) -> Void,
        _ body: (EmbeddedPostgreSQL) async throws -> Void
    ) async throws {
        let cluster = EmbeddedPostgreSQL(.init(dataDirectory: dataDirectory))
        willStart(cluster)
        do {
            try await cluster.start()
        } catch {
            throw StartError("\(error)")
        }
        if isStopWanted() { return try await cluster.stop() }
        let supervisor = Task { await supervise(cluster) }
        func stop() async throws {
            supervisor.cancel()
            await supervisor.value
            try await cluster.stop()
        }
        do {
            try await body(cluster)
        } catch {
            try await stop()
            throw error
        }
        try await stop()
    }

    private func supervise(_ cluster: EmbeddedPostgreSQL) async {
        let logger = Logger(label: "obrolan.database")
        // The sleep throws only when the task is cancelled.
        while (try? await Task.sleep(for: Self.pauseBetweenLooks)) != nil {
            do {
                try await cluster.start()
            } catch {
                logger.error("the private PostgreSQL has died and cannot be started: \(error)")
            }
        }
    }
}
