import Glibc
import Synchronization
import Testing

@testable import EmbeddedPostgreSQL

/// A start that takes long, and one that is given up, in each of its phases.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct StopInEachPhaseTests {
    /// A server that says "starting", as in a crash recovery, until there is a file `go` beside its folder.
    private static func slowServer(_ directory: TestDirectory, _ real: String) -> String {
        """
        [ "$1" = --version ] && exec \(real)/postgres --version
        printf '%s\\n' $$ \(directory.cluster) 1700000000 5432 "" "" "" "starting" > \(directory.cluster)/postmaster.pid
        while ! [ -e \(directory.path)/go ]; do sleep 0.05; done
        exec \(real)/postgres "$@"
        """
    }

    private static let shortPatience: ServerPatience = {
        var patience = ServerPatience()
        patience.report = .milliseconds(50)
        return patience
    }()

    @Test func `a server that recovers is waited for as long as it lives, and that is told`() async throws {
        try await TestDirectory.with { directory in
            try await directory.embedded().start(thenStop: true)
            let binaries = try makePrograms(
                in: directory, postgres: Self.slowServer(directory, try directory.programs()))
            try linkPrograms(directory, binaries)
            let lines = Lines()
            // Longer than a server without a word has; then it may go on.
            var patience = ServerPatience()
            patience.announcement = .seconds(10)
            patience.report = .seconds(3)
            let embedded = directory.embedded(
                binaries: binaries, patience: patience,
                log: { line in
                    lines.add(line)
                    if lines.all.count == 4 { creat("\(directory.path)/go", 0o644) }
                })
            try await embedded.start()
            #expect(lines.all.count >= 4)
            #expect(lines.all[3].hasPrefix("PostgreSQL has been starting, or recovering from a crash, for 12 s"))
            #expect(try answer("select 1", embedded.connectionString) == "1")
            try await embedded.stop()
        }
    }

    @Test func `a server that never begins is given up`() async throws {
        try await TestDirectory.with { directory in
            try await directory.embedded().start(thenStop: true)
            let script = """
                [ "$1" = --version ] && exec \(try directory.programs())/postgres --version
                echo $$ > \(directory.path)/pid
                exec sleep 60
                """
            // The script's user has to be able to write there.
            #expect(chmod(directory.path, 0o777) == 0)
            let binaries = try makePrograms(in: directory, postgres: script)
            var patience = Self.shortPatience
            // Long enough for the script to have written its id.
            patience.announcement = .seconds(2)
            patience.startShutdown = .zero
            let timedOut = EmbeddedPostgreSQLError.startTimedOut(seconds: 2, log: "")
            await #expect(throws: timedOut) {
                try await directory.embedded(binaries: binaries, patience: patience).start()
            }
            let pid = try #require(try FileSystem.text("\(directory.path)/pid").flatMap { pid_t($0.dropLast()) })
            #expect(try !isAlive(pid))
        }
    }

    @Test(arguments: ["by the caller's question", "by stop()"])
    func `a stop during a recovery ends it, and the next start recovers`(_ way: String) async throws {
        try await TestDirectory.with { directory in
            try await directory.embedded().start(thenStop: true)
            let binaries = try makePrograms(
                in: directory, postgres: Self.slowServer(directory, try directory.programs()))
            try linkPrograms(directory, binaries)
            var patience = Self.shortPatience
            patience.startShutdown = .zero
            let lines = Lines()
            let embedded = directory.embedded(binaries: binaries, patience: patience, log: { lines.add($0) })
            let pid = Mutex<pid_t?>(nil)
            async let stopped: Void = {
                guard way == "by stop()" else { return }
                #expect(try await eventually { !lines.all.isEmpty })
                try await embedded.stop()
            }()
            await #expect(throws: EmbeddedPostgreSQLError.stopped) {
                try await embedded.start(unless: {
                    // Its first report comes while it recovers.
                    guard !lines.all.isEmpty else { return false }
                    pid.withLock { $0 = (try? directory.pid()) ?? $0 }
                    return way != "by stop()"
                })
            }
            try await stopped
            let server = try #require(pid.withLock { $0 })
            #expect(try !isAlive(server))
            creat("\(directory.path)/go", 0o644)
            try await embedded.start()
            #expect(try answer("select 1", embedded.connectionString) == "1")
            try await embedded.stop()
        }
    }

    @Test func `a stop while a left server recovers ends that server`() async throws {
        try await TestDirectory.with { directory in
            try await directory.embedded().start(thenStop: true)
            // A process of the server's user, in the cluster's folder, that the cluster's file names.
            let account = geteuid() == 0 ? try SystemUser.unprivileged() : nil
            let script = "cd \(directory.cluster) && exec sleep 60"
            let left = try ChildProcess.start(
                ["sh", "-c", script], as: account, output: STDERR_FILENO, errors: STDERR_FILENO)
            #expect(
                try await eventually {
                    try FileSystem.linkTarget("/proc/\(left.pid)/cwd") == FileSystem.realPath(directory.cluster)
                })
            let file = PostmasterFile.path(in: directory.cluster)
            try directory.write("\(left.pid)\n\(directory.cluster)\n1700000000\n5432\n\n\n\nstarting\n", to: file)
            try directory.giveToServer(file)

            let lines = Lines()
            let embedded = directory.embedded(patience: Self.shortPatience, log: { lines.add($0) })
            await #expect(throws: EmbeddedPostgreSQLError.stopped) {
                try await embedded.start(unless: { !lines.all.isEmpty })
            }
            let end = left.wait(milliseconds: -1)
            // Who has looked after it has waited for it, too.
            #expect(end == .ended(128 + SIGINT) || end == .ended(nil))
            try await embedded.start(thenStop: true)
        }
    }

    @Test(arguments: ["initdb", "psql"])
    func `a stop during another program ends that and leaves nothing`(_ program: String) async throws {
        try await TestDirectory.with { directory in
            let real = try directory.programs()
            let slow = """
                sleep 60 &
                echo $! > \(directory.path)/pid.new
                mv \(directory.path)/pid.new \(directory.path)/pid
                wait
                """
            // The script's user has to be able to write there.
            #expect(chmod(directory.path, 0o777) == 0)
            let binaries = try makePrograms(
                in: directory, postgres: "exec \(real)/postgres \"$@\"",
                initdb: program == "initdb" ? slow : "exec \(real)/initdb \"$@\"",
                psql: program == "psql" ? slow : "exec \(real)/psql \"$@\"")
            let embedded = directory.embedded(binaries: binaries)
            let server = Mutex<pid_t?>(nil)
            await #expect(throws: EmbeddedPostgreSQLError.stopped) {
                try await embedded.start(unless: {
                    server.withLock { $0 = (try? directory.pid()) ?? $0 }
                    return (try? exists("\(directory.path)/pid")) == true
                })
            }
            let pid = try #require(try FileSystem.text("\(directory.path)/pid").flatMap { pid_t($0.dropLast()) })
            #expect(try await eventually { try !isAlive(pid) })
            let serverPid = server.withLock { $0 }
            #expect((serverPid != nil) == (program == "psql"))
            if let serverPid { #expect(try !isAlive(serverPid)) }

            let next = directory.embedded()
            try await next.start()
            #expect(try answer("select 1", next.connectionString) == "1")
            try await next.stop()
        }
    }

    @Test func `told to end at once it waits for nothing, and nothing can be started any more`() async throws {
        try await TestDirectory.with { directory in
            let embedded = directory.embedded(isKeptRunning: true)
            try await embedded.start()
            let pid = try #require(try directory.pid())
            embedded.endAtOnce()
            #expect(try await eventually { try !isAlive(pid) })
            await #expect(throws: EmbeddedPostgreSQLError.stopped) { try await embedded.start() }
            try await embedded.stop()
            try await directory.embedded().start(thenStop: true)
        }
    }

    /// The programs that the scripts do not stand for.
    private func linkPrograms(_ directory: TestDirectory, _ binaries: String) throws {
        let real = try directory.programs()
        for name in ["psql", "initdb"] {
            try directory.run("ln", "-sf", "\(real)/\(name)", "\(binaries)/\(name)")
        }
    }
}
