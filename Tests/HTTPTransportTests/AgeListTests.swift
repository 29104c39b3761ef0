import TestSupport
import Testing

@testable import HTTPTransport

struct AgeListTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `the oldest is that of a list that is searched`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var list = AgeList()
        // The numbers that are in, the longest first.
        var model: [(number: Int, since: Duration)] = []
        var now = Duration.zero
        for step in 0..<20_000 {
            let number = random.below(20)
            model.removeAll { $0.number == number }
            if random.next() >> 40 & 1 == 0 {
                now += .nanoseconds(Int(random.next() >> 62))
                list.append(number, now: now)
                model.append((number, now))
            } else {
                list.remove(number)
            }
            #expect(list.oldest?.number == model.first?.number, "step \(step)")
            #expect(list.oldest?.since == model.first?.since, "step \(step)")
            #expect(list.contains(number) == (model.last?.number == number), "step \(step)")
        }
    }
}
