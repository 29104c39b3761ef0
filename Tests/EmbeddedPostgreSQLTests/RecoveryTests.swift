import Glibc
import Testing

@testable import EmbeddedPostgreSQL

/// What is left behind by kills, copies and other versions.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct RecoveryTests {
    @Test func `starts after the postmaster was killed`() async throws {
        try await TestDirectory.with { directory in
            let embedded = directory.embedded()
            try await embedded.start()
            #expect(try answer("create table kept as select 42 as n", embedded.connectionString) != nil)
            let first = try #require(try directory.pid())
            #expect(kill(first, SIGKILL) == 0)
            try await waitForEnd(of: first)

            try await embedded.start()
            let second = try #require(try directory.pid())
            #expect(second != first)
            #expect(try answer("select n from kept", embedded.connectionString) == "42")
            #expect(kill(second, SIGKILL) == 0)
            try await waitForEnd(of: second)
            try await embedded.stop()

            let next = directory.embedded()
            try await next.start()
            #expect(try answer("select n from kept", next.connectionString) == "42")
            try await next.stop()
        }
    }

    @Test func `takes over the server of a program that was killed`() async throws {
        try await TestDirectory.with { directory in
            var killed: EmbeddedPostgreSQL? = directory.embedded()
            try await killed?.start()
            let pid = try #require(try directory.pid())
            killed = nil
            try await waitForLock(of: directory)
            #expect(try isAlive(pid))

            let next = directory.embedded()
            try await next.start()
            #expect(try directory.pid() == pid)
            #expect(try answer("select 1", next.connectionString) == "1")
            try await next.stop()
            #expect(try !isAlive(pid))
        }
    }

    @Test func `waits for a left server that is stopping and starts a new one`() async throws {
        try await TestDirectory.with { directory in
            var killed: EmbeddedPostgreSQL? = directory.embedded()
            try await killed?.start()
            let pid = try #require(try directory.pid())
            killed = nil
            try await waitForLock(of: directory)
            #expect(kill(pid, SIGINT) == 0)

            let next = directory.embedded()
            try await next.start()
            #expect(try directory.pid() != pid)
            #expect(try answer("select 1", next.connectionString) == "1")
            try await next.stop()
        }
    }

    @Test func `a stale pid file that names a living stranger does not stop the start`() async throws {
        try await TestDirectory.with { directory in
            let embedded = directory.embedded()
            try await embedded.start()
            let file = PostmasterFile.path(in: directory.cluster)
            let text = try #require(try FileSystem.text(file))
            try await embedded.stop()

            // A process of the server's own user, which the server would take for its rival.
            let account = geteuid() == 0 ? try SystemUser.unprivileged() : nil
            let stranger = try ChildProcess.start(
                ["sleep", "60"],
                as: account,
                output: STDERR_FILENO,
                errors: STDERR_FILENO
            )
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let stale = (["\(stranger.pid)"] + lines.dropFirst()).joined(separator: "\n")
            for path in [file, "\(directory.cluster)/.s.PGSQL.5432.lock"] {
                try directory.write(stale, to: path)
                try directory.giveToServer(path)
            }

            try await embedded.start()
            #expect(try directory.pid() != stranger.pid)
            #expect(try answer("select 1", embedded.connectionString) == "1")
            #expect(stranger.state == .running)
            try await embedded.stop()
            stranger.signal(SIGKILL)
            #expect(stranger.wait(milliseconds: -1) == .ended(128 + SIGKILL))
        }
    }

    @Test func `a copied data directory gets a server of its own`() async throws {
        try await TestDirectory.with { directory in
            let original = directory.embedded()
            try await original.start()
            #expect(try answer("checkpoint", original.connectionString) != nil)
            try directory.run("cp", "-a", directory.dataDirectory, "\(directory.path)/copy")
            let copy = directory.embedded("\(directory.path)/copy")
            try await copy.start()
            #expect(copy.connectionString != original.connectionString)
            #expect(try answer("select 1", copy.connectionString) == "1")
            try await copy.stop()
            #expect(try answer("select 1", original.connectionString) == "1")
            try await original.stop()
        }
    }

    @Test func `a half-made cluster does not stop the next start`() async throws {
        try await TestDirectory.with { directory in
            try directory.run(
                "mkdir", "-p", directory.dataDirectory, directory.cluster, "\(directory.cluster).new/base")
            try directory.write("15\n", to: "\(directory.cluster).new/PG_VERSION")
            let embedded = directory.embedded()
            try await embedded.start()
            #expect(try answer("select 1", embedded.connectionString) == "1")
            #expect(try !exists("\(directory.cluster).new"))
            try await embedded.stop()
        }
    }

    @Test func `another major version is refused and nothing is touched`() async throws {
        try await TestDirectory.with { directory in
            let embedded = directory.embedded()
            try await embedded.start()
            try await embedded.stop()
            let file = "\(directory.cluster)/PG_VERSION"
            let version = try #require(try FileSystem.text(file))
            try directory.write("9.6\n", to: file)

            let error = await #expect(throws: EmbeddedPostgreSQLError.self) { try await embedded.start() }
            #expect(
                error
                    == .wrongVersion(path: directory.cluster, cluster: "9.6", installed: [String(version.dropLast())])
            )
            #expect("\(try #require(error))".contains("was made by PostgreSQL 9.6, but 15 is the oldest that works"))
            try directory.write("99\n", to: file)
            let newer = await #expect(throws: EmbeddedPostgreSQLError.self) { try await embedded.start() }
            #expect("\(try #require(newer))".contains("is installed: install PostgreSQL 99, or move"))
            try directory.write("9.6\n", to: file)
            #expect(try FileSystem.text(file) == "9.6\n")
            #expect(try directory.pid() == nil)

            try directory.write(version, to: file)
            try await embedded.start()
            try await embedded.stop()
        }
    }

    /// Waits until the process is dead, which a kill only orders; our child stays a zombie until it is waited for.
    private func waitForEnd(of pid: pid_t) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while try isAlive(pid) {
            try #require(ContinuousClock.now < deadline)
            await Task.yield()
        }
    }

    /// Waits until a program that nobody holds any more is as after a kill: its lock free, its server running.
    private func waitForLock(of directory: TestDirectory) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        // Held still: the thread of its last call is just ending.
        while (try? LockFile("\(directory.dataDirectory)/lock", for: "")) == nil {
            try #require(ContinuousClock.now < deadline)
            await Task.yield()
        }
    }
}
