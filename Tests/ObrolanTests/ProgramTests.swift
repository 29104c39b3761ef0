import EmbeddedPostgreSQL
import Foundation
import Glibc
import NonblockingIO
import Testing

@testable import obrolan

/// The program as a process of its own, with its signals, its pipes and its rights.
@Suite(.serialized)
struct ProgramTests {
    /// A folder that every user can enter, gone with the test.
    private final class Folder {
        let path: String

        init() throws {
            var template = Array("/tmp/obrolan-XXXXXX".utf8CString)
            try #require(mkdtemp(&template) != nil)
            path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
            chmod(path, 0o755)
        }

        // A server that is still ending may write there: then the folder is left.
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private static let root = #filePath.components(separatedBy: "/Tests/")[0]

    private static let files = [
        "--port", "0", "--event-loops", "2", "--templates", "\(root)/Templates", "--public", "\(root)/Public",
        "--schema",
        "\(root)/schema.sql",
    ]

    private static func arguments(_ folder: Folder, _ further: String...) -> [String] {
        files + ["--data-dir", "\(folder.path)/data"] + further
    }

    /// The process of the private PostgreSQL; nil when it has none.
    private static func postmaster(_ folder: Folder) -> pid_t? {
        // There is no such file while no server runs.
        let file = try? String(contentsOfFile: "\(folder.path)/data/postgresql/postmaster.pid", encoding: .utf8)
        return file?.split(separator: "\n").first.flatMap { pid_t($0) }
    }

    // MARK: The log

