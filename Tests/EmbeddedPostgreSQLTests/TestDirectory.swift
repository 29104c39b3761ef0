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
        settings: [String: String] = [:]
    ) -> EmbeddedPostgreSQL {
        EmbeddedPostgreSQL(
            .init(
                dataDirectory: dataDirectory ?? self.dataDirectory,
                binaryDirectory: binaries,
                durable: durable,
                settings: settings
            )
        )
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
        let account = try Account.unprivileged()
        guard chown(path, account.uid, account.gid) == 0 else { throw FileSystem.failure("chown", path) }
    }

    func run(_ command: String..., as account: Account? = nil) throws {
        let status = try ChildProcess.run(command, as: account, output: STDERR_FILENO)
        guard status == 0 else {
            throw EmbeddedPostgreSQLError.system(operation: "run", path: command[0], reason: "status \(status)")
        }
    }

    /// Ends what a failed test left running on `cluster`, and removes a cluster outside the data directory.
    func removeCluster() throws {
        if let pid = try? pid(), Server.isAlive(pid), let server = try? FileSystem.text("/proc/\(pid)/cmdline"),
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
    return try ChildProcess.output(of: command, errors: STDERR_FILENO).map { String($0.dropLast()) }
}

/// Whether there is anything at the path, be it a link that leads nowhere.
func exists(_ path: String) throws -> Bool {
    try FileSystem.status(path) != nil
}
