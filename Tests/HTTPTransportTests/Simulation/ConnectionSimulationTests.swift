import TestSupport
import Testing

extension TransportTests {
    /// The life of a connection, in virtual time.
    struct ConnectionSimulationTests {
        @Test func `whatever happens to a connection, in whatever order, it does what the model says`() {
            let failure = Simulation.failure(of: "Connections") { ConnectionScenario.run(seed: $0, isTraced: $1) }
            if let failure { Issue.record("\(failure)") }
        }
    }
}
