import Synchronization
import Testing

@testable import Chat

/// The writers of one process take turns.
struct WriterTurnsTests {
    private final class Woken: Sendable {
        let numbers = Mutex<[Int]>([])
        var all: [Int] { numbers.withLock { $0 } }
    }

    private let start = ContinuousClock.now

    private static func turns(writers: Int) -> (turns: WriterTurns, woken: Woken) {
        let turns = WriterTurns()
        let woken = Woken()
        for writer in 0..<writers { _ = turns.register { woken.numbers.withLock { $0.append(writer) } } }
        return (turns, woken)
    }

    @Test func `one writes at a time, and nobody is woken who has not asked`() {
        let (turns, woken) = Self.turns(writers: 2)
        #expect(turns.take(0, now: start))
        #expect(turns.take(0, now: start))
        turns.release(0)
        #expect(turns.take(1, now: start))
        #expect(!turns.take(0, now: start))
        #expect(woken.all == [])
    }

    @Test func `who had to wait is next, before the one who had its turn`() {
        let (turns, woken) = Self.turns(writers: 3)
        #expect(turns.take(0, now: start))
        #expect(!turns.take(1, now: start))
        #expect(!turns.take(2, now: start))
        #expect(!turns.take(1, now: start))
        turns.release(0)
        #expect(woken.all == [1])
        #expect(!turns.take(0, now: start))
        #expect(!turns.take(2, now: start))
        #expect(turns.take(1, now: start))
        for writer in [1, 2, 0] { turns.release(writer) }
        #expect(woken.all == [1, 2, 0])
        #expect(turns.take(1, now: start))
    }

    @Test func `only whose turn it is can end it`() {
        let (turns, woken) = Self.turns(writers: 2)
        #expect(turns.take(0, now: start))
        #expect(!turns.take(1, now: start))
        turns.release(1)
        #expect(!turns.take(1, now: start))
        #expect(woken.all == [])
    }

    @Test func `who takes long is not waited for, and does not end another's turn`() {
        let (turns, woken) = Self.turns(writers: 3)
        #expect(turns.take(0, now: start))
        #expect(!turns.take(1, now: start + WriterTurns.longest))
        let later = start + WriterTurns.longest * 2
        #expect(turns.take(1, now: later))
        #expect(!turns.take(2, now: later))
        turns.release(0)
        #expect(woken.all == [])
        #expect(!turns.take(0, now: later))
        turns.release(1)
        #expect(woken.all == [2])
    }
}
