import CLibpq
import Testing

@testable import PostgreSQL

@Suite struct PreparedStatementsTests {
    private let statement = PostgresStatement("SELECT $1, $2")
    private let name1 = Array("s1".utf8CString)
    private let name2 = Array("s2".utf8CString)

    @Test func `the first use prepares, others go unnamed until the server has confirmed`() {
        var prepared = PreparedStatements()
        #expect(prepared.use(statement, types: [20, 25]) == .preparing(name1))
        #expect(prepared.use(statement, types: [20, 25]) == .unnamed)
        prepared.confirm(statement)
        #expect(prepared.use(statement, types: [20, 25]) == .prepared(name1))
        #expect(prepared.use(statement, types: [0, 0]) == .prepared(name1))
    }

    @Test func `one that was forgotten is prepared under another name`() {
        var prepared = PreparedStatements()
        _ = prepared.use(statement, types: [20, 25])
        prepared.forget(statement)
        #expect(prepared.use(statement, types: [20, 25]) == .preparing(name2))
    }

    @Test func `a type that was not known is learnt by preparing again`() {
        var prepared = PreparedStatements()
        _ = prepared.use(statement, types: [20, 0])
        prepared.confirm(statement)
        #expect(prepared.use(statement, types: [0, 25]) == .preparing(name2))
        prepared.confirm(statement)
        #expect(prepared.use(statement, types: [20, 25]) == .prepared(name2))
    }

    @Test(arguments: [[25, 25], [20], [20, 25, 20]] as [[Oid]])
    func `other types or counts than the prepared go unnamed`(types: [Oid]) {
        var prepared = PreparedStatements()
        _ = prepared.use(statement, types: [20, 25])
        prepared.confirm(statement)
        #expect(prepared.use(statement, types: types) == .unnamed)
    }
}

@Suite struct BackoffTests {
    @Test func `the delay doubles up to two seconds, and begins anew after a reset`() {
        var backoff = Backoff()
        let longest = (0..<8).map { _ in backoff.delay(random: 1) }
        #expect(longest == [50, 100, 200, 400, 800, 1600, 2000, 2000].map { .milliseconds($0) })
        backoff.reset()
        #expect(backoff.delay(random: 0) == .milliseconds(25))
    }
}
