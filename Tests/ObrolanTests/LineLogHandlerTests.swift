import Logging
import Testing

@testable import obrolan

struct LineLogHandlerTests {
    @Test(arguments: [
        ("plain", "plain"),
        ("Kelas \u{1F600} 日本語", "Kelas \u{1F600} 日本語"),
        ("one\ntwo", #"one\u{a}two"#),
        ("one\r\ntwo", #"one\u{d}\u{a}two"#),
        ("\u{1B}[31mred", #"\u{1b}[31mred"#),
        ("nul\0", #"nul\u{0}"#),
        ("\u{85}\u{2028}\u{2029}", #"\u{85}\u{2028}\u{2029}"#),
    ])
    func `a message is one line without controls`(message: String, line: String) {
        let lines = LogLines()
        let logger = Logger(label: "test") { _ in LineLogHandler(lines) }
        logger.error("\(message)")
        #expect(lines.all == [line])
    }
}
