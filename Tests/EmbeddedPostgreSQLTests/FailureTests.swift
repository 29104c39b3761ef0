import Glibc
import Testing

@testable import EmbeddedPostgreSQL

/// Programs that are missing or fail.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct FailureTests {
    @Test func `missing programs`() async throws {
        try await TestDirectory.with { directory async throws in
            let missing = EmbeddedPostgreSQLError.programsNotFound(searched: ["\(directory.path)/bin"])
            await #expect(throws: missing) {
                try await directory.embedded(binaries: "\(directory.path)/bin").start()
            }
            #expect("\(missing)".contains("apt-get install postgresql"))
            #expect("\(missing)".contains("DATABASE_URL"))
            #expect(try !exists(directory.cluster))
        }
    }

    @Test func `a failing initdb is quoted and leaves nothing in the cluster's place`() async throws {
        try await TestDirectory.with { directory in
            let binaries = try makePrograms(in: directory, initdb: "echo no luck today >&2; exit 1")
            await #expect(throws: EmbeddedPostgreSQLError.initializationFailed(log: "no luck today")) {
                try await directory.embedded(binaries: binaries).start()
            }
            #expect(try !exists(directory.cluster))

            let embedded = directory.embedded()
            try await embedded.start()
            try await embedded.stop()
        }
    }

    @Test func `a failing server is quoted, and the next start is free to try again`() async throws {
        try await TestDirectory.with { directory in
            let failing = directory.embedded(settings: ["shared_buffers": "plenty"])
            let error = await #expect(throws: EmbeddedPostgreSQLError.self) { try await failing.start() }
            guard case .startFailed(let log) = error else {
                Issue.record("unexpected \(String(describing: error))")
                return
            }
            #expect(log.contains(#"invalid value for parameter "shared_buffers": "plenty""#))

            let embedded = directory.embedded()
            try await embedded.start()
            try await embedded.stop()
        }
    }

    @Test(arguments: [
        ("release", "postgres (PostgreSQL) 15.4", "15"), ("Debian", "postgres (PostgreSQL) 17.0 (Debian 17.0-1)", "17"),
        ("beta", "postgres (PostgreSQL) 18beta1", "18"),
    ])
    func `reads the programs' major version`(_ row: (name: String, output: String, version: String)) async throws {
        try await TestDirectory.with { directory in
            let binaries = try makePrograms(in: directory, postgres: "echo '\(row.output)'")
            let runner = ProgramRunner(log: try ServerLog("\(directory.path)/log"))
            let cluster = ClusterLocation(path: directory.cluster)
            let programs = try ServerPrograms.find(in: binaries, for: cluster, runner: runner)
            #expect(programs == ServerPrograms(directory: binaries, majorVersion: row.version))
        }
    }

    @Test(arguments: [("14", "14.11"), ("9.6", "9.6.24")])
    func `programs older than 15 are refused in words`(_ row: (version: String, output: String)) async throws {
        try await TestDirectory.with { directory async throws in
            let binaries = try makePrograms(in: directory, postgres: "echo 'postgres (PostgreSQL) \(row.output)'")
            let tooOld = EmbeddedPostgreSQLError.programsTooOld(installed: [row.version])
            await #expect(throws: tooOld) { try await directory.embedded(binaries: binaries).start() }
            #expect("\(tooOld)".hasPrefix("PostgreSQL \(row.version) is installed, but 15 is the oldest that works"))
            #expect(try !exists(directory.cluster))
        }
    }

    @Test func `a kernel without room for the server is told in a sentence`() async throws {
        try await TestDirectory.with { directory in
            try await directory.embedded().start(thenStop: true)
            let real = try directory.programs()
            // The real message of the real server, whose memory does not fit.
            let binaries = try makePrograms(
                in: directory,
                postgres: """
                    [ "$1" = --version ] && exec \(real)/postgres --version
                    ulimit -v 131072
                    exec \(real)/postgres "$@" -c shared_buffers=1GB
                    """)
            let error = await #expect(throws: EmbeddedPostgreSQLError.self) {
                try await directory.embedded(binaries: binaries, connections: 385).start()
            }
            guard case .kernelLimit(let connections, let log) = error else {
                Issue.record("unexpected \(String(describing: error))")
                return
            }
            #expect(connections == 400)
            #expect(log.contains("could not map anonymous shared memory"))
        }
    }
}
