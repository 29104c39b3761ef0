import Glibc
import Testing

@testable import EmbeddedPostgreSQL

/// The parts that need no server.
struct PartsTests {
    @Test(
        arguments: [
            ("empty", "", nil),
            ("only a pid", "12\n", nil),
            ("no number", "x\n/data\n", nil),
            ("a standalone backend's negative pid", "-12\n/data\n", nil),
            ("before the socket", "12\n/data\n1700000000\n5432\n", (12, "", PostmasterFile.Status.starting)),
            ("starting", "12\n/data\n1700000000\n5432\n/s\n\n 1 2\nstarting\n", (12, "/s", .starting)),
            ("ready", "12\n/data\n1700000000\n5432\n/s\n\n 1 2\nready   \n", (12, "/s", .ready)),
            ("stopping", "12\n/data\n1700000000\n5432\n/s\n\n 1 2\nstopping\n", (12, "/s", .stopping)),
        ] as [(String, String, (Int32, String, PostmasterFile.Status)?)])
    func `reads postmaster.pid`(
        _ row: (name: String, text: String, expected: (pid: Int32, socket: String, status: PostmasterFile.Status)?)
    ) {
        let file = PostmasterFile(row.text)
        #expect(file?.pid == row.expected?.pid)
        #expect(file?.socketDirectory == row.expected?.socket)
        #expect(file?.status == row.expected?.status)
    }

    @Test func `a socket's folder may have 93 bytes and no comma`() {
        #expect(SocketDirectory.isUsable(String(repeating: "a", count: 93)))
        #expect(!SocketDirectory.isUsable(String(repeating: "a", count: 94)))
        #expect(!SocketDirectory.isUsable("/a,b"))
    }

    @Test func `the socket's folder is made private, and what is not private is refused`() async throws {
        try await TestDirectory.with { directory in
            let path = "\(directory.path)/socket"
            try SocketDirectory.makeOrCheck(path, account: nil)
            #expect(try FileSystem.status(path)?.st_mode == S_IFDIR | 0o700)
            try SocketDirectory.makeOrCheck(path, account: nil)

            let unsafe = EmbeddedPostgreSQLError.unsafeSocketDirectory(path: path)
            // Each right of others and of the group is one too many.
            for right: mode_t in [0o01, 0o02, 0o04, 0o10, 0o20, 0o40] {
                #expect(chmod(path, 0o700 | right) == 0)
                #expect(throws: unsafe) { try SocketDirectory.makeOrCheck(path, account: nil) }
            }
            #expect(chmod(path, 0o700) == 0)
            let stranger = SystemUser(name: "stranger", uid: geteuid() + 1, gid: 0)
            #expect(throws: unsafe) { try SocketDirectory.makeOrCheck(path, account: stranger) }

            #expect(rename(path, path + ".real") == 0)
            #expect(symlink(path + ".real", path) == 0)
            #expect(throws: unsafe) { try SocketDirectory.makeOrCheck(path, account: nil) }
        }
    }

    @Test func `a log over its limit is put aside at the start`() async throws {
        try await TestDirectory.with { directory in
            let path = "\(directory.path)/log"
            try directory.write(String(repeating: "a", count: ServerLog.sizeLimit), to: path)
            #expect(try ServerLog(path).end == ServerLog.sizeLimit)
            try directory.write(String(repeating: "a", count: ServerLog.sizeLimit + 1), to: path)
            #expect(try ServerLog(path).end == 0)
            #expect(try FileSystem.status("\(path).1")?.st_size == ServerLog.sizeLimit + 1)
        }
    }

    @Test func `the log's tail is its last ten lines since a mark`() async throws {
        try await TestDirectory.with { directory in
            let path = "\(directory.path)/log"
            try directory.write((1...12).map { "line \($0)" }.joined(separator: "\n"), to: path)
            let log = try ServerLog(path)
            #expect(log.tail(from: 0).hasPrefix("line 3\n"))
            #expect(log.tail(from: 0).hasSuffix("\nline 12"))
            #expect(log.tail(from: log.end - 7) == "line 12")
            #expect(log.tail(from: log.end) == "")
        }
    }

    @Test func `a lock is held by one, names its holder and is free afterwards`() async throws {
        try await TestDirectory.with { directory in
            let path = "\(directory.path)/lock"
            var first: LockFile? = try LockFile(path, for: "here")
            let held = EmbeddedPostgreSQLError.dataDirectoryInUse(path: "here", pid: getpid())
            #expect(throws: held) { try LockFile(path, for: "here") }
            #expect(first != nil)
            first = nil
            _ = try LockFile(path, for: "here")
        }
    }

    @Test func `exit statuses are told from signals`() throws {
        let runner = try runner()
        #expect(try runner.run(["sh", "-c", "exit 3"], as: nil) == 3)
        #expect(try runner.run(["sh", "-c", "kill -9 $$"], as: nil) == 128 + SIGKILL)
        #expect(try runner.output(of: ["sh", "-c", "echo out; exit 3"]) == nil)
        #expect(try runner.output(of: ["sh", "-c", "pwd; echo $LC_ALL"]) == "/\nC\n")
        let missing = EmbeddedPostgreSQLError.notStarted(program: "/nowhere/at-all", code: ENOENT)
        #expect(throws: missing) { try runner.run(["/nowhere/at-all"], as: nil) }
    }

    @Test func `a process that has ended is told from one that runs, and never gets a signal`() async throws {
        let child = try ChildProcess.start(["sleep", "60"], as: nil, output: STDERR_FILENO, errors: STDERR_FILENO)
        let watched = try #require(try WatchedProcess(existing: child.pid))
        #expect(child.state == .running)
        #expect(watched.state == .running)
        watched.signal(SIGTERM)
        #expect(watched.wait(milliseconds: -1) == .ended(nil), "though its parent has not yet waited for it")
        #expect(child.wait(milliseconds: -1) == .ended(nil), "it is no zombie any more")
        child.signal(SIGTERM)
        watched.signal(SIGTERM)
        #expect(try WatchedProcess(existing: child.pid) == nil)
    }

    @Test func `a stop ends a program that runs, and all that it has started`() async throws {
        try await TestDirectory.with { directory in
            let runner = ProgramRunner(log: try ServerLog("\(directory.path)/log")) { true }
            let script = "sleep 60 & echo $! > \(directory.path)/pid; wait"
            // It may be ended before it has started anything; then there is no file.
            #expect(throws: EmbeddedPostgreSQLError.stopped) { try runner.run(["sh", "-c", script], as: nil) }
            if let pid = try FileSystem.text("\(directory.path)/pid").flatMap({ pid_t($0.dropLast()) }) {
                #expect(try await eventually { try !isAlive(pid) })
            }
        }
    }
}
