import Chat
import PostgreSQL

/// The tables, made when the database is there.
struct TableMaking {
    /// How long is waited for a database that is itself about to start, or to be failed over.
    private static let longestWait: Duration = .seconds(30)
    private static let pause: Duration = .milliseconds(250)

    private let database: PostgresPool
    private let schema: Schema

    init(_ database: PostgresPool, _ schema: Schema) {
        self.database = database
        self.schema = schema
    }

    /// Nil when they are there; else why not.
    func run() async -> SchemaProblem? {
        let end = ContinuousClock.now + Self.longestWait
        while true {
            do throws(SchemaProblem) {
                try await ChatDatabase.prepare(database, schema: schema)
                return nil
            } catch {
                // What was done stays done, and is not done again: also what is not known to be done may be tried again.
                guard case .database(let failure) = error, failure.isTransient || failure.isOutcomeUnknown, .now < end,
                    !Task.isCancelled
                else { return error }
                // The database's log has said why. The sleep ends early when the task is cancelled, which is looked at then.
                try? await Task.sleep(for: Self.pause)
            }
        }
    }
}
