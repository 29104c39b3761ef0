import Foundation
import Testing

/// Requests for rooms, in virtual time. `OBROLAN_SIMULATION_STEPS` says how many events are told, and
/// `OBROLAN_SIMULATION_SEED` with which scenario it begins: that of a failure comes again.
struct RoomWatchSimulationTests {
    private static func setting<Value: LosslessStringConvertible>(_ name: String) -> Value? {
        ProcessInfo.processInfo.environment["OBROLAN_SIMULATION_" + name].flatMap { Value($0) }
    }

    private static let defaultSteps = 300_000

    @Test func `whatever happens to requests for rooms, in whatever order, each is told what the database has`() {
        let steps = Self.setting("STEPS") ?? Self.defaultSteps
        let first = Self.setting("SEED") ?? UInt64.random(in: 0..<1_000_000_000)
        print("Requests for rooms are simulated from seed \(first) on, for \(steps) steps.")
        var told = 0
        var seed = first
        while told < steps {
            let outcome = WatchScenario.run(seed: seed)
            if let violation = outcome.violation {
                Issue.record("seed \(seed): \(violation)")
                return
            }
            told += outcome.steps
            seed += 1
        }
    }
}
