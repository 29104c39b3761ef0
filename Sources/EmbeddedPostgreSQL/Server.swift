import Glibc

/// The server of one cluster: makes the cluster, starts or takes over its postmaster, stops it.
/// Everything blocks its thread.
struct Server {
    /// The superuser and the database, both made here.
    static let name = "obrolan"

    static let startLimit = Duration.seconds(60)
    static let stopLimit = Duration.seconds(60)

    var location: ClusterLocation
    var programs: ServerPrograms
    var log: ServerLog
    var isDurable: Bool
    var settings: [String: String]

    // MARK: The cluster

    /// Makes the cluster beside its place and then renames it, so that a kill leaves either none or a whole one.
    func makeCluster() throws(EmbeddedPostgreSQLError) {
        let unfinished = "\(location.path).new"
        _ = try ChildProcess.run(["rm", "-rf", "--", unfinished], as: nil, output: log.descriptor)
        try FileSystem.makePrivateDirectory(unfinished, for: location.account)

        let mark = log.end
        let locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
        if let locale { freelocale(locale) }
        var command = [
            programs.path("initdb"), "--pgdata=\(unfinished)", "--username=\(Self.name)", "--encoding=UTF8",
            locale == nil ? "--locale=C" : "--locale=C.UTF-8", "--data-checksums", "--auth=trust", "--no-instructions",
        ]
        if !isDurable { command.append("--no-sync") }
        guard try ChildProcess.run(command, as: location.account, output: log.descriptor) == 0 else {
            throw .initializationFailed(log: log.tail(from: mark))
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

    private func query(_ sql: String, _ postmaster: PostmasterFile) throws(EmbeddedPostgreSQLError) -> String? {
        try ChildProcess.output(
            of: [
                programs.path("psql"), "--no-psqlrc", "--no-password", "--quiet", "--tuples-only", "--no-align",
                "--host=\(postmaster.socketDirectory)", "--port=\(postmaster.port)", "--username=\(Self.name)",
                "--dbname=postgres", "--command=\(sql)",
            ],
            errors: log.descriptor
        )
    }

    // MARK: Starting

    /// Returns a running server's file: of one that a killed program left running, else of a new one.
    func start() throws(EmbeddedPostgreSQLError) -> PostmasterFile {
        let remains = try PostmasterFile.read(in: location.path)
        if let remains, let running = try takeOver(remains) { return running }

        let sockets = try SocketDirectory.make(forCluster: location.path, account: location.account)
        // Left by a kill, it may name a living stranger. The cluster's own lock file comes before it.
        unlink("\(sockets)/.s.PGSQL.\(SocketDirectory.port).lock")
        let command = command(sockets)
        // After a kill of the postmaster alone its orphans need a moment to notice; until then a new one refuses to start.
        let patience = ContinuousClock.now + (remains == nil ? .zero : .seconds(5))
        while true {
            let mark = log.end
            let child = try ChildProcess.start(
                command,
                as: location.account,
                output: log.descriptor,
                errors: log.descriptor
            )
            do {
                if let ready = try waitUntilReady(child.pid, mark) { return ready }
            } catch {
                kill(child.pid, SIGQUIT)
                _ = child.wait()
                throw error
            }
            _ = child.wait()
            guard ContinuousClock.now < patience else { throw .startFailed(log: log.tail(from: mark)) }
            usleep(50_000)
        }
    }

    /// The settings are arguments, not lines of `postgresql.conf`: they follow this version's code, not the one that
    /// made the cluster, and need no quoting.
    private func command(_ sockets: String) -> [String] {
        var values = [
            "max_connections": "100", "shared_buffers": "64MB", "min_wal_size": "32MB", "max_wal_size": "256MB",
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

    /// Waits for the server that wrote `remains`, if it lives; nil when a new one has to be started.
    ///
    /// The process id alone proves nothing: after a reboot or in a new container any process may have it, and a copied
    /// data directory has the original's. A living server of this cluster answers on the socket that it names; one
    /// that is stopping is waited for.
    private func takeOver(_ remains: PostmasterFile) throws(EmbeddedPostgreSQLError) -> PostmasterFile? {
        // The original may be gone, and with it the path.
        let isOurs = (try? FileSystem.realPath(remains.cluster)) == location.path
        let begin = ContinuousClock.now
        while Self.isAlive(remains.pid) {
            guard let file = try PostmasterFile.read(in: location.path), file.pid == remains.pid else { return nil }
            if isOurs, file.status != .stopping, try answers(file) { return try waitUntilReady(file.pid, log.end) }
            let patience = !isOurs ? .zero : file.status == .stopping ? Self.stopLimit : .seconds(2)
            guard ContinuousClock.now - begin < patience else {
                // The server would take this process for its rival if it is of the same user. Should it be one after
                // all, the new server still finds the shared memory of this cluster in use and refuses to start.
                unlink(PostmasterFile.path(in: location.path))
                return nil
            }
            usleep(10_000)
        }
        return nil
    }

    /// Whether a server answers there, ready or not yet (exit status 1 of `pg_isready`).
    private func answers(_ file: PostmasterFile) throws(EmbeddedPostgreSQLError) -> Bool {
        guard !file.socketDirectory.isEmpty else { return false }
        let command = [
            programs.path("pg_isready"), "--quiet", "--timeout=1", "--host=\(file.socketDirectory)",
            "--port=\(file.port)",
        ]
        return try ChildProcess.run(command, as: nil, output: log.descriptor) <= 1
    }

    /// The server's file as soon as it says ready; nil when the server has ended.
    private func waitUntilReady(_ pid: pid_t, _ mark: Int) throws(EmbeddedPostgreSQLError) -> PostmasterFile? {
        let deadline = ContinuousClock.now + Self.startLimit
        while Self.isAlive(pid) {
            if let file = try PostmasterFile.read(in: location.path), file.pid == pid, file.status == .ready {
                return file
            }
            guard ContinuousClock.now < deadline else {
                throw .startTimedOut(seconds: Int(Self.startLimit.components.seconds), log: log.tail(from: mark))
            }
            usleep(10_000)
        }
        return nil
    }

    // MARK: Stopping

    /// Stops the server by a fast shutdown (SIGINT): sessions are ended, everything is written, nothing to recover.
    static func stop(_ pid: pid_t) throws(EmbeddedPostgreSQLError) {
        kill(pid, SIGINT)
        let deadline = ContinuousClock.now + stopLimit
        while isAlive(pid) {
            guard ContinuousClock.now < deadline else {
                throw .stopTimedOut(pid: pid, seconds: Int(stopLimit.components.seconds))
            }
            usleep(5_000)
        }
        // Our child, unless it was taken over.
        waitpid(pid, nil, WNOHANG)
    }

    /// Whether the process runs. One that has ended but was not yet waited for does not.
    static func isAlive(_ pid: pid_t) -> Bool {
        guard kill(pid, 0) == 0 || errno == EPERM else { return false }
        // A process that has vanished meanwhile cannot be read. "pid (name) state ...", and the name may hold anything.
        guard let text = try? FileSystem.text("/proc/\(pid)/stat"), let name = text.lastIndex(of: ")") else {
            return false
        }
        return !["Z", "X"].contains(text[name...].dropFirst(2).prefix(1))
    }
}
