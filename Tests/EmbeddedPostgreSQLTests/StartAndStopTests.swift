import FoundationEssentials
import Glibc
import Testing

@testable import EmbeddedPostgreSQL

/// Whole starts with real servers, one after the other: each is a load of its own.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct StartAndStopTests {
    @Test func `makes a cluster, starts it, answers and stops`() async throws {
        try await TestDirectory.with { directory in
            let embedded = directory.embedded()
            try await embedded.start()
            let connection = embedded.connectionString
            #expect(try answer("select current_database()", connection) == "obrolan")
            #expect(try answer("show server_encoding", connection) == "UTF8")
            #expect(try answer("show data_checksums", connection) == "on")
            #expect(try answer("show listen_addresses", connection) == "")
            #expect(try answer("show timezone", connection) == "UTC")
            #expect(try answer("show max_connections", connection) == "100")
            let pid = try #require(try directory.pid())

            try await embedded.start()
            #expect(try directory.pid() == pid, "a second start of a running server does nothing")

            try await embedded.stop()
            #expect(kill(pid, 0) != 0, "the server has ended, and was waited for")
            #expect(try directory.pid() == nil)
            try await embedded.stop()
        }
    }

    @Test func `keeps the data between runs, and is durable unless told otherwise`() async throws {
        try await TestDirectory.with { directory in
            let first = directory.embedded()
            try await first.start()
            #expect(try answer("show fsync", first.connectionString) == "off")
            #expect(try answer("create table kept as select 42 as n", first.connectionString) != nil)
            try await first.stop()

            let second = directory.embedded(durable: true, settings: ["work_mem": "5MB", "listen_addresses": "*"])
            try await second.start()
            #expect(try answer("select n from kept", second.connectionString) == "42")
            #expect(try answer("show fsync", second.connectionString) == "on")
            #expect(try answer("show work_mem", second.connectionString) == "5MB")
            #expect(try answer("show listen_addresses", second.connectionString) == "", "it stays private")
            try await second.stop()
        }
    }

    @Test func `makes the database again when it is missing`() async throws {
        try await TestDirectory.with { directory in
            let embedded = directory.embedded()
            try await embedded.start()
            let maintenance = embedded.connectionString + " dbname=postgres"
            #expect(try answer("drop database obrolan", maintenance) != nil)
            try await embedded.stop()
            try await embedded.start()
            #expect(try answer("select 1", embedded.connectionString) == "1")
            try await embedded.stop()
        }
    }

    @Test func `refuses a second program while the first one runs`() async throws {
        try await TestDirectory.with { directory in
            let first = directory.embedded()
            try await first.start()
            let second = directory.embedded()
            let inUse = EmbeddedPostgreSQLError.dataDirectoryInUse(path: directory.dataDirectory, pid: getpid())
            await #expect(throws: inUse) { try await second.start() }
            #expect("\(inUse)".hasPrefix("\(directory.dataDirectory) is in use by another obrolan (pid \(getpid()))"))
            #expect(try answer("select 1", first.connectionString) == "1")
            try await first.stop()

            try await second.start()
            #expect(try answer("select 1", second.connectionString) == "1")
            try await second.stop()
        }
    }

    @Test func `its server has a session of its own and none of our descriptors`() async throws {
        try await TestDirectory.with { directory in
            var ends: [Int32] = [-1, -1]
            #expect(pipe(&ends) == 0)
            let embedded = directory.embedded()
            try await embedded.start()
            let pid = try #require(try directory.pid())
            #expect(getsid(pid) == pid)
            #expect(getpgid(pid) == pid)
            let ours = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(ends[1])")
            let theirs = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").map {
                try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\($0)")
            }
            #expect(ours.hasPrefix("pipe:"))
            #expect(!theirs.isEmpty && !theirs.contains(ours))
            close(ends[1])
            close(ends[0])
            try await embedded.stop()
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root has a user to change"))
    func `as root the server and its files belong to an unprivileged user`() async throws {
        try await TestDirectory.with { directory in
            let embedded = directory.embedded()
            try await embedded.start()
            let account = try SystemUser.unprivileged()
            let pid = try #require(try directory.pid())
            let process = try #require(try FileSystem.status("/proc/\(pid)"))
            let cluster = try #require(try FileSystem.status(directory.cluster))
            #expect(account.uid != 0)
            #expect(process.st_uid == account.uid)
            #expect(cluster.st_uid == account.uid)
            #expect(cluster.st_mode == S_IFDIR | 0o700)
            let socket = try #require(try FileSystem.status("\(directory.cluster)/.s.PGSQL.5432"))
            #expect(socket.st_mode == S_IFSOCK | 0o700)
            try await embedded.stop()
        }
    }
}
