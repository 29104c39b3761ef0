import NonblockingIO
import PostgreSQL
import Testing

/// A connection that cannot be made.
struct RefusedCase: Sendable, CustomTestStringConvertible {
    let name: String
    let addition: String
    let mention: String

    var testDescription: String { name }
}

@Suite(.timeLimit(.minutes(10))) struct OutageTests {
    @Test func `a server that is restarted leaves nobody hanging and is found again`() async throws {
        let cluster = try ScratchCluster()
        let change = { @Sendable (configuration: inout PostgresConfiguration) in
            configuration.connectionString = cluster.connectionString
        }
        try await withPool(change) { pool in
            _ = try await pool.query(Statements.one)
            let sleeper = Task { try await postgresError { _ = try await pool.query(Statements.sleep, [60]) } }
            let active = PostgresStatement(
                "SELECT FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep($1::int8)'")
            while try await pool.query(active).isEmpty {}
            let isOver = Flag()
            try await withThrowingTaskGroup { group in
                for _ in 0..<20 {
                    group.addTask {
                        var errors: [PostgresError] = []
                        while !isOver.isSet {
                            do throws(PostgresError) {
                                _ = try await pool.query(Statements.echo, [1])
                            } catch {
                                errors.append(error)
                            }
                        }
                        return errors
                    }
                }
                // However this ends.
                defer { isOver.set() }
                try cluster.restart()
                #expect(try await sleeper.value.isOutcomeUnknown)
                _ = try await pool.query(Statements.one)
                isOver.set()
                for try await errors in group {
                    // Whoever was not in flight has only waited.
                    #expect(errors.allSatisfy { $0.isOutcomeUnknown })
                }
            }
            try await pool.execute("SELECT 1")
        }
    }

    @Test func `a server that stays down is told at once, until it is back`() async throws {
        let cluster = try ScratchCluster()
        let change = { @Sendable (configuration: inout PostgresConfiguration) in
            configuration.connectionString = cluster.connectionString
            configuration.acquireTimeout = .seconds(2)
        }
        try await withPool(change) { pool in
            _ = try await pool.query(Statements.one)
            try cluster.stop()
            while await pool.isAvailable { await Task.yield() }
            // The first waits; if the others did too, the test would run out of time.
            for _ in 0..<100 {
                #expect(try await postgresError { _ = try await pool.query(Statements.one) }.isUnavailable)
                #expect(try await postgresError { _ = try await pool.query(Statements.writeOne) }.isUnavailable)
            }
            #expect(try await postgresError { try await pool.execute("SELECT 1") }.isUnavailable)
            try cluster.start()
            while await !pool.isAvailable { await Task.yield() }
            #expect(try await pool.query(Statements.one).count == 1)
        }
    }

    @Test func `who comes while an outage becomes overdue, or the pool is closed, is answered, too`() async throws {
        for round in 0..<300 {
            let change = { @Sendable (configuration: inout PostgresConfiguration) in
                configuration.connectionString = "host=/nowhere"
                configuration.acquireTimeout = .microseconds(10 * round)
            }
            try await withPool(change) { pool in
                try await withThrowingTaskGroup { group in
                    for _ in 0..<10 {
                        group.addTask { try await postgresError { _ = try await pool.query(Statements.one) } }
                    }
                    if round % 2 == 0 { await pool.close() }
                    for try await error in group { #expect(error.isUnavailable) }
                }
            }
        }
    }

    @Test(arguments: [
        RefusedCase(name: "password", addition: " user=refused password=wrong", mention: "password authentication"),
        RefusedCase(name: "user", addition: " user=nobody_here", mention: "role \"nobody_here\" does not exist"),
        RefusedCase(name: "database", addition: " dbname=nothing_here", mention: "\"nothing_here\" does not exist"),
        RefusedCase(name: "socket", addition: " host=/nowhere", mention: "/nowhere"),
        RefusedCase(name: "host", addition: " host=nowhere.invalid", mention: "nowhere.invalid"),
        RefusedCase(name: "port", addition: " host=127.0.0.1 port=1", mention: "refused"),
        RefusedCase(name: "string", addition: " nonsense=1", mention: "a keyword that libpq does not know"),
    ])
    func `a connection that is refused says why`(refused: RefusedCase) async throws {
        let cluster = try ScratchCluster.shared.get()
        let change = { @Sendable (configuration: inout PostgresConfiguration) in
            configuration.connectionString = cluster.connectionString + refused.addition
            configuration.acquireTimeout = .milliseconds(300)
        }
        try await withPool(size: 1, change) { pool in
            var error: PostgresError
            // On a busy machine the first attempt may not be over when the first query has waited long enough.
            repeat {
                error = try await postgresError { _ = try await pool.query(Statements.one) }
            } while error.message == "no connection yet"
            #expect(error.isUnavailable)
            #expect(error.description == "PostgreSQL is not available")
            #expect(error.debugDescription.contains(refused.mention))
        }
    }

    @Test func `the next host of several is tried when the first refuses`() async throws {
        let cluster = try ScratchCluster.shared.get()
        let change = { @Sendable (configuration: inout PostgresConfiguration) in
            configuration.connectionString =
                cluster.connectionString + " host=127.0.0.1,/nowhere,\(cluster.socketFolder)"
        }
        try await withPool(change) { pool in
            let rows = try await pool.query(Statements.one)
            #expect(rows.count == 1)
        }
    }

    @Test func `a host that does not answer is given up in time`() async throws {
        let any = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let silent = try ListeningSocket.open(any, count: 1)[0]
        defer { silent.close() }
        let change = { @Sendable (configuration: inout PostgresConfiguration) in
            configuration.connectionString = "host=127.0.0.1 port=\(silent.address.port)"
            configuration.connectTimeout = .milliseconds(100)
            configuration.acquireTimeout = .milliseconds(300)
        }
        try await withPool(size: 1, change) { pool in
            var error: PostgresError
            repeat {
                error = try await postgresError { _ = try await pool.query(Statements.one) }
            } while error.message == "no connection yet"
            #expect(error.message == "no connection within 0.1 seconds")
        }
    }

    @Test(arguments: [0, 1, 2]) func `a host that does not answer does not keep the others from being tried`(place: Int)
        async throws
    {
        let cluster = try ScratchCluster.shared.get()
        let any = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let silent = try ListeningSocket.open(any, count: 1)[0]
        defer { silent.close() }
        // Port 5432 is that of the socket's name; one that refuses stands between.
        var hosts = [("/nowhere", "5432"), (cluster.socketFolder, "5432")]
        hosts.insert(("127.0.0.1", "\(silent.address.port)"), at: place)
        let (names, ports) = (hosts.map(\.0).joined(separator: ","), hosts.map(\.1).joined(separator: ","))
        let change = { @Sendable (configuration: inout PostgresConfiguration) in
            configuration.connectionString = cluster.connectionString + " host=\(names) port=\(ports)"
            configuration.connectTimeout = .milliseconds(300)
        }
        try await withPool(change) { pool in
            let rows = try await pool.query(Statements.one)
            #expect(rows.count == 1)
        }
    }
}
