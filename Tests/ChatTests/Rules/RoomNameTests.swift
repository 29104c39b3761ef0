import Testing

@testable import Chat

struct RoomNameTests {
    @Test(arguments: [
        ("plain", "watercooler", "watercooler"), ("spaces within", "Warung  kopi", "Warung  kopi"),
        ("white space around it", "\u{3000} kopi\n", "kopi"), ("markup", "<b>\"kopi\"", "<b>\"kopi\""),
        ("a family of emoji", "👨‍👩‍👧", "👨‍👩‍👧"), ("a heart and a pirate", "❤️ 🏴‍☠️", "❤️ 🏴‍☠️"), ("skin and work", "👩🏽‍💻", "👩🏽‍💻"),
        ("a kiss", "👩‍❤️‍💋‍👨", "👩‍❤️‍💋‍👨"), ("a keycap", "1️⃣", "1️⃣"), ("Wales", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🏴󠁧󠁢󠁷󠁬󠁳󠁿"),
        ("Persian with its non-joiner", "می\u{200C}خواهم", "می\u{200C}خواهم"),
        ("half a consonant", "क्\u{200D}", "क्\u{200D}"),
        ("a chosen ideograph", "葛\u{E0100}飾", "葛\u{E0100}飾"), ("marks", "e\u{301}\u{323}", "e\u{301}\u{323}"),
        ("right to left", "غرفة", "غرفة"), ("an emoji of a Unicode to come", "\u{1FAFF}", "\u{1FAFF}"),
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
        ("a line separator within", "a\u{2028}b"), ("a filler", "\u{3164}"), ("a filler within", "a\u{3164}b"),
        ("zero-width space", "\u{200B}"), ("a joiner", "\u{200D}"), ("a joiner at the end", "kopi\u{200D}"),
        ("a joiner at the beginning", "\u{200D}kopi"), ("two joiners", "👩\u{200D}\u{200D}💻"),
        ("a joiner and a space", "a\u{200D} b"),
        ("empty Braille cells", "\u{2800}\u{2800}"), ("a null notehead", "\u{1D159}"),
        ("a mark and nothing else", "\u{301}"),
        ("an override", "kopi\u{202E}ipok"), ("an isolate", "\u{2066}kopi"), ("a right-to-left mark", "kopi\u{200F}"),
        ("a byte order mark", "\u{FEFF}kopi"), ("a soft hyphen", "ko\u{AD}pi"), ("a grapheme joiner", "kopi\u{34F}"),
        ("a variation selector after a space", "a \u{FE0F}b"), ("two variation selectors", "a\u{FE0F}\u{FE0F}"),
        ("tags without a flag", "a\u{E0061}\u{E007F}"), ("a flag without the last tag", "🏴\u{E0067}"),
        ("an annotation", "a\u{FFF9}b\u{FFFB}"),
    ])
    func `a longer name and what cannot be seen are refused`(_ name: String, typed: String) {
        #expect(throws: RoomName.Problem.self) { try RoomName(typed) }
    }
}
