import Glibc

@testable import EmbeddedPostgreSQL

/// A temporary directory of one test, with what a cluster in it needs and leaves behind.
struct TestDirectory {
    let path: String

    var dataDirectory: String { "\(path)/data" }
    var cluster: String { "\(dataDirectory)/postgresql" }

    /// Runs `body` with a new directory, and afterwards ends the servers in it and removes everything.
    static func with(
        mode: mode_t = 0o711,
        _ body: (TestDirectory) async throws -> Void
    ) async throws {
        var template = Array("/tmp/embedded-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FileSystem.failure("mkdtemp", "/tmp") }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard chmod(path, mode) == 0 else { throw FileSystem.failure("chmod", path) }
        let directory = TestDirectory(path: path)
        do {
            try await body(directory)
        } catch {
            try directory.remove()
            throw error
        }
        try directory.remove()
    }

    func embedded(
        _ dataDirectory: String? = nil,
        binaries: String? = nil,
        durable: Bool = false,
        settings: [String: String] = [:],
        connections: Int = 85,
        isKeptRunning: Bool = false,
        patience: ServerPatience = ServerPatience(),
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) -> EmbeddedPostgreSQL {
        var configuration = EmbeddedPostgreSQL.Configuration(
            dataDirectory: dataDirectory ?? self.dataDirectory,
            binaryDirectory: binaries,
            durable: durable,
            settings: settings,
            connections: connections,
            isKeptRunning: isKeptRunning,
            log: log
        )
        configuration.patience = patience
        return EmbeddedPostgreSQL(configuration)
    }

    /// Where the real programs are.
    func programs() throws -> String {
        let runner = ProgramRunner(log: try ServerLog("\(path)/log"))
        return try ServerPrograms.find(in: nil, for: ClusterLocation(path: cluster), runner: runner).directory
    }

    /// The process id of the server that runs on the cluster.
    func pid() throws -> pid_t? { try PostmasterFile.read(in: cluster)?.pid }

    func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o755)
        guard descriptor >= 0 else { throw FileSystem.failure("open", path) }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count else {
            throw FileSystem.failure("write", path)
        }
    }

    /// Gives `path` to the user of the server.
    func giveToServer(_ path: String) throws {
        guard geteuid() == 0 else { return }
        let account = try SystemUser.unprivileged()
        guard chown(path, account.uid, account.gid) == 0 else { throw FileSystem.failure("chown", path) }
    }

    func run(_ command: String..., as account: SystemUser? = nil) throws {
        let status = try runner().run(command, as: account)
        guard status == 0 else {
            throw EmbeddedPostgreSQLError.system(operation: "run", path: command[0], reason: "status \(status)")
        }
    }

    /// Ends what a failed test left running on `cluster`, and removes a cluster outside the data directory.
    func removeCluster() throws {
        if let pid = try? pid(), try isAlive(pid), let server = try? FileSystem.text("/proc/\(pid)/cmdline"),
            server.contains("postgres")
        {
            kill(pid, SIGKILL)
        }
        if let status = try FileSystem.status(cluster), FileSystem.isType(S_IFLNK, status) {
            let target = try FileSystem.linkTarget(cluster)
            try run("rm", "-rf", "--", target, "\(target).new", "\(target).lock")
        }
    }

    private func remove() throws {
        try removeCluster()
        try run("rm", "-rf", "--", path)
    }
}

/// What `psql` prints for a query, without the line's end.
func answer(_ sql: String, _ connectionString: String) throws -> String? {
    let command = ["psql", "--no-psqlrc", "-Atq", "--command=\(sql)", connectionString]
    return try runner().output(of: command).map { String($0.dropLast()) }
}

/// Runs programs with their errors on our standard error.
func runner() throws -> ProgramRunner {
    let descriptor = dup(STDERR_FILENO)
    guard descriptor >= 0 else { throw FileSystem.failure("dup", "stderr") }
    return ProgramRunner(log: ServerLog(path: "stderr", descriptor: descriptor))
}

/// Whether the process runs: one that has ended but was not yet waited for does not.
func isAlive(_ pid: pid_t) throws -> Bool {
    try WatchedProcess(existing: pid)?.state == .running
}

/// Looks again and again, until it is so or ten seconds are over.
func eventually(_ condition: () throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(10)
    while try !condition() {
        if ContinuousClock.now >= deadline { return false }
        // No timer: Dispatch's need descriptors, which may be used up.
        await Task.yield()
    }
    return true
}

extension EmbeddedPostgreSQL {
    /// A whole run, for what it leaves.
    func start(thenStop: Bool) async throws {
        try await start()
        if thenStop { try await stop() }
    }
}

/// Whether there is anything at the path, be it a link that leads nowhere.
func exists(_ path: String) throws -> Bool {
    try FileSystem.status(path) != nil
}
