import Foundation
import Testing

extension TransportTests {
    /// The life of a connection, in virtual time. `OBROLAN_SIMULATION_STEPS` says how many events are told, and
    /// `OBROLAN_SIMULATION_SEED` with which connection it begins: that of a failure comes again.
    struct ConnectionSimulationTests {
        private static func setting<Value: LosslessStringConvertible>(_ name: String) -> Value? {
            ProcessInfo.processInfo.environment["OBROLAN_SIMULATION_" + name].flatMap { Value($0) }
        }

        private static let defaultSteps = 1_000_000

        @Test func `whatever happens to a connection, in whatever order, it does what the model says`() {
            let steps = Self.setting("STEPS") ?? Self.defaultSteps
            let first = Self.setting("SEED") ?? UInt64.random(in: 0..<1_000_000_000)
            print("Connections are simulated from seed \(first) on, for \(steps) steps.")
            var told = 0
            var seed = first
            while told < steps {
                let outcome = ConnectionScenario.run(seed: seed)
                if let violation = outcome.violation {
                    let trace = ConnectionScenario.run(seed: seed, isTraced: true).trace.suffix(60)
                    Issue.record("seed \(seed): \(violation)\n\(trace.joined(separator: "\n"))")
                    return
                }
                told += outcome.steps
                seed += 1
            }
        }
    }
}
