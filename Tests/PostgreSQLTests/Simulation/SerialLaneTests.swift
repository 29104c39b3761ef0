import Testing

@testable import PostgreSQL

/// A lane whose connections are told by hand.
private struct ScriptedLane {
    private(set) var machine: SerialLaneStateMachine
    private(set) var now = Duration.seconds(1000)
    private var timer: Duration?
    private(set) var lent: [Int: Int] = [:]
    private(set) var refused: [Int: PostgresError] = [:]

    init(connections: Int = 1, lifetime: LaneLimits.Lifetime = .pool, maxWaiting: Int = 100) {
        machine = SerialLaneStateMachine(
            SerialLaneStateMachine.Limits(
                connections: connections, lifetime: lifetime, patience: .milliseconds(1500),
                acquireTimeout: .seconds(1), maxWaiting: maxWaiting))
        tell { $0.start(at: $1) }
        if lifetime == .pool { for number in 1...connections { tell { $0.opened(number, at: $1) } } }
    }

    mutating func tell(_ event: (inout SerialLaneStateMachine, Duration) -> Void) {
        event(&machine, now)
        while let action = machine.nextAction() {
            switch action {
            case .lend(let connection, to: let client): lent[client] = connection
            case .refuse(let client, let error): refused[client] = error
            case .setTimer(let instant): timer = instant
            case .connect, .close: break
            }
        }
    }

    mutating func submit() -> Int {
        var client = 0
        tell { client = $0.submit(at: $1) }
        return client
    }

    mutating func borrow() -> Int {
        var client = 0
        tell { client = $0.borrow(at: $1) }
        return client
    }

    mutating func finish(_ client: Int) {
        lent[client] = nil
        tell { $0.finished(client, at: $1) }
    }

    mutating func fail(_ client: Int, _ sqlState: String, random: Double = 1) {
        lent[client] = nil
        let error = PostgresError(.server, "no", sqlState: sqlState)
        tell { $0.failed(client, error, at: $1, random: random) }
    }

    mutating func pass(_ milliseconds: Int) {
        let end = now + .milliseconds(milliseconds)
        while let due = timer, due <= end {
            now = max(now, due)
            timer = nil
            tell { $0.timer(at: $1) }
        }
        now = end
    }
}

/// What a lane does, in virtual time, one thing after the other.
struct SerialLaneTests {
    @Test func `a statement that finds the lane taken is busy when its patience is over, and not before`() {
        var lane = ScriptedLane()
        _ = lane.submit()
        let waiting = lane.submit()
        lane.pass(1499)
        #expect(lane.refused[waiting] == nil)
        lane.pass(1)
        #expect(lane.refused[waiting]?.kind == .busy)
    }

    @Test func `who wants to borrow a connection that another has is busy after a second`() {
        var lane = ScriptedLane(lifetime: .once)
        let one = lane.borrow()
        lane.tell { $0.opened(1, at: $1) }
        #expect(lane.lent[one] == 1)
        let other = lane.borrow()
        lane.pass(999)
        #expect(lane.refused[other] == nil)
        lane.pass(1)
        #expect(lane.refused[other]?.kind == .busy)
    }

    @Test func `where there is no connection a statement waits a second, and those after it are told at once`() {
        var lane = ScriptedLane()
        lane.tell { $0.lost(1, PostgresError(.unavailable, "gone"), at: $1) }
        let one = lane.submit()
        lane.pass(1000)
        #expect(lane.refused[one]?.message == "gone")
        lane.pass(1)
        let other = lane.submit()
        #expect(lane.refused[other]?.message == "gone")
    }

    @Test func `a locked row is tried for again after 50, 100, 200 and then 250 milliseconds`() {
        var lane = ScriptedLane()
        let client = lane.submit()
        for pause in [50, 100, 200, 250, 250] {
            lane.fail(client, "55P03")
            lane.pass(pause - 1)
            #expect(lane.lent[client] == nil)
            lane.pass(1)
            #expect(lane.lent[client] == 1)
        }
    }

    @Test func `who does not get a row within its patience is told so at the last attempt that is in time`() {
        var lane = ScriptedLane()
        let client = lane.submit()
        lane.pass(1450)
        lane.fail(client, "55P03")
        #expect(lane.refused[client]?.sqlState == "55P03")
    }

    @Test func `those who were put aside and those who come anew take turns`() {
        var lane = ScriptedLane()
        let first = lane.submit()
        lane.fail(first, "55P03")
        let others = (0..<3).map { _ in lane.submit() }
        lane.pass(50)
        lane.finish(others[0])
        #expect(lane.lent[first] == 1)
        lane.fail(first, "55P03")
        #expect(lane.lent[others[1]] == 1)
        lane.pass(200)
        lane.finish(others[1])
        #expect(lane.lent[first] == 1)
    }

    @Test func `of two connections one is left to those who come anew`() {
        var lane = ScriptedLane(connections: 2)
        let locked = [lane.submit(), lane.submit()]
        for client in locked { lane.fail(client, "55P03") }
        lane.pass(50)
        #expect(locked.compactMap { lane.lent[$0] }.count == 1)
        let newcomer = lane.submit()
        #expect(lane.lent[newcomer] != nil)
    }

    @Test func `a deadlock is tried again at once, as often as there are connections and once more`() {
        var lane = ScriptedLane(connections: 2)
        let client = lane.submit()
        for _ in 0..<3 {
            lane.fail(client, "40P01")
            #expect(lane.lent[client] != nil)
        }
        lane.fail(client, "40P01")
        #expect(lane.refused[client]?.sqlState == "40P01")
    }

    @Test func `as many as allowed wait, and one more is refused at once`() {
        var lane = ScriptedLane(maxWaiting: 3)
        _ = lane.submit()
        let waiting = (0..<3).map { _ in lane.submit() }
        let last = lane.submit()
        #expect(lane.refused[last]?.kind == .busy)
        #expect(waiting.allSatisfy { lane.refused[$0] == nil })
    }
}
