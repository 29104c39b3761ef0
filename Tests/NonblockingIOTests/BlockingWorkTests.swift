import Testing

@testable import NonblockingIO

@Suite(.timeLimit(.minutes(10))) struct BlockingWorkTests {
    struct Failure: Error, Equatable {}

    @Test func `work that blocks runs away from the loop, and its result comes back to it`() async throws {
        let loop = try EventLoop(label: "test")
        let (wasOnLoop, isOnLoop) = try await Task(executorPreference: loop) {
            let wasOnLoop = try await BlockingWork.run { loop.isCurrent }
            return (wasOnLoop, loop.isCurrent)
        }.value
        #expect(!wasOnLoop && isOnLoop)
    }

    @Test func `an error of such work is thrown`() async {
        await #expect(throws: Failure()) { try await BlockingWork.run { throw Failure() } }
    }
}
