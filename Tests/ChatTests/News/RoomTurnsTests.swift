import Synchronization
import Testing

@testable import Chat

/// The writers of one process take turns in a room.
struct RoomTurnsTests {
    private final class Woken: Sendable {
        let numbers = Mutex<[Int]>([])
    }

    private static func turns(writers: Int) -> (turns: RoomTurns, woken: Woken) {
        let turns = RoomTurns()
        let woken = Woken()
        for writer in 0..<writers { _ = turns.register { woken.numbers.withLock { $0.append(writer) } } }
        return (turns, woken)
    }

    private static func take(_ rooms: [Int64], _ turns: RoomTurns, writer: Int, limit: Int = 64) -> (
        taken: [Int64], left: [Int64]
    ) {
        var left = rooms
        var taken: [Int64] = []
        turns.take(&left, into: &taken, limit: limit, writer: writer) { $0 }
        return (taken, left)
    }

    @Test func `a room is one writer's, and the others' rooms are nobody's business`() {
        let (turns, woken) = Self.turns(writers: 2)
        #expect(Self.take([1, 2, 1], turns, writer: 0) == (taken: [1, 2, 1], left: []))
        #expect(Self.take([2, 3, 2], turns, writer: 1) == (taken: [3], left: [2, 2]))
        turns.release([1], writer: 0)
        #expect(woken.numbers.withLock { $0 } == [])
    }

    @Test func `who could not have a room gets it next, before the one who had it`() {
        let (turns, woken) = Self.turns(writers: 3)
        _ = Self.take([1], turns, writer: 0)
        _ = Self.take([1], turns, writer: 1)
        _ = Self.take([1], turns, writer: 2)
        turns.release([1], writer: 0)
        #expect(woken.numbers.withLock { $0 } == [1])
        #expect(Self.take([1], turns, writer: 0) == (taken: [], left: [1]))
        #expect(Self.take([1], turns, writer: 1) == (taken: [1], left: []))
        turns.release([1], writer: 1)
        turns.release([1], writer: 2)
        turns.release([1], writer: 0)
        #expect(woken.numbers.withLock { $0 } == [1, 2, 0])
        #expect(Self.take([1], turns, writer: 1) == (taken: [1], left: []))
    }

    @Test func `no more than the limit is taken, and the order stays`() {
        let (turns, _) = Self.turns(writers: 2)
        _ = Self.take([7], turns, writer: 1)
        #expect(Self.take([1, 7, 2, 3, 7], turns, writer: 0, limit: 2) == (taken: [1, 2], left: [7, 3, 7]))
    }
}
