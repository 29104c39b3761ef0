import Foundation
import Glibc
import Synchronization

/// A PostgreSQL server of the tests' own in a temporary folder, reached by a Unix socket and gone with the process.
final class ScratchCluster: Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// The server that tests share which do not stop it.
    static let shared = Result { try ScratchCluster() }

    /// What `DATABASE_URL` says, otherwise the shared server.
    static func connectionString() throws -> String {
        try ProcessInfo.processInfo.environment["DATABASE_URL"] ?? shared.get().connectionString
    }

    let socketFolder: String
    var connectionString: String { "host=\(socketFolder) dbname=postgres user=postgres" }

    /// The TCP port of 127.0.0.1 that it serves too.
    private let tcpPort: Int?

    private static let running = Mutex<[ScratchCluster]>([])

    init(tcpPort: Int? = nil, encoding: String = "UTF8") throws {
        self.tcpPort = tcpPort
        var template = Array((FileManager.default.temporaryDirectory.path + "/pg-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(description: "no temporary folder") }
        socketFolder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        if geteuid() == 0, let user = getpwnam("postgres") {
            guard chown(socketFolder, user.pointee.pw_uid, user.pointee.pw_gid) == 0 else {
                throw Failure(description: "cannot give away \(socketFolder)")
            }
        }
        let locale = encoding == "UTF8" ? "C.UTF-8" : "C"
        try run(
            "initdb", ["-D", data, "-U", "postgres", "-A", "trust", "-E", encoding, "--no-sync", "--locale=\(locale)"])
        let hba = "local all refused scram-sha-256\nlocal all all trust\nhost all all 127.0.0.1/32 trust\n"
        try hba.write(toFile: data + "/pg_hba.conf", atomically: false, encoding: .utf8)
        Self.running.withLock { clusters in
            // Registered once, for all of them.
            if clusters.isEmpty { atexit { ScratchCluster.removeAll() } }
            clusters.append(self)
        }
        try start()
    }

    func start() throws { try control("start") }
    func stop() throws { try control("stop") }
    func restart() throws { try control("restart") }

    /// Starts it anew as a standby, which takes no writes; its primary is nowhere.
    func becomeStandby() throws {
        try Data().write(to: URL(filePath: data + "/standby.signal"))
        try restart()
    }

    /// Has all of its processes do nothing, as a machine that hangs.
    func freeze() throws { try signal(SIGSTOP) }
    func thaw() throws { try signal(SIGCONT) }

    private func signal(_ signal: Int32) throws {
        let file = try String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8)
        let postmaster = String(file.prefix { $0.isNumber })
        let children = try String(contentsOfFile: "/proc/\(postmaster)/task/\(postmaster)/children", encoding: .utf8)
        for process in ([postmaster[...]] + children.split(separator: " ")).compactMap({ pid_t($0) }) {
            // One that has ended meanwhile is as silent.
            _ = kill(process, signal)
        }
    }

    private var data: String { socketFolder + "/data" }

    private func control(_ command: String) throws {
        // On a slow machine most of the tests have their connections at the same time.
        let tcp = tcpPort.map { "-c listen_addresses=127.0.0.1 -p \($0)" } ?? "-c listen_addresses=''"
        let options = "-k \(socketFolder) \(tcp) -c fsync=off -c max_connections=1000"
        let mode = command == "start" ? [] : ["-m", "immediate"]
        try run("pg_ctl", [command, "-w", "-D", data, "-l", socketFolder + "/log", "-o", options] + mode)
    }

    private static func removeAll() {
        for cluster in running.withLock({ $0 }) {
            // At exit there is nobody left to tell.
            try? cluster.stop()
            try? FileManager.default.removeItem(atPath: cluster.socketFolder)
        }
    }

    /// Runs one of PostgreSQL's programs, as the user postgres when we are root, which the server refuses to be.
    private func run(_ program: String, _ arguments: [String]) throws {
        let path = try Self.output("pg_config", ["--bindir"]) + "/" + program
        let user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        // In a folder that this user may enter.
        _ = try Self.output("env", ["-C", socketFolder] + (geteuid() == 0 ? user : []) + [path] + arguments)
    }

    /// What a program wrote. Not by Foundation's Process, which waits until the server it started has ended too.
    static func output(_ program: String, _ arguments: [String]) throws -> String {
        let file = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString
        // Only a file that could not be made is not there.
        defer { try? FileManager.default.removeItem(atPath: file) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, file, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // The server outlives this call: it must not keep other tests' sockets, or the pipe of the test runner, open.
        for descriptor in Int32(3)..<1024 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        let strings = ([program] + arguments).map { strdup($0) }
        defer { for string in strings { free(string) } }
        var process: pid_t = 0
        guard posix_spawnp(&process, program, &actions, nil, strings + [nil], environ) == 0 else {
            throw Failure(description: "cannot run \(program)")
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1 && errno == EINTR {}
        let text = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        guard status == 0 else { throw Failure(description: "\(program) \(arguments): \(text)") }
        return text
    }
}
