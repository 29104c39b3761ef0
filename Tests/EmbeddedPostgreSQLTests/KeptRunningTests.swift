import Glibc
import Testing

@testable import EmbeddedPostgreSQL

/// A server that somebody else ends, and one that takes too few connections.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct KeptRunningTests {
    @Test(arguments: [SIGKILL, SIGQUIT, SIGINT, SIGTERM])
    func `a server that is ended by a signal is started anew at once, until the stop`(_ signal: Int32) async throws {
        try await TestDirectory.with { directory in
            let embedded = directory.embedded(isKeptRunning: true)
            try await embedded.start()
            let pid = try #require(try directory.pid())
            #expect(kill(pid, signal) == 0)
            #expect(try await eventually { try !isAlive(pid) })
            #expect(try await eventually { try answer("select 1", embedded.connectionString) == "1" })
            let next = try #require(try directory.pid())
            #expect(next != pid)
            try await embedded.stop()
            #expect(try !isAlive(next))
            #expect(try directory.pid() == nil)
        }
    }

    @Test func `a signal to every process of the server, as systemd sends it, does not keep it from coming back`()
        async throws
    {
        try await TestDirectory.with { directory in
            let embedded = directory.embedded(isKeptRunning: true)
            try await embedded.start()
            let client = try sleepingClient(embedded)
            let pid = try #require(try directory.pid())
            #expect(try await eventually { try answer(Self.sleepers, embedded.connectionString) == "1" })
            for process in try children(of: pid) + [pid] { kill(process, SIGTERM) }
            #expect(try await eventually { try answer(Self.sleepers, embedded.connectionString) == "0" })
            #expect(try directory.pid() != pid)
            client.signal(SIGKILL)
            // A zombie would hide the exits of others from who waits for any.
            _ = client.wait(milliseconds: -1)
            try await embedded.stop()
        }
    }

    @Test func `a client that stays does not keep a server that somebody stops from coming back`() async throws {
        try await TestDirectory.with { directory in
            let embedded = directory.embedded(isKeptRunning: true)
            try await embedded.start()
            let client = try sleepingClient(embedded)
            let pid = try #require(try directory.pid())
            #expect(try await eventually { try answer(Self.sleepers, embedded.connectionString) == "1" })
            // A smart shutdown: it refuses new connections, and waits for that client.
            #expect(kill(pid, SIGTERM) == 0)
            #expect(try await eventually { try answer(Self.sleepers, embedded.connectionString) == "0" })
            #expect(try directory.pid() != pid)
            client.signal(SIGKILL)
            // A zombie would hide the exits of others from who waits for any.
            _ = client.wait(milliseconds: -1)
            try await embedded.stop()
        }
    }

    @Test(arguments: [("few", 10, "100"), ("as many as fit", 85, "100"), ("more", 400, "415")])
    func `it takes the connections that the program needs, and more`(
        _ row: (name: String, connections: Int, limit: String)
    ) async throws {
        try await TestDirectory.with { directory in
            let embedded = directory.embedded(connections: row.connections)
            try await embedded.start()
            #expect(try answer("show max_connections", embedded.connectionString) == row.limit)
            try await embedded.stop()
        }
    }

    @Test(arguments: [(400, true), (50, false)])
    func `a server left running is started anew where it takes too few connections`(
        _ row: (connections: Int, isNew: Bool)
    ) async throws {
        try await TestDirectory.with { directory in
            var killed: EmbeddedPostgreSQL? = directory.embedded()
            try await killed?.start()
            let pid = try #require(try directory.pid())
            killed = nil
            #expect(try await eventually { (try? LockFile("\(directory.dataDirectory)/lock", for: "")) != nil })

            let embedded = directory.embedded(connections: row.connections)
            try await embedded.start()
            #expect(try (directory.pid() != pid) == row.isNew)
            let limit = try #require(try answer("show max_connections", embedded.connectionString))
            #expect(try #require(Int(limit)) >= row.connections)
            try await embedded.stop()
        }
    }

    private static let sleepers = "select count(*) from pg_stat_activity where query = 'select pg_sleep(60)'"

    private func sleepingClient(_ embedded: EmbeddedPostgreSQL) throws -> WatchedProcess {
        try ChildProcess.start(
            ["psql", "--no-psqlrc", "--command=select pg_sleep(60)", embedded.connectionString], as: nil,
            output: STDERR_FILENO, errors: STDERR_FILENO)
    }

    private func children(of pid: pid_t) throws -> [pid_t] {
        let list = try #require(try FileSystem.text("/proc/\(pid)/task/\(pid)/children"))
        return list.split(separator: " ").compactMap { pid_t($0) }
    }
}
