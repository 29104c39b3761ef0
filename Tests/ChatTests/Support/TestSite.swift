import Chat
import ChatWeb
import FoundationEssentials
import NonblockingIO
import PostgreSQL
import Site
import Testing

/// The whole application on a free port, over a schema of its own: what `obrolan serve` starts.
final class TestSite: Sendable {
    let schema: TestSchema
    let port: UInt16
    private let site: RunningSite
    /// For the test's own statements.
    private let database: PostgresPool

    // MARK: Life

    private static let turnstile = Turnstile(places: 6)

    /// Runs `body` with a site that has nobody in it yet.
    /// - Parameter share: `.all` for a test that measures time or counts what the process has.
    static func with(
        _ share: Turnstile.Share = .one, hasSecureCookies: Bool = false, trustedProxies: [IPNetwork] = [],
        hosts: OwnHosts = .init(), refusals: RefusalLog = .init(), editWindow: Duration = ChatLimits.editWindow,
        _ body: (TestSite) async throws -> Void
    ) async throws {
        try await withSchema(share) { schema in
            let site = try await start(
                on: schema, hasSecureCookies: hasSecureCookies, trustedProxies: trustedProxies, hosts: hosts,
                refusals: refusals, editWindow: editWindow)
            try await site.runThenStop(body)
        }
    }

    /// Runs `body` with a schema in which there is nothing yet.
    /// - Parameter apart: whether it is to be in a database of its own.
    static func withSchema(
        _ share: Turnstile.Share = .one, apart: Bool = false, _ body: (TestSchema) async throws -> Void
    ) async throws {
        await turnstile.enter(share)
        do {
            let schema = try await apart ? TestDatabase.shared.makeSchemaApart() : TestDatabase.shared.makeSchema()
            do {
                try await body(schema)
            } catch {
                try await TestDatabase.shared.dropSchema(schema)
                throw error
            }
            try await TestDatabase.shared.dropSchema(schema)
        } catch {
            await turnstile.leave(share)
            throw error
        }
        await turnstile.leave(share)
    }

    /// Runs `body` with another process on the same database: only PostgreSQL is common to the two.
    func withOtherProcess(_ body: (TestSite) async throws -> Void) async throws {
        try await Self.start(on: schema).runThenStop(body)
    }

    func runThenStop(_ body: (TestSite) async throws -> Void) async throws {
        do {
            try await body(self)
        } catch {
            await stop()
            throw error
        }
        await stop()
    }

    /// - Parameter prepares: whether the tables are made or upgraded before, as by the program.
    static func start(
        on schema: TestSchema, hasSecureCookies: Bool = false, trustedProxies: [IPNetwork] = [],
        hosts: OwnHosts = .init(), refusals: RefusalLog = .init(), acquireTimeout: Duration = .patience,
        editWindow: Duration = ChatLimits.editWindow, prepares: Bool = true
    ) async throws -> TestSite {
        var database = PostgresConfiguration(
            connectionString: schema.connectionString, settings: ChatDatabase.settings, applicationName: schema.name)
        // Many sites share two processors: what is refused at once by right must not be for want of those.
        database.patience = .seconds(10)
        database.acquireTimeout = acquireTimeout
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        var settings = SiteSettings(
            sockets: try BoundSockets(address, count: 2), database: database, files: try files.get())
        settings.makesTables = prepares
        settings.hosts = hosts
        settings.refusals = refusals
        settings.editWindow = editWindow
        settings.hasSecureCookies = hasSecureCookies
        settings.trustedProxies = trustedProxies
        let site = TestSite(
            schema: schema, site: try await Site.start(settings),
            database: PostgresPool(
                loop: try EventLoop(label: "test.site"),
                configuration: PostgresConfiguration(
                    connectionString: schema.connectionString, acquireTimeout: .patience, patience: .patience,
                    poolSize: 1, settings: ChatDatabase.settings)))
        await site.database.start()
        // Every schema's ids are its own: rooms of other tests on the same database are heard of, too.
        for table in ["users", "rooms"] {
            _ = try await site.query(
                """
                SELECT setval(pg_get_serial_sequence('\(table)', 'id'), $1) WHERE NOT EXISTS (SELECT FROM \(table))
                """, [.int(schema.number * 1_000)])
        }
        return site
    }

    private init(schema: TestSchema, site: RunningSite, database: PostgresPool) {
        self.schema = schema
        self.site = site
        self.database = database
        port = site.address.port
    }

    /// As the program stops on SIGTERM.
    func stop() async {
        await site.stop()
        await database.close()
    }

    // MARK: Files

    /// The project's folder.
    static let root = #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" }

    /// What makes and upgrades the tables.
    static var tables: Schema {
        get throws { try Schema(file: "\(root)/schema.sql") }
    }

    /// Read once for all tests.
    private static let files = Result {
        try SiteFiles(
            publicFolder: "\(root)/Public", templates: "\(root)/Templates", schema: "\(root)/schema.sql", reloads: false
        )
    }

    // MARK: The database

    func query(_ sql: String, _ parameters: [PostgresParameter] = []) async throws -> PostgresResult {
        try await database.query(PostgresStatement(sql, lane: .write), parameters)
    }

    /// The number that a statement gives.
    func int(_ sql: String, _ parameters: [PostgresParameter] = []) async throws -> Int64 {
        try #require(try await query(sql, parameters).first).int(0)
    }

    // MARK: People

    /// Sends a request as it stands, for what no `Client` would send.
    func exchange(_ request: String, method: String) async throws -> Response {
        let port = port
        return try await Blocking.run {
            let socket = try ClientSocket(port: port)
            try socket.send(Array(request.utf8))
            return try Response(parsing: try socket.readToEnd(within: .patience), method: method)
        }
    }

    /// Somebody who is not logged in.
    func visitor(cookie: String? = nil) -> Client { Client(port: port, cookie: cookie) }

    /// Registers somebody; the client is logged in.
    func person(_ name: String) async throws -> Client {
        let client = visitor()
        let response = try await client.post("/register", ["username": name], as: .json)
        try #require(response.status == 201, "\(response)")
        return client
    }

    func people(_ names: String...) async throws -> [Client] {
        var people: [Client] = []
        for name in names { people.append(try await person(name)) }
        return people
    }
}

extension TestSite {
    /// Stores messages without the application, `message 1` and so on; gives their ids.
    /// - Parameter length: of each, in letters, at least.
    func insertMessages(_ count: Int, by sender: Int64, in room: Int64, length: Int = 0) async throws -> [Int64] {
        try await query(
            """
            INSERT INTO messages (room_id, sender_id, content)
            SELECT $1, $2, rpad('message ' || n, greatest($4::int, length('message ' || n)), '.')
            FROM generate_series(1, $3::bigint) AS n ORDER BY n RETURNING id
            """, [.int(room), .int(sender), .int(Int64(count)), .int(Int64(length))]
        ).map { try $0.int(0) }
    }
}
