import NonblockingIO
import Testing

@testable import PostgreSQL

@Suite(.timeLimit(.minutes(10))) struct ReportTests {
    @Test func `an outage of many connections is told once, and its end with a count`() async throws {
        let cluster = try ScratchCluster()
        let log = Log<String>()
        var configuration = PostgresConfiguration(connectionString: cluster.connectionString)
        configuration.log = { log.add($0) }
        let pools = try (0..<3).map {
            PostgresPool(loop: try EventLoop(label: "test.\($0)"), configuration: configuration)
        }
        for pool in pools { await pool.start() }
        for pool in pools { _ = try await pool.query(Statements.one) }
        try cluster.stop()
        for pool in pools {
            while await pool.isAvailable { await Task.yield() }
            // Longer than a few attempts of each connection.
            #expect(try await postgresError { _ = try await pool.query(Statements.one) }.isUnavailable)
        }
        try cluster.start()
        while !log.all.contains(where: { $0.contains("are back, after ") }) { await Task.yield() }
        let told = log.all.filter { $0.hasPrefix("no connection") }
        #expect(!told.isEmpty && told.count == Set(told).count)
        #expect(log.all.count { $0.contains("are back, after ") } == 1)
        for pool in pools { await pool.close() }
    }

    @Test func `the same notice is told the first, tenth, hundredth time`() {
        let report = ConnectionReport()
        let log = Log<String>()
        for _ in 0..<250 { report.noticed("again") { log.add($0) } }
        #expect(log.all == ["again", "again (10 times)", "again (100 times)"])
    }

    @Test func `an outage is over when the last connection is back or closed`() {
        final class Connection {}
        let (one, other, report, log) = (Connection(), Connection(), ConnectionReport(), Log<String>())
        report.failed(one, "refused") { log.add($0) }
        report.failed(other, "refused") { log.add($0) }
        report.opened(one) { log.add($0) }
        report.failed(one, "refused") { log.add($0) }
        report.opened(one) { log.add($0) }
        #expect(log.all == ["no connection to PostgreSQL: refused"])
        report.opened(other) { log.add($0) }
        #expect(log.all.last == "the connections to PostgreSQL are back, after 3 that were lost or refused")
        report.failed(one, "refused") { log.add($0) }
        #expect(log.all.count == 3)
    }
}
