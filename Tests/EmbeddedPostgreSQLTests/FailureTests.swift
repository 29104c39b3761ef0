import Glibc
import Testing

@testable import EmbeddedPostgreSQL

/// Programs that are missing or fail.
@Suite(.serialized, .timeLimit(.minutes(2)))
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
        ("beta", "postgres (PostgreSQL) 18beta1", "18"), ("before 10", "postgres (PostgreSQL) 9.6.24", "9.6"),
    ])
    func `reads the programs' major version`(_ row: (name: String, output: String, version: String)) async throws {
        try await TestDirectory.with { directory in
            let binaries = try makePrograms(in: directory, postgres: "echo '\(row.output)'")
            let log = try ServerLog("\(directory.path)/log")
            let programs = try ServerPrograms.find(in: binaries, forVersion: nil, log: log)
            #expect(programs == ServerPrograms(directory: binaries, majorVersion: row.version))
        }
    }

    private func makePrograms(
        in directory: TestDirectory,
        postgres: String = "echo 'postgres (PostgreSQL) 15.4'",
        initdb: String = "exit 0"
    ) throws -> String {
        let binaries = "\(directory.path)/bin"
        try directory.run("mkdir", binaries)
        try directory.run("chmod", "755", binaries)
        for (name, script) in [("postgres", postgres), ("initdb", initdb), ("psql", ""), ("pg_isready", "")] {
            try directory.write("#!/bin/sh\n\(script)\n", to: "\(binaries)/\(name)")
        }
        return binaries
    }
}
