import Foundation
import Testing

/// The lanes and the connections of a pool, in virtual time. `OBROLAN_SIMULATION_STEPS` says how many events are told, and
/// `OBROLAN_SIMULATION_SEED` with which pool it begins: that of a failure comes again.
struct PoolSimulationTests {
    private static func setting<Value: LosslessStringConvertible>(_ name: String) -> Value? {
        ProcessInfo.processInfo.environment["OBROLAN_SIMULATION_" + name].flatMap { Value($0) }
    }

    private static let defaultSteps = 1_000_000

    @Test func `whatever happens to a pool, in whatever order, it does what the models say`() {
        let steps = Self.setting("STEPS") ?? Self.defaultSteps
        let first = Self.setting("SEED") ?? UInt64.random(in: 0..<1_000_000_000)
        print("Pools are simulated from seed \(first) on, for \(steps) steps.")
        var told = 0
        var seed = first
        while told < steps {
            let outcome = PoolScenario.run(seed: seed)
            if let violation = outcome.violation {
                let trace = PoolScenario.run(seed: seed, isTraced: true).trace.suffix(60)
                Issue.record("seed \(seed): \(violation)\n\(trace.joined(separator: "\n"))")
                return
            }
            told += outcome.steps
            seed += 1
        }
    }
}
