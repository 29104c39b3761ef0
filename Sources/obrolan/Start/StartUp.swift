import ChatWeb
import EmbeddedPostgreSQL
import HTTPTransport
import Logging
import NonblockingIO
import PostgreSQL
import Site

/// The phases of the program, in their order: what can be told to be wrong at once comes first, and what takes time last.
///
/// Files, then the port, then the database, then an unprivileged user, then the tables, then clients. A signal to stop is
/// heeded in each of them.
struct StartUp {
    let configuration: Configuration
    let log: ProgramLog
    let signals: StopSignals
    private let logger = Logger(label: "obrolan")

    init(_ configuration: Configuration, log: ProgramLog, signals: StopSignals) {
        self.configuration = configuration
        self.log = log
        self.signals = signals
    }

    /// Comes back after an orderly stop.
    /// - Throws: `StartError` when something that the program needs is missing.
    func run() async throws {
        for warning in configuration.warnings { logger.warning("\(warning)") }
        Syscalls.raiseDescriptorLimit()
        let files = try StartError.explaining {
            try SiteFiles(
                publicFolder: configuration.publicFiles, templates: configuration.templates,
                schema: configuration.schema, reloads: configuration.reloads)
        }
        let capacity = try Capacity(
            eventLoops: configuration.eventLoops,
            databaseConnections: Capacity.databaseConnections(
                eventLoops: configuration.eventLoops,
                ofLoop: Self.database("", connections: configuration.databaseConnections).maximumConnections),
            clientConnections: configuration.limits.maxConnections, descriptorLimit: Syscalls.descriptorLimit,
            openDescriptors: StartError.explaining { try Syscalls.openDescriptorCount() })
        let sockets = try bind()
        // A user that cannot be is told before anything is started for it; a private cluster's owner is not known yet.
        if configuration.user != nil || configuration.databaseURL != nil {
            _ = try Privileges.choose(requested: configuration.user, ownerOfCluster: nil)
        }

        let phases = Phases(start: self, files: files, capacity: capacity, sockets: sockets)
        guard let databaseURL = configuration.databaseURL else {
            let database = PrivateDatabase(
                dataDirectory: configuration.dataDirectory, connections: capacity.databaseConnections)
            return try await database.run(unless: signals.areThere) { cluster in
                signals.beforeEndAtOnce { cluster.endAtOnce() }
            } _: { cluster in
                try await phases.serve(databaseURL: cluster.connectionString, ownerOfCluster: cluster.account)
            }
        }
        try await phases.serve(databaseURL: databaseURL, ownerOfCluster: nil)
    }

    private func bind() throws(StartError) -> BoundSockets {
        do throws(SyscallError) {
            return try BoundSockets(configuration.address, count: configuration.eventLoops)
        } catch {
            throw StartError("\(PortProblem(error, at: configuration.address))")
        }
    }

    // MARK: With a database

    /// What remains to be done when there is a database to connect to.
    private struct Phases {
        let start: StartUp
        let files: SiteFiles
        let capacity: Capacity
        let sockets: BoundSockets

        func serve(databaseURL: String, ownerOfCluster owner: SystemUser?) async throws {
            let configuration = start.configuration
            if let user = try Privileges.choose(requested: configuration.user, ownerOfCluster: owner) {
                try Privileges.become(user)
                start.logger.notice("started as root; from here on the program runs as the user \(user.name)")
                if configuration.reloads { try files.check(readableBy: user) }
            }
            guard let site = try await start.begin(settings(databaseURL)) else { return }
            start.logger.notice("\(capacity)")
            Announcement.print("Obrolan serves on http://\(sockets.address)")
            await start.signals.first()
            await site.stop()
        }

        private func settings(_ databaseURL: String) -> SiteSettings {
            let configuration = start.configuration
            var settings = SiteSettings(
                sockets: sockets,
                database: StartUp.database(databaseURL, connections: configuration.databaseConnections),
                files: files)
            settings.hosts = OwnHosts(allowed: configuration.allowedHosts, machineName: Environment.machineName)
            settings.roomCache = configuration.roomCache
            settings.editWindow = configuration.editWindow
            settings.hasSecureCookies = configuration.hasSecureCookies
            settings.trustedProxies = configuration.trustedProxies
            settings.limits = configuration.limits
            settings.limits.maxConnections = capacity.clientConnections
            settings.accessLog = configuration.logLevel <= .info ? start.log : nil
            return settings
        }
    }

    /// How the database is used: with so many connections of each loop for what reads.
    private static func database(_ url: String, connections: Int) -> PostgresConfiguration {
        let log = DatabaseLog()
        var database = PostgresConfiguration(connectionString: url) { log($0) }
        database.poolSize = connections
        // A private server that is started anew is there again in one to five seconds.
        database.acquireTimeout = .seconds(3)
        return database
    }

    /// Starts the site, unless there is a signal to stop before that is done: then there is none.
    /// - Throws: `StartError`, a sentence.
    private func begin(_ settings: SiteSettings) async throws -> RunningSite? {
        let outcome = await withTaskGroup(of: Result<RunningSite, SiteError>?.self) { group in
            group.addTask { () async -> Result<RunningSite, SiteError>? in
                do throws(SiteError) {
                    return .success(try await Site.start(settings))
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                await signals.first()
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            // One that was there before it heard of the signal.
            if first == nil, case .success(let site)?? = await group.next() { await site.stop() }
            return first
        }
        switch outcome {
        case nil: return nil
        case .success(let site): return site
        case .failure(let error):
            if signals.haveCome { return nil }
            throw StartError(error, at: settings.sockets.address)
        }
    }
}
