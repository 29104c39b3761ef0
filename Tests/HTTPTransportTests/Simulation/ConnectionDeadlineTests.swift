import HTTP
import NonblockingIO
import Testing

@testable import HTTPTransport

/// The time-outs of a connection, in virtual time.
struct ConnectionDeadlineTests {
    private static let limits = ServerLimits()
    private static let moment = Duration.nanoseconds(1)

    // MARK: Silence

    @Test func `a connection of which nothing comes is closed when the idle time is over, and not before`() {
        var connection = ScriptedConnection()
        connection.pass(Self.limits.idleTimeout - Self.moment)
        #expect(!connection.isClosed)
        connection.pass(Self.moment)
        #expect(connection.actions.last == .close)
        #expect(!connection.isRefused)
    }

    @Test func `the silence after an answer is counted from that answer, however quickly it was given`() {
        var connection = ScriptedConnection()
        for _ in 0..<3 {
            connection.pass(.seconds(60))
            connection.receiveRequest()
            connection.respond()
        }
        connection.pass(Self.limits.idleTimeout - Self.moment)
        #expect(!connection.isClosed)
        connection.pass(Self.moment)
        #expect(connection.isClosed)
    }

    @Test func `the silence after an answer that is taken slowly is counted from its last byte`() {
        var connection = ScriptedConnection()
        connection.receiveRequest()
        connection.respond(20_000, taken: 1000)
        connection.pass(.seconds(20))
        connection.take(18_999)
        connection.pass(.seconds(20))
        connection.take(1, .all)
        connection.pass(Self.limits.idleTimeout - Self.moment)
        #expect(!connection.isClosed)
        connection.pass(Self.moment)
        #expect(connection.isClosed)
    }

    @Test func `a request that takes long is not idle`() {
        var connection = ScriptedConnection()
        connection.receiveRequest()
        connection.tell(.responseIsAwaited)
        connection.pass(.seconds(3600))
        #expect(!connection.isClosed)
        connection.respond()
        connection.pass(Self.limits.idleTimeout - Self.moment)
        #expect(!connection.isClosed)
    }

    // MARK: Requests

    @Test func `a head that keeps coming has no more time than another`() {
        var connection = ScriptedConnection()
        connection.pass(.seconds(70))
        for _ in 0..<10 {
            #expect(!connection.isRefused)
            connection.receive(.head)
            connection.pass(.seconds(1) - Self.moment)
        }
        #expect(!connection.isRefused)
        connection.pass(.seconds(1))
        #expect(connection.isRefused)
    }

    @Test func `a deadline that is earlier than the timer sets it anew, a later one leaves it`() {
        var connection = ScriptedConnection()
        let idle = connection.now + Self.limits.idleTimeout
        #expect(connection.timer == idle)
        #expect(connection.receive(.head) == .wait(settingTimer: connection.now + Self.limits.headTimeout))
        #expect(connection.receive(.content) == .wait(settingTimer: nil))
        connection.receiveRequest()
        connection.respond()
        #expect(connection.timer == connection.now + Self.limits.headTimeout)
        connection.pass(Self.limits.headTimeout)
        #expect(connection.timer == idle)
    }

    @Test func `content that does not come is refused after its own time`() {
        var connection = ScriptedConnection()
        connection.receive(.head)
        connection.pass(.seconds(9))
        connection.receive(.content)
        connection.pass(Self.limits.contentTimeout - Self.moment)
        #expect(!connection.isRefused)
        connection.pass(Self.moment)
        #expect(connection.isRefused)
    }

    @Test(arguments: [(499, true), (500, false)])
    func `content has to come at the least rate, and may take as long as that takes`(rate: Int, isRefused: Bool) {
        var connection = ScriptedConnection()
        connection.receive(.content)
        // What is missing each second adds up to the whole time after 10,000 of them.
        for _ in 0..<10_001 where !connection.isRefused {
            connection.pass(.seconds(1))
            if !connection.isRefused { connection.receive(.content, rate) }
        }
        #expect(connection.isRefused == isRefused)
    }

    @Test func `content that comes fast earns no more than the whole time`() {
        var connection = ScriptedConnection()
        connection.receive(.content)
        for _ in 0..<100 { connection.receive(.content, 50_000) }
        connection.pass(Self.limits.contentTimeout - Self.moment)
        #expect(!connection.isRefused)
        connection.pass(Self.moment)
        #expect(connection.isRefused)
    }

    @Test func `each request of a pipeline has its own time`() {
        var connection = ScriptedConnection()
        for _ in 0..<10 {
            // The start of the next request comes with the end of each.
            connection.receiveRequest(behind: 3)
            connection.respond()
            connection.pass(Self.limits.headTimeout - Self.moment)
            #expect(!connection.isRefused)
        }
        connection.pass(Self.moment)
        #expect(connection.isRefused)
    }

    // MARK: Answers

    @Test func `a client that takes nothing is closed`() {
        var connection = ScriptedConnection()
        connection.receiveRequest()
        connection.respond(1_000_000, taken: 1000)
        connection.pass(Self.limits.writeTimeout - Self.moment)
        #expect(!connection.isClosed)
        connection.pass(Self.moment)
        #expect(connection.actions.last == .close)
        #expect(!connection.isRefused)
    }

    @Test(arguments: [(499, true), (500, false)])
    func `a client has to take at the least rate, and may take as long as that takes`(rate: Int, isClosed: Bool) {
        var connection = ScriptedConnection()
        connection.receiveRequest()
        connection.respond(100_000_000, taken: 1000)
        for _ in 0..<15_001 where !connection.isClosed {
            connection.pass(.seconds(1))
            if !connection.isClosed { connection.take(rate) }
        }
        #expect(connection.isClosed == isClosed)
    }

    @Test func `a client that has taken all has its whole time for the next answer`() {
        var connection = ScriptedConnection()
        connection.receiveRequest()
        connection.respond(1000, taken: 500)
        connection.pass(.seconds(20))
        connection.take(500, .all)
        connection.receiveRequest()
        connection.respond(1000, taken: 500)
        connection.pass(Self.limits.writeTimeout - Self.moment)
        #expect(!connection.isClosed)
        connection.pass(Self.moment)
        #expect(connection.isClosed)
    }

    // MARK: The end

    @Test func `what is sent for ever after the last answer ends with the linger time, in turns`() {
        var connection = ScriptedConnection()
        connection.receiveRequest(persists: false)
        connection.respond()
        #expect(connection.actions.contains(.shutDownWriting))
        connection.tell(.ready(.readable))
        for _ in 0..<10 {
            #expect(!connection.isClosed)
            for _ in 0..<ConnectionStateMachine.stepsInTurn {
                #expect(connection.actions.last == .discard)
                connection.tell(.received(65_536, isShort: false))
            }
            #expect(connection.actions.last == .yield)
            connection.pass(Self.limits.lingerTimeout / 10)
            connection.tell(.turn)
        }
        #expect(connection.isClosed)
    }
}
