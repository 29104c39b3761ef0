import Foundation
import Glibc
import NonblockingIO
import Testing

@testable import PostgreSQL

/// A PgBouncer in transaction mode before a cluster.
private struct PgBouncer {
    static let program = "/usr/sbin/pgbouncer"
    static var isInstalled: Bool { access(program, X_OK) == 0 }

    let folder: String

    init(before cluster: ScratchCluster, _ addition: String) throws {
        var template = Array((FileManager.default.temporaryDirectory.path + "/pgbouncer-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw ScratchCluster.Failure(description: "no temporary folder") }
        folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        if geteuid() == 0, let user = getpwnam("postgres") {
            guard chown(folder, user.pointee.pw_uid, user.pointee.pw_gid) == 0 else {
                throw ScratchCluster.Failure(description: "cannot give away \(folder)")
            }
        }
        let file = """
            [databases]
            * = host=\(cluster.socketFolder)
            [pgbouncer]
            pool_mode = transaction
            listen_addr =
            unix_socket_dir = \(folder)
            auth_type = any
            user = postgres
            pidfile = \(folder)/pid
            logfile = \(folder)/log
            \(addition)

            """
        // `auth_type = any` has everybody be the user of the database's line.
        try file.replacing("* = host", with: "* = user=postgres host")
            .write(toFile: folder + "/ini", atomically: false, encoding: .utf8)
        _ = try ScratchCluster.output(Self.program, ["-d", folder + "/ini"])
    }

    var connectionString: String { "host=\(folder) port=6432 dbname=postgres user=postgres" }

    func stop() throws {
        let text = try String(contentsOfFile: folder + "/pid", encoding: .utf8)
        if let process = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)) { kill(process, SIGTERM) }
    }
}

@Suite(.timeLimit(.minutes(10))) struct FitnessTests {
    @Test func `a server that is as it must be is accepted`() async throws {
        try await withPool({ $0.settings = ["TimeZone": "UTC", "jit": "0", "work_mem": "4096kB"] }) { pool in
            try await pool.checkServer()
        }
    }

    @Test func `a database of another encoding is refused by name`() async throws {
        let cluster = try ScratchCluster(encoding: "LATIN1")
        try await withPool({ $0.connectionString = cluster.connectionString }) { pool in
            let error = try await postgresError { try await pool.checkServer() }
            #expect(error.kind == .unfit(.encoding("LATIN1")))
            #expect("\(error)".contains("must be UTF8"))
            #expect(!error.isTransient)
        }
    }

    @Test func `a standby is told at once, and may be promoted`() async throws {
        let cluster = try ScratchCluster()
        try cluster.becomeStandby()
        try await withPool({ $0.connectionString = cluster.connectionString }) { pool in
            let error = try await postgresError { try await pool.checkServer() }
            #expect(error.sqlState == "25006")
            #expect(error.isTransient)
        }
    }

    @Test func `a setting that the server does not know is refused by name`() async throws {
        let change = { @Sendable (configuration: inout PostgresConfiguration) in
            configuration.settings = ["nothing_of_this_name": "1"]
            configuration.acquireTimeout = .seconds(5)
        }
        try await withPool(change) { pool in
            let error = try await refusal(by: pool)
            guard case .unfit(.settingRefused) = error.kind else {
                Issue.record("\(error.debugDescription)")
                return
            }
            #expect("\(error)".contains("nothing_of_this_name"))
        }
    }

    @Test(
        .enabled(if: PgBouncer.isInstalled),
        arguments: [
            "", "ignore_startup_parameters = options", "ignore_startup_parameters = options,extra_float_digits",
        ])
    func `a pooler in transaction mode is refused in a sentence`(addition: String) async throws {
        let bouncer = try PgBouncer(before: try ScratchCluster.shared.get(), addition)
        let change = { @Sendable (configuration: inout PostgresConfiguration) in
            configuration.connectionString = bouncer.connectionString
            configuration.settings = ["TimeZone": "UTC"]
            configuration.acquireTimeout = .seconds(5)
        }
        try await withPool(change) { pool in
            let error = try await refusal(by: pool)
            #expect(error.kind == .unfit(.pooler), "\(error.debugDescription)")
            #expect("\(error)".contains("PgBouncer"))
        }
        try bouncer.stop()
    }
}

/// Why the server is refused. On a busy machine the first attempt to connect may not be over when the check has waited
/// long enough.
private func refusal(by pool: PostgresPool) async throws -> PostgresError {
    while true {
        let error = try await postgresError { try await pool.checkServer() }
        if error.message != "no connection yet" { return error }
    }
}
