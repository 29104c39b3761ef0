import TestSupport
import Testing

/// The lanes and the connections of a pool, in virtual time.
struct PoolSimulationTests {
    @Test func `whatever happens to a pool, in whatever order, it does what the models say`() {
        let failure = Simulation.failure(of: "Pools") { PoolScenario.run(seed: $0, isTraced: $1) }
        if let failure { Issue.record("\(failure)") }
    }
}
