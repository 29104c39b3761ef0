import Glibc

/// The server of one cluster, and what is needed to make the cluster and to start the server, resolved: a later start
/// needs neither the data directory's path nor root's rights. Everything blocks its thread.
struct Server: Sendable {
    /// The superuser and the database, both made here.
    static let name = "obrolan"

    var location: ClusterLocation
    var programs: ServerPrograms
    var runner: ProgramRunner
    var isDurable: Bool
    /// How many connections it has to take.
    var connections: Int
    var settings: [String: String]
    var patience: ServerPatience
    /// Takes a line for the operator.
    var report: @Sendable (String) -> Void

    var log: ServerLog { runner.log }

    /// A server that takes connections.
    struct Running: Sendable {
        var process: WatchedProcess
        var file: PostmasterFile
        /// Whether a program that is gone had started it.
        var isTakenOver: Bool
    }

    // MARK: The cluster

    /// Makes the cluster beside its place and then renames it, so that a kill leaves either none or a whole one.
    func makeCluster() throws(EmbeddedPostgreSQLError) {
        let unfinished = "\(location.path).new"
        _ = try runner.run(["rm", "-rf", "--", unfinished], as: nil)
        try FileSystem.makePrivateDirectory(unfinished, for: location.account)

        let mark = log.end
        let locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
        if let locale { freelocale(locale) }
        var command = [
            programs.path("initdb"), "--pgdata=\(unfinished)", "--username=\(Self.name)", "--encoding=UTF8",
            locale == nil ? "--locale=C" : "--locale=C.UTF-8", "--data-checksums", "--auth=trust", "--no-instructions",
        ]
        if !isDurable { command.append("--no-sync") }
        guard try runner.run(command, as: location.account) == 0 else {
            throw failure(since: mark) { .initializationFailed(log: $0) }
        }
        guard rename(unfinished, location.path) == 0 else { throw FileSystem.failure("rename", unfinished) }
        let parent = location.path.lastIndex(of: "/").map { String(location.path[..<$0]) } ?? "/"
        if isDurable { try FileSystem.synchronize(directory: parent) }
    }

    /// Makes the database unless it exists. This is also the proof that this program can connect.
    func makeDatabase(_ postmaster: PostmasterFile) throws(EmbeddedPostgreSQLError) {
        let mark = log.end
        let exists = try query("select count(*) from pg_database where datname = '\(Self.name)'", postmaster)
        if exists == "1\n" { return }
        guard exists == "0\n", try query("create database \(Self.name)", postmaster) != nil else {
            throw .databaseUnavailable(log: log.tail(from: mark))
        }
    }

    /// How many connections a running server takes.
    func maxConnections(_ postmaster: PostmasterFile) throws(EmbeddedPostgreSQLError) -> Int {
        let mark = log.end
        guard let answer = try query("show max_connections", postmaster), let number = Int(answer.dropLast()) else {
            throw .databaseUnavailable(log: log.tail(from: mark))
        }
        return number
    }

    private func query(_ sql: String, _ postmaster: PostmasterFile) throws(EmbeddedPostgreSQLError) -> String? {
        try runner.output(
            of: [
                programs.path("psql"), "--no-psqlrc", "--no-password", "--quiet", "--tuples-only", "--no-align",
                "--host=\(postmaster.socketDirectory)", "--port=\(postmaster.port)", "--username=\(Self.name)",
                "--dbname=postgres", "--command=\(sql)",
            ])
    }

    // MARK: The command

    /// The settings are arguments, not lines of `postgresql.conf`: they follow this version's code, not the one that
    /// made the cluster, and need no quoting.
    func command(_ sockets: String) -> [String] {
        var values = [
            "max_connections": "\(maxConnections)", "shared_buffers": "64MB", "min_wal_size": "32MB",
            "max_wal_size": "256MB",
            "timezone": "UTC", "log_timezone": "UTC", "log_min_messages": "log", "log_checkpoints": "off",
            // Compiling a query pays off for analyses of seconds, and costs each connection some megabytes.
            "jit": "off",
        ]
        if !isDurable {
            values.merge(["fsync": "off", "full_page_writes": "off"]) { $1 }
        }
        values.merge(settings) { $1 }
        // Not for the caller to change: they keep the server private, and let this program find it.
        values.merge([
            "listen_addresses": "", "port": SocketDirectory.port, "unix_socket_directories": sockets,
            "unix_socket_permissions": "0700", "log_destination": "stderr", "logging_collector": "off",
        ]) { $1 }
        let arguments = values.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
        return [programs.path("postgres"), "-D", location.path] + arguments
    }

    /// Of these, psql and a backup have 15, of which `superuser_reserved_connections` are 3.
    private var maxConnections: Int { max(100, connections + 15) }

    /// What a server that was left running has to take at least.
    var wantedConnections: Int { settings["max_connections"].flatMap { Int($0) } ?? maxConnections }

    /// The error of a program that has failed, in words where it is the kernel that has no room.
    func failure(
        since mark: Int,
        _ other: (String) -> EmbeddedPostgreSQLError
    ) -> EmbeddedPostgreSQLError {
        let tail = log.tail(from: mark)
        // The messages of sysv_shmem.c, posix_sema.c, sysv_sema.c, postmaster.c and fd.c, in English by LC_ALL. "Still in
        // use" is another server's memory.
        let limits = [
            "could not create semaphores", "could not create shared memory segment",
            "could not map anonymous shared memory",
            "could not fork", "insufficient file descriptors available to start server process",
        ]
        return limits.contains { tail.contains($0) }
            ? .kernelLimit(connections: wantedConnections, log: tail) : other(tail)
    }
}
