import FoundationEssentials

/// Runs scenarios until so many events have been told. `OBROLAN_SIMULATION_STEPS` says how many, and
/// `OBROLAN_SIMULATION_SEED` with which scenario it begins: that of a failure comes again.
package enum Simulation {
    /// How a scenario has ended.
    package struct Outcome {
        let violation: String?
        let steps: Int
        let trace: [String]

        /// - Parameters:
        ///   - violation: what was not as it has to be, if anything.
        ///   - steps: how many events were told.
        ///   - trace: what has happened, where that was asked for.
        package init(violation: String?, steps: Int, trace: [String] = []) {
            self.violation = violation
            self.steps = steps
            self.trace = trace
        }
    }

    private static func setting<Value: LosslessStringConvertible>(_ name: String) -> Value? {
        ProcessInfo.processInfo.environment["OBROLAN_SIMULATION_" + name].flatMap { Value($0) }
    }

    /// - Parameters:
    ///   - subject: what is simulated, in the plural.
    ///   - run: one scenario; traced when it is run again because something was wrong.
    /// - Returns: what was wrong, and how it came to that; nil when nothing was.
    package static func failure(
        of subject: String, steps: Int = 1_000_000, _ run: (_ seed: UInt64, _ isTraced: Bool) -> Outcome
    ) -> String? {
        let steps = setting("STEPS") ?? steps
        let first = setting("SEED") ?? UInt64.random(in: 0..<1_000_000_000)
        print("\(subject) are simulated from seed \(first) on, for \(steps) steps.")
        var told = 0
        var seed = first
        while told < steps {
            let outcome = run(seed, false)
            if let violation = outcome.violation {
                let trace = run(seed, true).trace.suffix(60)
                return "seed \(seed): \(violation)\n\(trace.joined(separator: "\n"))"
            }
            told += outcome.steps
            seed += 1
        }
        return nil
    }
}
