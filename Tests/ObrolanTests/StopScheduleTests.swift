import Glibc
import Testing

@testable import obrolan

struct StopScheduleTests {
    /// A reference, for `#expect` calls nothing that changes a value.
    private final class Schedule {
        private var schedule = StopSchedule(patience: .seconds(30))

        var end: ContinuousClock.Instant? { schedule.end }
        func receive(_ signal: Int32, at time: ContinuousClock.Instant) -> StopSchedule.Action {
            schedule.receive(signal, at: time)
        }
        func look(at time: ContinuousClock.Instant) -> StopSchedule.Action { schedule.look(at: time) }
    }

    private let start = ContinuousClock.now

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func `the first signal begins an orderly stop, the second ends the program at once`(signal: Int32) {
        let schedule = Schedule()
        #expect(schedule.end == nil)
        #expect(schedule.receive(signal, at: start) == .beginStop)
        #expect(schedule.receive(SIGTERM, at: start + .seconds(2)) == .endAtOnce(status: 143))
        #expect(schedule.receive(SIGINT, at: start + .seconds(2)) == .endAtOnce(status: 130))
        #expect(schedule.receive(SIGHUP, at: start + .seconds(2)) == .endAtOnce(status: 129))
    }

    @Test func `two signals of a person are two, however fast`() {
        let schedule = Schedule()
        #expect(schedule.receive(SIGINT, at: start) == .beginStop)
        #expect(schedule.receive(SIGINT, at: start) == .endAtOnce(status: 130))
    }

    @Test(arguments: [(SIGHUP, SIGHUP), (SIGTERM, SIGHUP), (SIGHUP, SIGTERM)])
    func `a terminal that is closed, and systemd, send two that are one`(first: Int32, second: Int32) {
        let schedule = Schedule()
        #expect(schedule.receive(first, at: start) == .beginStop)
        #expect(schedule.receive(second, at: start + .milliseconds(999)) == .nothing)
        #expect(schedule.receive(second, at: start + .seconds(1)) == .endAtOnce(status: 128 + second))
    }

    @Test func `an orderly stop that takes too long is ended`() {
        let schedule = Schedule()
        #expect(schedule.look(at: start + .seconds(100)) == .nothing)
        _ = schedule.receive(SIGTERM, at: start)
        #expect(schedule.look(at: start + .milliseconds(29_999)) == .nothing)
        #expect(schedule.look(at: start + .seconds(30)) == .endAtOnce(status: 1))
    }
}
