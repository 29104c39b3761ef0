import Chat
import EmbeddedPostgreSQL
import FoundationEssentials
import HTMLTemplate
import HTTP
import HTTPTransport
import Logging
import NonblockingIO
import PostgreSQL

/// The program's parts, put together: starts them, waits for the signal to stop, stops them.
struct Server {
    let configuration: Configuration

    init(_ configuration: Configuration) { self.configuration = configuration }

    /// - Throws: `StartError` when something that it needs is missing.
    func run() async throws {
        let level = configuration.logLevel
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return LineLogHandler(handler)
        }
        Syscalls.raiseDescriptorLimit()
        let signals = StopSignals()
        let (files, pages) = try StartError.explaining { try loadFiles() }
        let schema = try StartError.explaining { try String(contentsOfFile: configuration.schema, encoding: .utf8) }

        guard let databaseURL = configuration.databaseURL else {
            let database = PrivateDatabase(
                dataDirectory: configuration.dataDirectory, eventLoops: configuration.eventLoops,
                databaseConnections: configuration.databaseConnections)
            return try await database.run(unless: signals.areThere) { cluster in
                try await serve(
                    databaseURL: cluster.connectionString, schema: schema, files: files, pages: pages, until: signals)
            }
        }
        try await serve(databaseURL: databaseURL, schema: schema, files: files, pages: pages, until: signals)
    }

    // MARK: Parts

    private typealias Files = @Sendable () throws -> StaticFiles
    private typealias PagesSource = @Sendable () throws -> Pages

    /// Reads files and templates, now or, while somebody works on them, each time.
    private func loadFiles() throws -> (Files, PagesSource) {
        let files = try StaticFiles(directory: configuration.publicFiles)
        let directory = configuration.templates
        let assets = PageAssets(
            styleSheet: files.versionedURL(of: "/css/style.css") ?? "/css/style.css",
            script: files.versionedURL(of: "/js/chat.js") ?? "/js/chat.js")
        let pages = try Pages(TemplateLibrary(directory: directory), assets: assets)
        guard configuration.reloads else { return ({ files }, { pages }) }
        let publicFiles = configuration.publicFiles
        let plain = PageAssets(styleSheet: "/css/style.css", script: "/js/chat.js")
        return (
            { try StaticFiles(directory: publicFiles) },
            { try Pages(TemplateLibrary(directory: directory), assets: plain) }
        )
    }

    /// How long is waited for a database that is itself about to start, or to be failed over.
    private static let longestWaitForDatabase: Duration = .seconds(30)
    private static let pauseBetweenAttempts: Duration = .milliseconds(250)

    private func apply(_ schema: String, to database: PostgresPool, unless signals: StopSignals) async throws {
        let end = ContinuousClock.now + Self.longestWaitForDatabase
        while true {
            do {
                return try await ChatDatabase.prepare(database, schema: schema)
            } catch {
                guard error.isTransient, .now < end, !signals.haveCome else { throw error }
                // The database's log has said why.
                try await Task.sleep(for: Self.pauseBetweenAttempts)
            }
        }
    }

    private func serve(
        databaseURL: String, schema: String, files: @escaping Files, pages: @escaping PagesSource,
        until signals: StopSignals
    ) async throws {
        var database = PostgresConfiguration(connectionString: databaseURL)
        database.poolSize = configuration.databaseConnections
        database.settings = ChatDatabase.settings
        let log = DatabaseLog()
        database.log = { log($0) }
        let loops = try StartError.explaining {
            try (0..<configuration.eventLoops).map { try EventLoop(label: "obrolan.loop.\($0)") }
        }
        let pools = loops.map { PostgresPool(loop: $0, configuration: database) }
        for pool in pools { await pool.start() }
        do {
            try await apply(schema, to: pools[0], unless: signals)
        } catch {
            for pool in pools { await pool.close() }
            throw StartError("The database cannot be used: \(String(reflecting: error))")
        }
        let news = NewsExchange(loops: loops, databases: pools, configuration: database)
        let accessLog = AccessLogger()
        let hosts = OwnHosts(allowed: configuration.allowedHosts, machineName: Environment.machineName)
        let refusals = RefusalLog()
        let server = try StartError.explaining {
            let sites = try loops.indices.map { index in
                Site(
                    hosts: hosts, refusals: refusals, files: files,
                    chat: try ChatApplication(
                        loop: loops[index], index: index, database: pools[index], news: news,
                        hasSecureCookies: configuration.hasSecureCookies, refusals: refusals, pages: pages))
            }
            return try HTTPServer(
                address: configuration.address, loops: loops, responders: sites, limits: configuration.limits,
                trustedProxies: configuration.trustedProxies, accessLog: accessLog)
        }
        await news.start()
        try await server.start()
        print("Obrolan serves on http://\(server.address)")
        flushOutput()

        await signals.first()
        async let stopped: Void = server.stop(within: .seconds(10))
        await news.stop()
        await stopped
        await news.close()
        for pool in pools { await pool.close() }
        await accessLog?.flush()
    }
}
