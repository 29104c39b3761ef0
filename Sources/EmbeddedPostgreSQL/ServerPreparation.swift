import Glibc

extension Server {
    /// Finds out where the cluster is, with what it runs and as whom, takes its locks, and makes it if there is none.
    static func prepare(
        _ configuration: EmbeddedPostgreSQL.Configuration,
        _ programs: RunningPrograms,
        unless isStopWanted: @escaping @Sendable () -> Bool
    ) throws(EmbeddedPostgreSQLError) -> (server: Server, locks: [LockFile]) {
        guard configuration.dataDirectory.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw .invalidPath(path: configuration.dataDirectory)
        }
        try FileSystem.makeDirectories(configuration.dataDirectory)
        let directory = try FileSystem.realPath(configuration.dataDirectory)
        var locks = [try LockFile("\(directory)/lock", for: directory)]
        let log = try ServerLog("\(directory)/postgresql.log")
        let runner = ProgramRunner(log: log, programs: programs, isStopWanted: isStopWanted)
        let location = try ClusterLocation.find(for: directory, runner: runner)
        if let lock = location.lock { locks.append(lock) }
        if let account = location.account {
            // A later start may be that user's own.
            try FileSystem.give(log.descriptor, log.path, to: account)
            for lock in locks { try FileSystem.give(lock.descriptor, lock.path, to: account) }
        }
        let server = Server(
            location: location,
            programs: try ServerPrograms.find(in: configuration.binaryDirectory, for: location, runner: runner),
            runner: runner,
            isDurable: configuration.durable,
            connections: configuration.connections,
            settings: configuration.settings,
            patience: configuration.patience,
            report: configuration.log
        )
        if location.version == nil { try server.makeCluster() }
        return (server, locks)
    }
}
