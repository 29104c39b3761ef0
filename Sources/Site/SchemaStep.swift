import Chat
import PostgreSQL

/// The tables, made when the database is there.
struct SchemaStep {
    /// How long is waited for a database that is itself about to start, or to be failed over.
    private static let longestWait: Duration = .seconds(30)
    private static let pause: Duration = .milliseconds(250)

    private let database: PostgresPool
    private let schema: String

    init(_ database: PostgresPool, _ schema: String) {
        self.database = database
        self.schema = schema
    }

    /// Nil when they are there; else why not.
    func run() async -> PostgresError? {
        let end = ContinuousClock.now + Self.longestWait
        while true {
            do throws(PostgresError) {
                try await ChatDatabase.prepare(database, schema: schema)
                return nil
            } catch {
                guard error.isTransient, .now < end, !Task.isCancelled else { return error }
                // The database's log has said why. The sleep ends early when the task is cancelled, which is looked at then.
                try? await Task.sleep(for: Self.pause)
            }
        }
    }
}
