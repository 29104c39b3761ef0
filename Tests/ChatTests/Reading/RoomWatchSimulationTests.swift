import TestSupport
import Testing

/// Requests for rooms, in any order.
struct RoomWatchSimulationTests {
    @Test func `whatever happens to requests for rooms, in whatever order, each is told what the database has`() {
        let failure = Simulation.failure(of: "Requests for rooms") { seed, _ in WatchScenario.run(seed: seed) }
        if let failure { Issue.record("\(failure)") }
    }
}
