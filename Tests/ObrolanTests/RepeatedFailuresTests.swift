import Logging
import Testing

@testable import obrolan

struct RepeatedFailuresTests {
    /// A reference, for `#expect` calls nothing that changes a value.
    private final class Failures {
        private var failures = RepeatedFailures(window: .seconds(10))

        func admit(_ line: LogLine, at time: ContinuousClock.Instant) -> Bool { failures.admit(line, at: time) }
        func takeDue(at time: ContinuousClock.Instant) -> [LogLine] { failures.takeDue(at: time) }
        func untilDue(at time: ContinuousClock.Instant) -> Duration? { failures.untilDue(at: time) }
        func takeAll() -> [LogLine] { failures.takeAll() }
    }

    private static func line(_ message: String, place: String = "Chat.swift:1") -> LogLine {
        LogLine(level: .warning, label: "test", message: message, place: place)
    }

    private let start = ContinuousClock.now

    @Test func `the first is told at once, the next at the end of the window, and windows become longer`() {
        let failures = Failures()
        #expect(failures.admit(Self.line("a 1"), at: start))
        #expect(failures.untilDue(at: start) == .seconds(10))
        for number in 2...5 { #expect(!failures.admit(Self.line("a \(number)"), at: start + .seconds(1))) }
        #expect(failures.takeDue(at: start + .seconds(9)).isEmpty)
        #expect(failures.takeDue(at: start + .seconds(10)).map(\.message) == ["4 more like this in 10 s: a 5"])
        #expect(!failures.admit(Self.line("a 6"), at: start + .seconds(11)))
        #expect(failures.untilDue(at: start + .seconds(11)) == .seconds(19))
        #expect(failures.takeDue(at: start + .seconds(30)).map(\.message) == ["1 more like this in 20 s: a 6"])
    }

    @Test func `after a window without it, it is told at once again`() {
        let failures = Failures()
        #expect(failures.admit(Self.line("a"), at: start))
        #expect(failures.takeDue(at: start + .seconds(10)).isEmpty)
        #expect(failures.untilDue(at: start + .seconds(10)) == nil)
        #expect(failures.admit(Self.line("a"), at: start + .seconds(11)))
    }

    @Test func `what comes from another place, at another level or reads differently is told`() {
        let failures = Failures()
        var error = Self.line("a")
        error.level = .error
        for line in [Self.line("a"), Self.line("b"), Self.line("a", place: "Chat.swift:2"), error] {
            #expect(failures.admit(line, at: start))
        }
    }

    @Test func `what nobody has counted yet is told at the end`() {
        let failures = Failures()
        for _ in 0..<3 { _ = failures.admit(Self.line("a"), at: start) }
        let told = failures.takeAll()
        #expect(told.map { $0.message.hasPrefix("2 more like this") } == [true])
        let again = failures.takeAll()
        #expect(again.isEmpty)
    }

    @Test func `neither the table nor the log grows with what clients have errors quote`() {
        let failures = Failures()
        // Words that are no numbers: "zaaa", "zaab" and so on.
        let letters = Array("ghijklmnop")
        func word(_ number: Int) -> String {
            "z" + String("\(number)".compactMap { $0.wholeNumberValue.map { letters[$0] } })
        }
        var told = 0
        for number in 0..<10_000 where failures.admit(Self.line(word(number)), at: start) { told += 1 }
        #expect(told == RepeatedFailures.maxKinds + 1)
        #expect(failures.admit(Self.line("other", place: "Chat.swift:2"), at: start), "a further place has a line")
        let counts = failures.takeDue(at: start + .seconds(10))
        #expect(counts.count == 1)
        #expect(counts.first?.message.hasPrefix("9,743 more like this") == true)
    }

    @Test(arguments: [
        ("GET /room/7 (9d0c1f8a2b3e4f50): no", "GET /room/# (#): no"),
        ("POST /room/create: no", "POST /room/create: no"),
        ("key 17 = 3.5 in user_42x, feed beef b2", "key # = #.# in user_42x, feed beef #"),
        ("", ""), ("7", "#"),
    ])
    func `numbers and names of requests make no difference`(text: String, normal: String) {
        #expect(RepeatedFailures.normal(text) == normal)
    }
}
