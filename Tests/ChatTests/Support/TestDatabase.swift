import EmbeddedPostgreSQL
import FoundationEssentials
import NonblockingIO
import PostgreSQL

/// The PostgreSQL of this process: that of DATABASE_URL, or a scratch cluster that is gone when the process is.
actor TestDatabase {
    static let shared = TestDatabase()

    private var started: Task<Server, any Error>?
    private var schemaCount: Int64 = 0

    private struct Server: Sendable {
        let connectionString: String
        let pool: PostgresPool
        /// Keeps the cluster's lock.
        let cluster: EmbeddedPostgreSQL?
    }

    /// The server's connection string, without a schema.
    var connectionString: String { get async throws { try await server.connectionString } }

    /// Runs a statement beside all sites.
    func query(_ sql: String, _ parameters: [PostgresParameter] = []) async throws -> PostgresResult {
        try await server.pool.query(PostgresStatement(sql, lane: .write), parameters)
    }

    /// Makes a schema, without tables; `dropSchema` ends it.
    func makeSchema() async throws -> TestSchema {
        let server = try await server
        schemaCount += 1
        // Its own, also when others come while this one waits.
        let number = schemaCount
        // Several runs may share the database of DATABASE_URL.
        let name = "test_\(ProcessInfo.processInfo.processIdentifier)_\(number)"
        _ = try await query("CREATE SCHEMA \(name)")
        return TestSchema(
            name: name, number: number, connectionString: Self.setting(name, in: server.connectionString))
    }

    /// The same schema, seen by another role, however the server lets people in.
    func schema(_ schema: TestSchema, as role: String) async throws -> TestSchema {
        try await TestSchema(
            name: schema.name, number: schema.number,
            connectionString: Self.setting(
                schema.name, role: role,
                in: server.connectionString + (schema.isApart ? " dbname=\(schema.name)" : "")),
            isApart: schema.isApart)
    }

    /// The same in a database of its own, where that can be had: an index that is made CONCURRENTLY waits for whoever is at
    /// work in the same database, and other tests hold transactions open.
    func makeSchemaApart() async throws -> TestSchema {
        let schema = try await makeSchema()
        let connectionString = try await server.connectionString
        guard !connectionString.contains("://") else { return schema }
        _ = try await query("CREATE DATABASE \(schema.name)")
        let apart = TestSchema(
            name: schema.name, number: schema.number,
            connectionString: Self.setting(schema.name, in: "\(connectionString) dbname=\(schema.name)"), isApart: true)
        try await apart.execute("CREATE SCHEMA \(schema.name)")
        return apart
    }

    func dropSchema(_ schema: TestSchema) async throws {
        if schema.isApart { _ = try await query("DROP DATABASE \(schema.name) WITH (FORCE)") }
        _ = try await query("DROP SCHEMA \(schema.name) CASCADE")
    }

    private var server: Server {
        get async throws {
            let task = started ?? Task { try await Self.start() }
            started = task
            return try await task.value
        }
    }

    private static func start() async throws -> Server {
        var cluster: EmbeddedPostgreSQL?
        let connectionString: String
        if let given = ProcessInfo.processInfo.environment["DATABASE_URL"], !given.isEmpty {
            connectionString = given
        } else {
            let started = try await startCluster().cluster
            connectionString = started.connectionString
            cluster = started
        }
        let loop = try EventLoop(label: "test.database")
        let pool = PostgresPool(
            loop: loop,
            configuration: PostgresConfiguration(
                connectionString: connectionString, acquireTimeout: .patience, patience: .patience,
                poolSize: 1))
        await pool.start()
        return Server(connectionString: connectionString, pool: pool, cluster: cluster)
    }

    /// A cluster of its own in a temporary directory. It is not durable, and has connections for many sites.
    /// - Returns: the cluster, and the folder that has its `postmaster.pid`.
    static func startCluster() async throws -> (cluster: EmbeddedPostgreSQL, folder: String) {
        let directory = try Watchdog.makeDirectory()
        let cluster = EmbeddedPostgreSQL(
            .init(dataDirectory: "\(directory)/data", durable: false, settings: ["max_connections": "1000"]))
        try await cluster.start()
        return (cluster, "\(directory)/data/postgresql")
    }

    /// The connection string with that schema before all others.
    private static func setting(_ schema: String, role: String? = nil, in connectionString: String) -> String {
        let options = "-c search_path=\(schema) -c statement_timeout=10000" + (role.map { " -c role=\($0)" } ?? "")
        guard connectionString.contains("://") else { return "\(connectionString) options='\(options)'" }
        let encoded = Client.encode(options)
        return connectionString + (connectionString.contains("?") ? "&" : "?") + "options=\(encoded)"
    }
}

/// One test's schema.
struct TestSchema: Sendable {
    let name: String
    let number: Int64
    let connectionString: String
    /// Whether it is in a database of its own, which has its name.
    var isApart = false
}
