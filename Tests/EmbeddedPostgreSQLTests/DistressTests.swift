import Glibc
import Synchronization
import Testing

@testable import EmbeddedPostgreSQL

/// A program that cannot get what it asks the system for. Each is a process of its own, whose limits end with it.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct DistressTests {
    @Test func `with all descriptors used up a living server is known to live, and can be stopped`() async throws {
        await #expect(processExitsWith: .success) {
            try await TestDirectory.with { directory in
                let embedded = directory.embedded(isKeptRunning: true)
                try await embedded.start()
                let pid = try #require(try directory.pid())
                let server = try #require(try WatchedProcess(existing: pid))
                let used = try useUpDescriptors()
                // Each asks whether it lives.
                for _ in 0..<20 { try await embedded.start() }
                #expect(server.state == .running)
                try await embedded.stop()
                #expect(server.state == .ended(nil))
                for descriptor in used { close(descriptor) }
                #expect(try directory.pid() == nil)
                try await embedded.start()
                try await embedded.stop()
            }
        }
    }

    @Test func `a server that dies while all descriptors are used up is back when there are some`() async throws {
        await #expect(processExitsWith: .success) {
            try await TestDirectory.with { directory in
                let lines = Lines()
                let embedded = directory.embedded(isKeptRunning: true, log: { lines.add($0) })
                try await embedded.start()
                let pid = try #require(try directory.pid())
                let used = try useUpDescriptors()
                #expect(kill(pid, SIGKILL) == 0)
                #expect(try await eventually { lines.all.contains { $0.contains("Too many open files") } })
                for descriptor in used { close(descriptor) }
                #expect(try await eventually { try answer("select 1", embedded.connectionString) == "1" })
                #expect(try directory.pid() != pid)
                #expect(Set(lines.all).count == lines.all.count, "each is said once")
                try await embedded.stop()
            }
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can become another user"))
    func `root that has become the server's user still looks after it, and stops it`() async throws {
        // As below /root: the user that the program becomes can reach neither the data directory nor its log.
        try await TestDirectory.with(mode: 0o700) { directory in
            await #expect(processExitsWith: .success) { [path = directory.path as String] in
                let directory = TestDirectory(path: path)
                let embedded = directory.embedded(isKeptRunning: true)
                try await embedded.start()
                let account = try #require(embedded.account)
                let cluster = try FileSystem.realPath(directory.cluster)
                #expect(setgroups(0, nil) == 0 && setgid(account.gid) == 0 && setuid(account.uid) == 0)
                #expect(setuid(0) != 0, "for good")
                #expect(access(directory.dataDirectory, F_OK) != 0)

                for signal in [SIGKILL, SIGTERM] {
                    let pid = try #require(try PostmasterFile.read(in: cluster)?.pid)
                    #expect(kill(pid, signal) == 0)
                    #expect(
                        try await eventually {
                            let now = try PostmasterFile.read(in: cluster)
                            return now?.status == .ready && now?.pid != pid
                        })
                }
                let last = try #require(try PostmasterFile.read(in: cluster)?.pid)
                try await embedded.stop()
                #expect(try !isAlive(last))
            }
            let account = try SystemUser.unprivileged()
            let log = "\(directory.dataDirectory)/postgresql.log"
            #expect(try FileSystem.status(log)?.st_uid == account.uid)
            #expect(try FileSystem.status("\(directory.dataDirectory)/lock")?.st_uid == account.uid)
            let stops = try #require(try FileSystem.text(log)).split(separator: "\n").count {
                $0.contains("is shut down")
            }
            #expect(stops >= 2, "those of the servers after that of root are in its log, too")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root has files to give"))
    func `what root has left in the data directory is made to fit the server's user`() async throws {
        try await TestDirectory.with { directory in
            try directory.run("mkdir", "-p", directory.dataDirectory)
            let names = ["lock", "postgresql.log"].map { "\(directory.dataDirectory)/\($0)" }
            for name in names { try directory.write("", to: name) }
            // Another name of the file may be where its owner matters.
            let linked = "\(directory.path)/linked"
            #expect(link(names[1], linked) == 0)
            let embedded = directory.embedded()
            try await embedded.start(thenStop: true)
            let account = try SystemUser.unprivileged()
            #expect(try FileSystem.status(names[0])?.st_uid == account.uid)
            #expect(try FileSystem.status(names[1])?.st_uid == 0, "a hard link is left alone")
            #expect(unlink(linked) == 0)
            try await embedded.start(thenStop: true)
            #expect(try FileSystem.status(names[1])?.st_uid == account.uid)
        }
    }
}

/// Opens what can be opened: afterwards this process has no descriptor left, whatever is tried.
func useUpDescriptors() throws -> [Int32] {
    var limit = rlimit(rlim_cur: 256, rlim_max: 0)
    var former = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &former) == 0 else {
        throw FileSystem.failure("getrlimit", "RLIMIT_NOFILE")
    }
    limit.rlim_max = former.rlim_max
    guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
        throw FileSystem.failure("setrlimit", "RLIMIT_NOFILE")
    }
    var used: [Int32] = []
    while true {
        let descriptor = dup(STDERR_FILENO)
        guard descriptor >= 0 else {
            guard errno == EMFILE else { throw FileSystem.failure("dup", "stderr") }
            return used
        }
        used.append(descriptor)
    }
}

/// The lines that a cluster has said.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
}
