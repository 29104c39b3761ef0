import Chat
import EmbeddedPostgreSQL
import HTTPTransport
import Logging
import NonblockingIO
import PostgreSQL

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
        let files = try StartError.explaining { try SiteFiles(configuration) }
        let schema = try StartError.explaining { try Schema(file: configuration.schema) }
        let capacity = try Capacity(
            eventLoops: configuration.eventLoops,
            databaseConnections: Capacity.databaseConnections(
                eventLoops: configuration.eventLoops,
                ofLoop: Assembly.database("", connections: configuration.databaseConnections).maximumConnections),
            clientConnections: configuration.limits.maxConnections, descriptorLimit: Syscalls.descriptorLimit,
            openDescriptors: StartError.explaining { try Syscalls.openDescriptorCount() })
        let sockets = try bind()
        // A user that cannot be is told before anything is started for it; a private cluster's owner is not known yet.
        if configuration.user != nil || configuration.databaseURL != nil {
            _ = try Privileges.choose(requested: configuration.user, ownerOfCluster: nil)
        }

        let phases = Phases(start: self, files: files, schema: schema, capacity: capacity, sockets: sockets)
        guard let databaseURL = configuration.databaseURL else {
            let database = PrivateDatabase(
                dataDirectory: configuration.dataDirectory, connections: capacity.databaseConnections)
            return try await database.run(unless: signals.areThere) { cluster in
                signals.beforeEndAtOnce { cluster.endAtOnce() }
            } _: { cluster in
                let owner = cluster.account.map { SystemUser.with(uid: $0.uid, gid: $0.gid) }
                try await phases.serve(databaseURL: cluster.connectionString, ownerOfCluster: owner)
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
        let schema: Schema
        let capacity: Capacity
        let sockets: BoundSockets

        func serve(databaseURL: String, ownerOfCluster owner: SystemUser?) async throws {
            let configuration = start.configuration
            if let user = try Privileges.choose(requested: configuration.user, ownerOfCluster: owner) {
                try Privileges.become(user)
                start.logger.notice("started as root; from here on the program runs as the user \(user.name)")
                if configuration.reloads { try files.check(readableBy: user) }
            }
            let site = try await Assembly(
                databaseURL: databaseURL, eventLoops: capacity.eventLoops,
                connections: configuration.databaseConnections)
            do {
                if try await start.prepare(site, schema) { try await serve(site) }
            } catch {
                await site.close()
                throw error
            }
            await site.close()
        }

        private func serve(_ site: Assembly) async throws {
            var limits = start.configuration.limits
            limits.maxConnections = capacity.clientConnections
            try await site.serve(
                on: sockets, files, configuration: start.configuration, limits: limits,
                accessLog: start.configuration.logLevel <= .info ? start.log : nil
            ) {
                start.logger.notice("\(capacity)")
                Announcement.print("Obrolan serves on http://\(sockets.address)")
            } until: {
                await start.signals.first()
            }
        }
    }

    /// Makes the tables or upgrades them.
    /// - Returns: false when there is a signal to stop before that is done.
    /// - Throws: `StartError`, a sentence.
    private func prepare(_ site: Assembly, _ schema: Schema) async throws -> Bool {
        enum Outcome {
            case prepared(SchemaProblem?)
            case stopped
        }
        let outcome = await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await .prepared(TableMaking(site.pools[0], schema).run()) }
            group.addTask {
                await signals.first()
                return .stopped
            }
            let first = await group.next() ?? .stopped
            // What waits for the database waits no longer than its connections are there.
            if case .stopped = first { await site.close() }
            group.cancelAll()
            return first
        }
        switch outcome {
        case .stopped: return false
        case .prepared(nil): return true
        case .prepared(let error?):
            if signals.haveCome { return false }
            throw StartError(
                "\(DatabaseProblem(error, reason: site.connectionFailure, user: SystemUser.current.name))")
        }
    }
}

/// The tables, made when the database is there.
private struct TableMaking {
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