    @Test func `with a log that nobody reads it serves, and ends when it is told to`() throws {
        let folder = try Folder()
        let errors = LogPipe()
        errors.fill()
        let program = try ProgramProcess(Self.arguments(folder, "--log-level", "info"), errors: errors)
        let port = try program.port()
        for _ in 0..<300 { #expect(try Loopback.get("/", port: port).hasPrefix("HTTP/1.1 200 ")) }
        program.send(SIGTERM)
        #expect(program.wait().status == 0)
        #expect(Self.postmaster(folder) == nil)
    }

    @Test func `an error at the start is told, and the program ends, although nobody reads`() throws {
        let errors = LogPipe()
        errors.fill()
        let program = try ProgramProcess(["--templates", "/nonexistent"], errors: errors)
        #expect(program.wait().status == 1)
    }

    @Test func `a script that cannot be joined with others is told at the start, with its line`() throws {
        let folder = try Folder()
        try FileManager.default.copyItem(atPath: "\(Self.root)/Public", toPath: "\(folder.path)/public")
        try "\nexport default 1;\n".write(toFile: "\(folder.path)/public/js/uuid.js", atomically: true, encoding: .utf8)
        let program = try ProgramProcess(Self.arguments(folder, "--public", "\(folder.path)/public"))
        let (status, errors) = program.wait()
        #expect(status == 1)
        #expect(errors.contains { $0.hasPrefix("Error: /js/uuid.js:2: an export has to stand before const") })
    }

    // MARK: Signals

    @Test func `SIGTERM, SIGINT and SIGHUP stop it in order, with its database`() throws {
        let folder = try Folder()
        for signal in [SIGHUP, SIGTERM, SIGINT] {
            let program = try ProgramProcess(Self.arguments(folder))
            _ = try program.port()
            #expect(Self.postmaster(folder) != nil)
            program.send(signal)
            #expect(program.wait().status == 0)
            #expect(Self.postmaster(folder) == nil)
        }
    }

    @Test func `a second signal ends it at once, and its database with it`() throws {
        let folder = try Folder()
        let program = try ProgramProcess(Self.arguments(folder))
        let port = try program.port()
        let postmaster = try #require(Self.postmaster(folder))
        // A request in progress, for which an orderly stop waits for seconds.
        let client = Loopback()
        try client.connect(to: port)
        client.send("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        program.send(SIGTERM)
        program.send(SIGINT)
        let (status, errors) = program.wait()
        #expect(status == 130)
        #expect(errors.contains { $0.hasSuffix("stopped at once by a second signal") })
        let end = ContinuousClock.now + .seconds(60)
        while kill(postmaster, 0) == 0, .now < end { usleep(1_000) }
        #expect(kill(postmaster, 0) != 0)
    }

    @Test func `a signal while it waits for a database stops it in order, and no line has the password`() throws {
        let nobody = Loopback()
        let port = try nobody.bind()
        let errors = LogPipe()
        let url = "postgresql://ani:very%2Fsecret@127.0.0.1:\(port)/obrolan?connect_timeout=1"
        let program = try ProgramProcess(
            Self.files + ["--log-level", "trace"], environment: ["DATABASE_URL": url], errors: errors)
        var line = ""
        while !line.contains("no connection to PostgreSQL") {
            var byte: UInt8 = 0
            try #require(read(errors.input, &byte, 1) == 1)
            line.unicodeScalars.append(Unicode.Scalar(byte))
        }
        program.send(SIGTERM)
        let (status, rest) = program.wait()
        #expect(status == 0)
        for line in rest + [line[...]] { #expect(!line.contains("secret")) }
    }

    // MARK: Order

    @Test func `a port that is taken is told before anything is started`() throws {
        let folder = try Folder()
        let other = Loopback()
        let port = try other.bind()
        other.listen()
        let program = try ProgramProcess(Self.arguments(folder, "--port", "\(port)"))
        let (status, errors) = program.wait()
        #expect(status == 1)
        #expect(errors.count == 1)
        #expect(errors.first?.hasPrefix("Error: cannot listen on 127.0.0.1:\(port): Address already in use; ") == true)
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/data"))
    }

    @Test func `a port that was taken meanwhile is told, too`() throws {
        // Between the two steps another program may begin to listen: here it is the program itself that is the other.
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let first = try BoundSockets(address, count: 2)
        let second = try BoundSockets(first.address, count: 2)
        let sockets = try first.listen()
        defer { for socket in sockets { socket.close() } }
        let error = #expect(throws: SyscallError.self) { try second.listen() }
        #expect(error?.errno == EADDRINUSE)
        #expect(throws: SyscallError.self) { try BoundSockets(first.address, count: 1) }
    }

    // MARK: Rights

    @Test(.enabled(if: geteuid() == 0, "only root can give its rights up"))
    func `started as root it gives all rights up, in each thread, and still serves and ends`() throws {
        let folder = try Folder()
        let program = try ProgramProcess(Self.arguments(folder))
        let port = try program.port()
        let owner = try #require(
            try FileManager.default.attributesOfItem(atPath: "\(folder.path)/data/postgresql")[.ownerAccountID] as? Int)
        #expect(owner != 0)
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(program.pid)/task")
        #expect(threads.count > 2)
        for thread in threads {
            // One that has ended meanwhile has no rights.
            let file = "/proc/\(program.pid)/task/\(thread)/status"
            guard let status = try? String(contentsOfFile: file, encoding: .utf8) else { continue }
            let lines = status.split(separator: "\n")
            func numbers(_ name: String) -> [Substring] {
                lines.first { $0.hasPrefix(name) }?.split(whereSeparator: \.isWhitespace).dropFirst().map { $0 } ?? []
            }
            #expect(numbers("Uid:") == Array(repeating: "\(owner)", count: 4))
            #expect(!numbers("Gid:").contains("0"))
            #expect(!numbers("Groups:").contains("0"))
            #expect(numbers("CapPrm:") == ["0000000000000000"])
        }
        #expect(try Loopback.get("/", port: port).hasPrefix("HTTP/1.1 200 "))
        program.send(SIGTERM)
        let (status, errors) = program.wait()
        #expect(status == 0)
        #expect(errors.contains { $0.contains("started as root") })
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give its rights up"))
    func `with --reload a folder that the unprivileged user cannot read is told at the start`() throws {
        let folder = try Folder()
        try FileManager.default.copyItem(atPath: "\(Self.root)/Templates", toPath: "\(folder.path)/templates")
        chmod("\(folder.path)/templates", 0o700)
        let program = try ProgramProcess(
            Self.arguments(folder, "--reload", "yes", "--templates", "\(folder.path)/templates"))
        let (status, errors) = program.wait()
        #expect(status == 1)
        #expect(errors.contains { $0.hasPrefix("Error: --reload yes reads templates") })
        #expect(Self.postmaster(folder) == nil)
    }

    // MARK: The database

    @Test func `a database that cannot be used is told in one sentence`() async throws {
        let folder = try Folder()
        let cluster = EmbeddedPostgreSQL(.init(dataDirectory: "\(folder.path)/data", durable: false))
        try await cluster.start()
        let connection = cluster.connectionString
        let statements = [
            "create role weak login", "create database plain",
            "create database latin encoding 'LATIN1' locale 'C' template template0",
            "create database ascii encoding 'SQL_ASCII' locale 'C' template template0", "create database later",
        ]
        for statement in statements { try Self.psql(connection, statement) }
        try Self.psql("\(connection) dbname=later", "create table schema_step as select 99 as number")
        let user = cluster.account.map { ["--user", $0.name] } ?? []
        // libpq takes the last of several.
        for (further, words) in [
            ("dbname=plain user=weak", "GRANT CREATE"), ("dbname=latin", "UTF8"), ("dbname=ascii", "UTF8"),
            ("dbname=later", "a later version"),
        ] {
            let program = try ProgramProcess(
                Self.files + user, environment: ["DATABASE_URL": "\(connection) \(further)"])
            let (status, errors) = program.wait()
            #expect(status == 1)
            let told = errors.filter { $0.hasPrefix("Error: The database cannot be used: ") }
            #expect(told.count == 1)
            #expect(told.first?.contains(words) == true)
            #expect(errors.count < 5, "no lines of SQL: \(errors)")
        }
        try await cluster.stop()
    }

    private static func psql(_ connection: String, _ statement: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["psql", "-X", "-q", "-d", connection, "-c", statement]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
