import Testing

@testable import Chat

/// What Swift checks of a name; `RegisterTests` has what the database does with it.
struct UsernameTests {
    @Test(arguments: [
        ("plain", "alice", "alice"), ("white space around it", " \t\u{A0}\u{3000}alice\u{2003}\r\n", "alice"),
        ("digits and punctuation", "a.b_c-1", "a.b_c-1"), ("capitals stay", "Alice", "Alice"),
        ("accents", "José", "José"), ("a combining accent", "Jose\u{301}", "Jos\u{E9}"),
        ("another script", "Алиса", "Алиса"), ("no case", "愛麗絲", "愛麗絲"), ("digits of another script", "१२३", "१२३"),
        ("vowel signs", "हिन्दी", "हिन्दी"), ("one character", "a", "a"), ("beyond the first plane", "𠮷田", "𠮷田"),
    ])
    func `a name of letters and digits of any script is good`(_ name: String, typed: String, expected: String) throws {
        #expect(Array(try Username(typed).text.utf8) == Array(expected.utf8))
    }

    @Test(arguments: [
        ("empty", ""), ("spaces", "   "), ("Unicode's spaces", "\u{A0}\u{2003}\u{3000}"), ("a space within", "al ice"),
        ("a no-break space within", "al\u{A0}ice"), ("a line break within", "al\nice"), ("a control", "al\u{7}ice"),
        ("delete", "alice\u{7F}"), ("a C1 control", "al\u{85}ice"), ("an emoji", "alice😀"),
        ("a tag", "<script>"), ("a quote", "al\"ice"), ("a zero-width joiner", "al\u{200D}ice"),
        ("a zero-width space, which is none", "\u{200B}"), ("right to left override", "al\u{202E}ice"),
        ("a mark without a letter", "\u{301}alice"), ("an enclosing mark", "a\u{20DD}"), ("a comma", "a,b"),
        ("an at sign", "@alice"), ("a slash", "a/b"), ("a private character", "a\u{E000}"),
        ("a byte order mark", "\u{FEFF}alice"), ("too long", String(repeating: "a", count: 33)),
    ])
    func `any other name is refused with a sentence`(_ name: String, typed: String) {
        let error = #expect(throws: RuleError.self) { try Username(typed) }
        #expect(error?.sentence.isEmpty == false)
    }
}
