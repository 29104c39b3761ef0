import HTTP
import Testing

struct FormTests {
    @Test(
        arguments: [
            Row("one pair", "a=b", "b"),
            Row("plus is a space", "a=b+c+", "b c "),
            Row("encoded plus", "a=%2B", "+"),
            Row("UTF-8 in either case", "a=%c3%A9", "é"),
            Row("raw UTF-8", "a=é", "é"),
            Row("no equals sign", "a", ""),
            Row("empty value", "a=", ""),
            Row("equals sign in the value", "a=b=c", "b=c"),
            Row("the first of several", "a=1&a=2", "1"),
            Row("empty pairs", "&&a=1&&", "1"),
            Row("encoded ampersand", "a=1%262", "1&2"),
            Row("encoded name", "%61=1", "1"),
            Row("line ends stay", "a=1%0D%0A2", "1\r\n2"),
            Row("other characters stay", "a={\"<>}", "{\"<>}"),
            Row("absent", "b=1", nil),
            Row("names are case-sensitive", "A=1", nil),
            Row("empty", "", nil),
        ] as [Row<String, String?>])
    func `a value is read`(row: Row<String, String?>) throws {
        let form = try HTTPForm(urlencoded: row.input.utf8)
        #expect(form["a"] == row.expected)
        #expect(try HTTPForm(urlencoded: Array(row.input.utf8))["a"] == row.expected)
        #expect(try HTTPForm(urlencoded: AnyCollection(Array(row.input.utf8)))["a"] == row.expected)
    }

    @Test(arguments: [
        Row("percent at the end", "a=%", HTTPFormError.invalidPercentEncoding),
        Row("one digit", "a=%4", .invalidPercentEncoding),
        Row("no digits", "a=%zz", .invalidPercentEncoding),
        Row("digits cut by the next pair", "a=%4&1=2", .invalidPercentEncoding),
        Row("in a name", "%=1", .invalidPercentEncoding),
        Row("encoded NUL", "a=x%00", .containsNUL),
        Row("raw NUL", "a=\u{0}", .containsNUL),
        Row("NUL in a name", "%00=1", .containsNUL),
        Row("lone continuation byte", "a=%80", .invalidUTF8),
        Row("overlong slash", "a=%C0%AF", .invalidUTF8),
        Row("surrogate", "a=%ED%A0%80", .invalidUTF8),
        Row("beyond Unicode", "a=%F4%90%80%80", .invalidUTF8),
        Row("cut short", "a=%E2%82", .invalidUTF8),
        Row("in a name", "%FF=1", .invalidUTF8),
    ])
    func `a malformed form is refused`(row: Row<String, HTTPFormError>) {
        #expect(throws: row.expected) { try HTTPForm(urlencoded: row.input.utf8) }
        #expect(row.expected.description.hasSuffix("."))
    }

    @Test func `there may be as many pairs as the limit`() throws {
        #expect(try HTTPForm(urlencoded: "a=1&b=2&&".utf8, maxPairs: 2).count == 2)
        #expect(throws: HTTPFormError.tooManyPairs) { try HTTPForm(urlencoded: "a=1&b=2&c".utf8, maxPairs: 2) }
        let most = Array(repeating: "a", count: 256).joined(separator: "&")
        #expect(try HTTPForm(urlencoded: most.utf8).count == 256)
        #expect(throws: HTTPFormError.tooManyPairs) { try HTTPForm(urlencoded: (most + "&a").utf8) }
    }

    @Test func `every value of a name is kept`() throws {
        let form = try HTTPForm(urlencoded: "a=1&b=2&a=3".utf8)
        #expect(form.values("a") == ["1", "3"])
        #expect(form.values("c") == [])
        #expect(!form.isEmpty)
        #expect(try HTTPForm(urlencoded: "&".utf8).isEmpty)
    }

    @Test func `percent-coding goes both ways`() {
        #expect(PercentCoding.encode("a b/é?~-._") == "a%20b%2F%C3%A9%3F~-._")
        for text in ["", "a b", "100%", "é漢👍", "+&=#"] {
            #expect(PercentCoding.decode(PercentCoding.encode(text)) == text)
        }
        #expect(PercentCoding.decode("a+b%2f") == "a+b/")
        #expect(PercentCoding.decode(Array("%41".utf8)) == "A")
        for text in ["%", "%4", "%4g", "%00", "\u{0}", "%FF", "%C0%80"] { #expect(PercentCoding.decode(text) == nil) }
    }
}
