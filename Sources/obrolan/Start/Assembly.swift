import Chat
import HTTP
import HTTPTransport
import Logging
import NonblockingIO
import PostgreSQL

/// The parts of a running site, put together for one database: event loops, connections, news and the server.
struct Assembly {
    let loops: [EventLoop]
    let pools: [PostgresPool]
    private let watchdog: EventLoopWatchdog
    private let database: PostgresConfiguration
    private let lastReason: LastReason

    /// How long requests in progress may take when the site is stopped.
    private static let stopTime: Duration = .seconds(10)

    /// Begins to connect.
    /// - Throws: `StartError` when there are no descriptors for the loops.
    init(databaseURL: String, eventLoops: Int, connections: Int) async throws(StartError) {
        var database = Self.database(databaseURL, connections: connections)
        let log = DatabaseLog()
        let lastReason = LastReason()
        database.log = { message in
            lastReason.set(message)
            log(message)
        }
        self.lastReason = lastReason
        let loops = try StartError.explaining {
            try (0..<eventLoops).map { try EventLoop(label: "obrolan.loop.\($0)") }
        }
        let logger = Logger(label: "obrolan.loop")
        watchdog = EventLoopWatchdog(loops: loops) { event in logger.warning("\(event)") }
        pools = loops.map { PostgresPool(loop: $0, configuration: database) }
        self.loops = loops
        self.database = database
        for pool in pools { await pool.start() }
    }

    /// How the database is used: with so many connections of each loop for what reads.
    static func database(_ url: String, connections: Int) -> PostgresConfiguration {
        var database = PostgresConfiguration(connectionString: url)
        database.poolSize = connections
        database.settings = ChatDatabase.settings
        // A private server that is started anew is there again in one to five seconds.
        database.acquireTimeout = .seconds(3)
        return database
    }

    /// Ends the database's connections.
    func close() async {
        for pool in pools { await pool.close() }
    }

    /// Why there is no connection, as far as that was said.
    var connectionFailure: String? { lastReason.value }

    /// Serves until `stop` comes back: then answers who is there, and ends.
    /// - Parameter isServing: called when clients can connect.
    func serve(
        on sockets: BoundSockets, _ files: SiteFiles, configuration: Configuration, limits: ServerLimits,
        accessLog: (any AccessLog)?, isServing: () -> Void, until stop: () async -> Void
    ) async throws {
        let news = NewsExchange(loops: loops, databases: pools, configuration: database)
        let hosts = OwnHosts(allowed: configuration.allowedHosts, machineName: Environment.machineName)
        let refusals = RefusalLog()
        let logger = Logger(label: "obrolan.server")
        let sites = try StartError.explaining {
            try loops.indices.map { index in
                Site(
                    hosts: hosts, refusals: refusals, files: files.publicFiles,
                    chat: try ChatApplication(
                        loop: loops[index], index: index, database: pools[index], news: news,
                        hasSecureCookies: configuration.hasSecureCookies, refusals: refusals, pages: files.pages))
            }
        }
        let server: HTTPServer
        do throws(SyscallError) {
            server = try HTTPServer(
                sockets: sockets, loops: loops, responders: sites, limits: limits,
                trustedProxies: configuration.trustedProxies, accessLog: accessLog
            ) { notice in logger.warning("\(notice)") }
        } catch {
            throw StartError("\(PortProblem(error, at: sockets.address))")
        }
        await news.start()
        try await server.start()
        isServing()

        await stop()
        async let stopped: Void = server.stop(within: Self.stopTime)
        await news.stop()
        await stopped
        await news.close()
    }
}
