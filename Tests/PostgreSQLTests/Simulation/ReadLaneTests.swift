import Testing

@testable import PostgreSQL

/// Who may read and who waits, in virtual time.
struct ReadLaneTests {
    private static let failure = PostgresError(.unavailable, "no")
    private var machine = ReadLaneStateMachine<Int>(acquireTimeout: .seconds(1), maxPending: 3)
    private let now = Duration.seconds(1000)

    private mutating func refusal(
        _ body: (inout ReadLaneStateMachine<Int>) throws(PostgresError) -> Void
    ) -> PostgresError? {
        do throws(PostgresError) {
            try body(&machine)
            return nil
        } catch {
            return error
        }
    }

    @Test mutating func `as many queries as allowed are on their way, and one more is refused`() throws {
        _ = machine.start(at: now)
        for _ in 0..<3 { try machine.enter() }
        let error = refusal { machine throws(PostgresError) in try machine.enter() }
        #expect(error?.isUnavailable == true)
        machine.leave()
        try machine.enter()
    }

    @Test mutating func `queries of an outage wait for a second since its beginning, and then fail at once`() throws {
        _ = machine.start(at: now)
        machine.opened()
        machine.lost(Self.failure, isAvailable: false, at: now)
        try machine.enter()
        machine.wait(1)
        machine.lost(Self.failure, isAvailable: false, at: now + .milliseconds(900))
        let early = machine.timer(at: now + .milliseconds(999))
        #expect(early == nil)
        let given = machine.timer(at: now + .seconds(1))
        #expect(given?.requests == [1])
        let error = refusal { machine throws(PostgresError) in try machine.checkAvailable() }
        #expect(error?.isUnavailable == true)
        machine.opened()
        try machine.checkAvailable()
    }
}
