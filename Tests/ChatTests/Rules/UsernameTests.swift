import Testing

@testable import Chat

/// What a name may be; `CaseFoldingTests` has which names are one, `RegisterTests` what the database keeps.
struct UsernameTests {
    @Test(arguments: [
        ("plain", "alice", "alice"), ("white space around it", " \t\u{A0}\u{3000}alice\u{2003}\r\n", "alice"),
        ("digits and punctuation", "a.b_c-1", "a.b_c-1"), ("capitals stay", "Alice", "Alice"),
        ("accents", "José", "José"), ("a combining accent", "Jose\u{301}", "Jos\u{E9}"),
        ("another script", "Алиса", "Алиса"), ("no case", "愛麗絲", "愛麗絲"), ("digits of another script", "१२३", "१२३"),
        ("vowel signs", "हिन्दी", "हिन्दी"), ("one character", "a", "a"), ("beyond the first plane", "𠮷田", "𠮷田"),
        ("32 code points", String(repeating: "𠮷", count: 32), String(repeating: "𠮷", count: 32)),
        ("32 when composed", String(repeating: "a\u{308}", count: 32), String(repeating: "\u{E4}", count: 32)),
        ("dots", "...", "..."), ("nearly a word of the pages", "young", "young"), ("another", "andar", "andar"),
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
        ("a byte order mark", "\u{FEFF}alice"), ("far too long", String(repeating: "a", count: 129)),
        ("33 code points", String(repeating: "a", count: 33)),
        ("33 marks on a letter", "a" + String(repeating: "\u{338}", count: 32)),
        ("17 that are two when composed", String(repeating: "\u{958}", count: 17)),
        ("Hangul filler", "\u{3164}"), ("a filler within", "al\u{3164}ice"), ("choseong filler", "\u{115F}"),
        ("jungseong filler", "a\u{1160}"), ("halfwidth filler", "\u{FFA0}"), ("an empty Braille cell", "\u{2800}"),
        ("a grapheme joiner", "alice\u{34F}"), ("a variation selector", "alice\u{FE0F}"),
        ("one of the supplement", "alice\u{E0100}"), ("a Mongolian one", "alice\u{180B}"),
        ("a soft hyphen", "al\u{AD}ice"),
        ("a blank hieroglyph", "\u{13441}"), ("half of one", "alice\u{13442}"), ("Khitan filler", "alice\u{16FE4}"),
        ("a Khmer vowel that is not written", "ក\u{17B4}"), ("a tag", "alice\u{E0061}"),
        ("a Roman numeral, which is no decimal digit", "Ⅷ"), ("a superscript", "a²"),
        ("you", "you"), ("you in capitals", "YOU"), ("you with dots", "_you."), ("wide you", "ｙＯｕ"),
        ("Anda", "Anda"), ("anda in other case", "aNDA"), ("who is gone", "akun_dihapus"),
        ("the same in English", "deleted-account"),
    ])
    func `any other name is refused`(_ name: String, typed: String) {
        #expect(throws: Username.Problem.self) { try Username(typed) }
    }

    @Test func `nothing that Unicode calls ignorable is in a name`() {
        for scalar in (UInt32(0)...0x10FFFF).compactMap(Unicode.Scalar.init)
        where scalar.properties.isDefaultIgnorableCodePoint {
            #expect(throws: Username.Problem.characters, "\(scalar.value)") { try Username("a\(scalar)") }
        }
    }
}
