import NonblockingIO
import PostgreSQL
import Synchronization
import Testing

/// Gives `body` a pool on a loop of its own.
func withPool(
    size: Int = 2, _ change: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (PostgresPool) async throws -> Void
) async throws {
    var configuration = PostgresConfiguration(connectionString: try ScratchCluster.connectionString())
    // Long enough for a busy machine; tests of time-outs choose their own.
    configuration.acquireTimeout = .seconds(30)
    configuration.patience = .seconds(30)
    configuration.statementTimeout = .seconds(30)
    configuration.poolSize = size
    change(&configuration)
    let pool = PostgresPool(loop: try EventLoop(label: "test"), configuration: configuration)
    await pool.start()
    do {
        try await body(pool)
    } catch {
        await pool.close()
        throw error
    }
    await pool.close()
}

/// Gives `body` a pool and the name of a schema for its tables.
func withSchema(_ body: (PostgresPool, String) async throws -> Void) async throws {
    try await withPool { pool in
        let schema = "test_\(UInt64.random(in: 0 ... .max))"
        try await pool.execute("CREATE SCHEMA \(schema)")
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(pool, schema)) } catch { outcome = .failure(error) }
        try await pool.execute("DROP SCHEMA \(schema) CASCADE")
        try outcome.get()
    }
}

/// The error that `body` throws.
func postgresError(_ body: () async throws -> Void) async throws -> PostgresError {
    do {
        try await body()
    } catch let error as PostgresError {
        return error
    }
    throw NothingThrown()
}

struct NothingThrown: Error {}

/// A list that several threads add to.
final class Log<Element: Sendable>: Sendable {
    private let state = Mutex<[Element]>([])
    func add(_ element: Element) { state.withLock { $0.append(element) } }
    var all: [Element] { state.withLock { $0 } }
}

/// Something that one task tells others.
final class Flag: Sendable {
    private let state = Atomic<Bool>(false)
    func set() { state.store(true, ordering: .relaxed) }
    var isSet: Bool { state.load(ordering: .relaxed) }
}

enum Statements {
    static let one = PostgresStatement("SELECT 1")
    static let writeOne = PostgresStatement("SELECT 1", lane: .write)
    static let echo = PostgresStatement("SELECT $1")
    static let sleep = PostgresStatement("SELECT pg_sleep($1::int8)")
    static let processID = PostgresStatement("SELECT pg_backend_pid()")
    static let terminate = PostgresStatement("SELECT pg_terminate_backend($1::int4)")
    static let terminateSleepers = PostgresStatement(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = $1 AND pid <> pg_backend_pid() AND state = 'active' AND query LIKE '%pg_sleep%'
        """)
}
