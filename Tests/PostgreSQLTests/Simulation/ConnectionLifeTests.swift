import Testing

@testable import PostgreSQL

/// When a connection is made, given up and made again, in virtual time.
struct ConnectionLifeTests {
    private typealias Machine = PostgresConnectionStateMachine

    private static let failure = PostgresError(.unavailable, "no")
    private var machine = Machine(connectTimeout: .seconds(5), longestSilence: .seconds(6))
    private var now = Duration.seconds(1000)

    private mutating func tell(_ event: Machine.Event) -> Machine.Action {
        machine.handle(event, at: now, random: 1)
    }

    private mutating func open() {
        _ = tell(.start)
        _ = tell(.resolved(session: machine.sessionNumber))
        _ = tell(.opened)
    }

    /// How long it pauses, at the end of which it tries again.
    private mutating func pause() -> Duration? {
        guard let deadline = machine.deadline else { return nil }
        defer {
            now = deadline
            _ = tell(.deadline(awaitsAnswer: false, host: nil))
        }
        return deadline - now
    }

    private mutating func reopen() {
        _ = tell(.resolved(session: machine.sessionNumber))
        _ = tell(.opened)
    }

    @Test mutating func `a server that refuses is asked after pauses that double to two seconds`() {
        _ = tell(.start)
        for milliseconds in [50, 100, 200, 400, 800, 1600, 2000, 2000] {
            _ = tell(.failed(Self.failure))
            #expect(pause() == .milliseconds(milliseconds))
        }
    }

    @Test mutating func `a server that ends each session at once is asked no more often`() {
        open()
        for milliseconds in [50, 100, 200, 400, 800, 1600, 2000, 2000] {
            _ = tell(.failed(Self.failure))
            // Others are as lucky, and mean well.
            _ = tell(.hurry)
            #expect(pause() == .milliseconds(milliseconds))
            reopen()
        }
    }

    @Test mutating func `a session that has lived for more than two seconds begins the pauses anew`() {
        open()
        _ = tell(.failed(Self.failure))
        _ = pause()
        reopen()
        now += .seconds(2)
        _ = tell(.failed(Self.failure))
        #expect(pause() == .milliseconds(100))
        reopen()
        now += .milliseconds(2001)
        _ = tell(.failed(Self.failure))
        #expect(pause() == .milliseconds(50))
    }

    @Test mutating func `where another connection was made, one that could not be is attempted at once`() {
        _ = tell(.start)
        _ = tell(.failed(Self.failure))
        guard case .resolve = tell(.hurry) else {
            Issue.record("it pauses on")
            return
        }
    }

    @Test mutating func `a session that its owner wants to be rid of ends without being told of, and another begins`() {
        open()
        let first = machine.sessionNumber
        guard case .end = tell(.restart) else {
            Issue.record("it goes on, or its loss is told")
            return
        }
        #expect(!machine.isOpen)
        #expect(pause() == .milliseconds(50))
        reopen()
        #expect(machine.isOpen && machine.sessionNumber == first + 1)
    }

    @Test mutating func `a loop that is late asks for what is known of the hosts before it gives the attempt up`() {
        _ = tell(.start)
        now += .seconds(6)
        guard case .stopResolving = tell(.deadline(awaitsAnswer: false, host: nil)) else {
            Issue.record("given up without")
            return
        }
        guard case .lose = tell(.deadline(awaitsAnswer: false, host: nil)) else {
            Issue.record("waits on")
            return
        }
    }

    @Test mutating func `a server that does not answer is given up after the longest silence, and left for the next`() {
        open()
        now += .seconds(4)
        machine.noteProgress(at: now)
        now += .seconds(2)
        guard case .none = tell(.deadline(awaitsAnswer: true, host: 1)) else {
            Issue.record("given up too early")
            return
        }
        #expect(machine.deadline == now + .seconds(4))
        now += .seconds(4)
        guard case .lose(let error) = tell(.deadline(awaitsAnswer: true, host: 1)) else {
            Issue.record("waits on")
            return
        }
        #expect(error.message == "no answer within 6.0 seconds")
        #expect(machine.firstHost == 2)
    }

    @Test mutating func `a connection that asks nothing may be silent for ever`() {
        open()
        for _ in 0..<100 {
            now += .seconds(6)
            _ = tell(.deadline(awaitsAnswer: false, host: 0))
        }
        #expect(machine.isOpen)
    }
}
