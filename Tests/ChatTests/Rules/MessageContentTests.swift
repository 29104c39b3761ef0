import Testing

@testable import Chat

struct MessageContentTests {
    @Test(arguments: [
        ("plain", "hi", "hi"), ("white space around it", "  hi\t\n", "  hi\t\n"), ("CRLF", "a\r\nb\r\n", "a\nb\n"),
        ("LF", "a\nb", "a\nb"), ("lone CR", "a\rb\r", "a\rb\r"), ("CRs before LF", "a\r\r\r\nb", "a\nb"),
        ("LF before CR", "a\n\rb", "a\n\rb"), ("both forms of é", "e\u{301}\u{E9}", "e\u{301}\u{E9}"),
        ("quotes", "\"'`<&>", "\"'`<&>"), ("beyond the first plane", "😀👩‍👩‍👧", "😀👩‍👩‍👧"),
        ("noncharacter and byte order mark", "\u{FEFF}\u{FFFE}\u{10FFFF}", "\u{FEFF}\u{FFFE}\u{10FFFF}"),
        ("a zero-width space is not white", "\u{200B}", "\u{200B}"), ("a control", "\u{1}", "\u{1}"),
    ])
    func `content is kept but for CRLF`(_ name: String, typed: String, expected: String) throws {
        #expect(try MessageContent(typed).utf8 == Array(expected.utf8))
    }

    static let units: [(name: String, unit: String)] = [
        ("ASCII", "a"), ("two bytes", "é"), ("three bytes", "愛"), ("beyond the first plane", "😀"),
        ("combining marks, one grapheme in all", "\u{301}"),
    ]

    @Test(arguments: units) func `4,000 code points are enough and 4,001 too many`(_ name: String, unit: String) throws
    {
        let limit = String(repeating: unit, count: 4000)
        #expect(try MessageContent(limit).utf8.count == limit.utf8.count)
        #expect(throws: MessageContent.Problem.tooLong(4001)) { try MessageContent(limit + unit) }
    }

    @Test func `a CRLF counts as the one character that it becomes`() throws {
        #expect(try MessageContent("a" + String(repeating: "\r\n", count: 3999)).utf8.count == 4000)
        #expect(throws: MessageContent.Problem.tooLong(4001)) {
            try MessageContent("a" + String(repeating: "\r\n", count: 4000))
        }
    }

    /// Unicode's White_Space property.
    static let whiteSpace: [UInt32] =
        Array(0x09...0x0D) + [0x20, 0x85, 0xA0, 0x1680] + Array(0x2000...0x200A)
        + [0x2028, 0x2029, 0x202F, 0x205F, 0x3000]

    @Test(arguments: whiteSpace) func `white space alone is blank`(_ codePoint: UInt32) throws {
        let space = String(try #require(Unicode.Scalar(codePoint)))
        #expect(throws: MessageContent.Problem.blank) { try MessageContent(space + " " + space) }
    }

    @Test func `nothing at all is blank`() {
        #expect(throws: MessageContent.Problem.blank) { try MessageContent("") }
    }
}
