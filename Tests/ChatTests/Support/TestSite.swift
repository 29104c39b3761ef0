import Chat
import FoundationEssentials
import HTMLTemplate
import HTTP
import HTTPTransport
import NonblockingIO
import PostgreSQL
import Testing

/// The whole application on a free port, over a schema of its own: what `obrolan serve` starts.
final class TestSite: Sendable {
    let schema: TestSchema
    let port: UInt16
    private let pools: [PostgresPool]
    private let news: NewsExchange
    private let server: HTTPServer

    // MARK: Life

    private static let turnstile = Turnstile(places: 6)

    /// Runs `body` with a site that has nobody in it yet.
    /// - Parameter share: `.all` for a test that measures time or counts what the process has.
    static func with(
        _ share: Turnstile.Share = .one, hasSecureCookies: Bool = false, trustedProxies: [IPNetwork] = [],
        hosts: OwnHosts = .init(), refusals: RefusalLog = .init(), _ body: (TestSite) async throws -> Void
    ) async throws {
        try await withSchema(share) { schema in
            let site = try await start(
                on: schema, hasSecureCookies: hasSecureCookies, trustedProxies: trustedProxies, hosts: hosts,
                refusals: refusals)
            try await site.runThenStop(body)
        }
    }

    /// Runs `body` with a schema in which there is nothing yet.
    static func withSchema(_ share: Turnstile.Share = .one, _ body: (TestSchema) async throws -> Void) async throws {
        await turnstile.enter(share)
        do {
            let schema = try await TestDatabase.shared.makeSchema()
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
        prepares: Bool = true
    ) async throws -> TestSite {
        var configuration = PostgresConfiguration(
            connectionString: schema.connectionString, settings: ChatDatabase.settings, applicationName: schema.name)
        // Many sites share two processors: what is refused at once by right must not be for want of those.
        configuration.patience = .seconds(10)
        configuration.acquireTimeout = acquireTimeout
        let loops = try (0..<2).map { try EventLoop(label: "test.loop.\($0)") }
        let pools = loops.map { PostgresPool(loop: $0, configuration: configuration) }
        for pool in pools { await pool.start() }
        if prepares { try await ChatDatabase.prepare(pools[0], schema: try Self.tables) }
        // Every schema's ids are its own: rooms of other tests on the same database are heard of, too.
        for table in ["users", "rooms"] {
            _ = try await pools[0].query(
                PostgresStatement(
                    """
                    SELECT setval(pg_get_serial_sequence('\(table)', 'id'), $1)
                    WHERE NOT EXISTS (SELECT FROM \(table))
                    """, lane: .write), [.int(schema.number * 1_000)])
        }
        let news = NewsExchange(loops: loops, databases: pools, configuration: configuration)
        let files = try StaticFiles(directory: "\(root)/Public")
        let pages = try pages.get()
        let responders = try loops.indices.map { index in
            Responder(
                door: FrontDoor(
                    hosts: hosts, refusals: refusals,
                    chat: try ChatApplication(
                        loop: loops[index], index: index, database: pools[index], news: news,
                        hasSecureCookies: hasSecureCookies, refusals: refusals, pages: { pages }),
                    files: { files.response(to: $0) }))
        }
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let server = try HTTPServer(
            address: address, loops: loops, responders: responders, trustedProxies: trustedProxies)
        await news.start()
        try await server.start()
        return TestSite(schema: schema, pools: pools, news: news, server: server)
    }

    private init(schema: TestSchema, pools: [PostgresPool], news: NewsExchange, server: HTTPServer) {
        self.schema = schema
        self.pools = pools
        self.news = news
        self.server = server
        port = server.address.port
    }

    /// As the program stops on SIGTERM.
    func stop() async {
        async let stopped: Void = server.stop(within: .seconds(10))
        await news.stop()
        await stopped
        await news.close()
        for pool in pools { await pool.close() }
    }

    private struct Responder: HTTPResponder {
        let door: FrontDoor

        func respond(to request: HTTPRequest) async -> HTTPResponse { await door.respond(to: request) }
    }

    // MARK: Files

    /// The project's folder.
    static let root = #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" }

    /// What makes and upgrades the tables.
    static var tables: Schema {
        get throws { try Schema(file: "\(root)/schema.sql") }
    }

    /// Compiled once for all tests.
    private static let pages = Result {
        try Pages(
            TemplateLibrary(directory: "\(root)/Templates"),
            assets: PageAssets(styleSheet: "/css/style.css", script: "/js/chat.js"))
    }

    // MARK: The database

    func query(_ sql: String, _ parameters: [PostgresParameter] = []) async throws -> PostgresResult {
        try await pools[0].query(PostgresStatement(sql, lane: .write), parameters)
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
    func insertMessages(_ count: Int, by sender: Int64, in room: Int64) async throws -> [Int64] {
        try await query(
            """
            INSERT INTO messages (room_id, sender_id, content)
            SELECT $1, $2, 'message ' || n FROM generate_series(1, $3::bigint) AS n ORDER BY n RETURNING id
            """, [.int(room), .int(sender), .int(Int64(count))]
        ).map { try $0.int(0) }
    }
}
