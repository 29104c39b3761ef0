import Testing

@testable import Chat

struct RoomNameTests {
    @Test(arguments: [
        ("plain", "watercooler", "watercooler"), ("spaces within", "Warung  kopi", "Warung  kopi"),
        ("white space around it", "\u{3000} kopi\n", "kopi"), ("markup", "<b>\"kopi\"", "<b>\"kopi\""),
        ("64 code points", String(repeating: "😀", count: 64), String(repeating: "😀", count: 64)),
    ])
    func `a room may be called anything short`(_ name: String, typed: String, expected: String) throws {
        let roomName = try #require(try RoomName(typed))
        #expect(Array(roomName.text.utf8) == Array(expected.utf8))
    }

    @Test(arguments: ["", "  ", "\u{A0}\n"]) func `a blank name is none`(_ typed: String) throws {
        #expect(try RoomName(typed) == nil)
    }

    @Test(arguments: [
        ("65 code points", String(repeating: "a", count: 65)), ("a line break within", "a\nb"), ("a bell", "a\u{7}b"),
        ("65 combining marks, one grapheme", "a" + String(repeating: "\u{301}", count: 64)),
    ])
    func `a longer name and controls are refused`(_ name: String, typed: String) {
        #expect(throws: RuleError.self) { try RoomName(typed) }
    }
}
