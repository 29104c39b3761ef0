import Synchronization
import Testing

@testable import ChatWeb

struct RefusalLogTests {
    @Test func `the same is told once a minute, with how much was left out`() {
        let lines = Lines()
        let log = RefusalLog { lines.add($0) }
        let start = ContinuousClock.now
        for second in 0..<60 { log.note("a", at: start + .seconds(second)) { "a \(second)" } }
        log.note("b", at: start + .seconds(59)) { "b" }
        log.note("a", at: start + .seconds(60)) { "a again" }
        #expect(lines.all == ["a 0", "b (59 refusals before it were not logged)", "a again"])
    }

    @Test func `so many different ones are told of in a minute and no more`() {
        let lines = Lines()
        let log = RefusalLog { lines.add($0) }
        let start = ContinuousClock.now
        for index in 0..<10_000 { log.note("\(index)", at: start) { "\(index)" } }
        #expect(lines.all.count == RefusalLog.maxLines)
        log.note("later", at: start + .seconds(60)) { "later" }
        #expect(lines.all.last == "later (\(10_000 - RefusalLog.maxLines) refusals before it were not logged)")
    }

    @Test func `what a client has sent cannot make a line of its own, nor a long one`() {
        #expect(RefusalLog.shown("a\r\nb\u{1B}[31m") == #""a\r\nb\u{1B}[31m""#)
        #expect(RefusalLog.shown(String(repeating: "é", count: 10_000)).utf8.count < 200)
    }
}

/// What was written, by any thread.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}
