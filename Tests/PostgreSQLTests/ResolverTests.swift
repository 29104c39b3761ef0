import Glibc
import NonblockingIO
import Testing

@testable import PostgreSQL

@Suite(.timeLimit(.minutes(10))) struct ResolverTests {
    /// A name server that can be told to be silent.
    private final class NameServer: Sendable {
        private let silence: Flag
        let resolver: NameResolver

        init(_ addresses: [String: [String]], isSilent: Bool = false) {
            let silence = Flag()
            if isSilent { silence.set() }
            self.silence = silence
            resolver = NameResolver { name throws(NameResolver.Failure) in
                // For as long as the process lives, as a name server that is never there.
                while silence.isSet { pause() }
                guard let found = addresses[name] else { throw NameResolver.Failure(message: "unknown") }
                return found
            }
        }

        func fallSilent() { silence.set() }
    }

    /// A connection string for a TCP port of the shared cluster's.
    private func withTCPCluster(_ body: (_ cluster: ScratchCluster, _ port: Int) async throws -> Void) async throws {
        let any = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let probe = try ListeningSocket.open(any, count: 1)[0]
        let port = Int(probe.address.port)
        probe.close()
        let cluster = try ScratchCluster(tcpPort: port)
        try await body(cluster, port)
    }

    @Test func `a name server that never answers delays neither the loop nor the end`() async throws {
        let names = NameServer([:], isSilent: true)
        let change = { @Sendable (configuration: inout PostgresConfiguration) in
            configuration.connectionString = "host=db.example dbname=postgres"
            configuration.resolver = names.resolver
            // The look-up is given up after half of the one, before the other: both are timers of one loop.
            configuration.connectTimeout = .milliseconds(100)
            configuration.acquireTimeout = .milliseconds(300)
        }
        try await withPool(change) { pool in
            for lane in PostgresLane.allCases {
                let error = try await postgresError {
                    _ = try await pool.query(PostgresStatement("SELECT 1", lane: lane))
                }
                #expect(error.isUnavailable)
                #expect(error.message == "the host db.example was not found: no answer from the name server")
            }
            // The loop turns.
            for _ in 0..<100 { await pool.loop.turn() }
        }
    }

    @Test func `each address of a name is tried, and those of others`() async throws {
        try await withTCPCluster { _, port in
            let names = NameServer(["a.example": ["::1", "127.0.0.2", "127.0.0.1"]])
            let change = { @Sendable (configuration: inout PostgresConfiguration) in
                configuration.connectionString =
                    "host=/nowhere,b.example,a.example port=5432,1,\(port) user=postgres dbname=postgres"
                configuration.resolver = names.resolver
            }
            try await withPool(size: 1, change) { pool throws in
                #expect(try await pool.query(Statements.one).count == 1)
            }
        }
    }

    @Test func `the last known address is used when the name server is silent`() async throws {
        try await withTCPCluster { cluster, port in
            let names = NameServer(["a.example": ["127.0.0.1"]])
            let change = { @Sendable (configuration: inout PostgresConfiguration) in
                configuration.connectionString = "host=a.example port=\(port) user=postgres dbname=postgres"
                configuration.resolver = names.resolver
                configuration.connectTimeout = .seconds(2)
            }
            try await withPool(size: 1, change) { pool in
                _ = try await pool.query(Statements.one)
                names.fallSilent()
                try cluster.restart()
                while await pool.isAvailable { await Task.yield() }
                #expect(try await pool.query(Statements.one).count == 1)
            }
        }
    }

    @Test func `only names are looked up`() throws {
        let string = try ConnectionString("host=/tmp,@abstract,127.0.0.1,::1,fe80::1%eth0,db.example,db.example port=1")
        let list = try HostList(string)
        #expect(list.names == ["db.example"])
        let resolved = list.resolved { _ in ["10.0.0.1", "10.0.0.2"] }
        #expect(resolved.count == 9)
        #expect(resolved.last == HostList.Host(name: "db.example", address: "10.0.0.2", port: "1"))
        #expect(try HostList(ConnectionString("host=db.example hostaddr=10.0.0.9")).names.isEmpty)
    }

    // MARK: Connection strings

    @Test(arguments: [
        "postgres://user:SECRET@host:port/db", "postgres://user:SECRET@host:99999/db",
        "postgres://user:SE/SECRET@host/db",
        "postgres://user:SE@SECRET@host/db", "postgres://user:%zzSECRET@host/db", "postgresql://u:SECRET@[::1/db",
        "postgres://u:SECRET@host/db?SECRET=1", "postgres://u:SECRET@host/db?SECRET", "host=x password=a SECRET",
        "host=x password='SECRET", "host=x password=a SECRET=b", "host=x,y,z hostaddr=SECRET,1.2.3.4", "SECRET",
        "postgres://u:SECRET@[]/db", "host=x port=1,2,3 password=SECRET", "password=SECRET\0 host=x",
    ])
    func `a connection string that is malformed is refused in a sentence that quotes nothing`(string: String)
        async throws
    {
        let error = #expect(throws: PostgresConnectionStringError.self) { try PostgresConfiguration.check(string) }
        let sentence = error?.description ?? ""
        #expect(sentence.hasPrefix("The database's connection string") && sentence.hasSuffix("."))
        #expect(!sentence.contains("SECRET") && !String(reflecting: error).contains("SECRET"))
        let log = Log<String>()
        let change = { @Sendable (configuration: inout PostgresConfiguration) in
            configuration.connectionString = string
            configuration.acquireTimeout = .milliseconds(100)
            configuration.log = { log.add($0) }
        }
        try await withPool(size: 1, change) { pool in
            let error = try await postgresError { try await pool.checkServer() }
            #expect(!error.debugDescription.contains("SECRET"))
        }
        #expect(!log.all.isEmpty && !log.all.contains { $0.contains("SECRET") })
    }

    @Test(arguments: [
        "", "postgres://", "postgres:///db?host=/tmp", "postgres://u:p%40%2F@host:5432/db?options=-c%20a%3D%40",
        "postgres://u:p?x@host/db", "host=a,b port=1,2 password='a b'", "host=/tmp dbname=x", "postgres://u@a:1,b:2/x",
    ])
    func `a connection string that libpq understands is accepted`(string: String) throws {
        try PostgresConfiguration.check(string)
    }

    @Test(arguments: ["user=refused password=SECRET", "postgres"])
    func `a password that is refused is in no message`(addition: String) async throws {
        let cluster = try ScratchCluster.shared.get()
        let folder = cluster.socketFolder.replacing("/", with: "%2F")
        let log = Log<String>()
        let change = { @Sendable (configuration: inout PostgresConfiguration) in
            configuration.connectionString =
                addition == "postgres"
                ? "postgres://refused:SECRET@\(folder)/postgres" : cluster.connectionString + " " + addition
            configuration.acquireTimeout = .milliseconds(300)
            configuration.log = { log.add($0) }
        }
        try await withPool(size: 1, change) { pool in
            var error = try await postgresError { _ = try await pool.query(Statements.one) }
            while error.message == "no connection yet" {
                error = try await postgresError { _ = try await pool.query(Statements.one) }
            }
            #expect(error.message.contains("password authentication failed"))
            #expect(!error.debugDescription.contains("SECRET"))
        }
        #expect(!log.all.isEmpty && !log.all.contains { $0.contains("SECRET") })
    }
}
