/// RFC 9112 section 5 and RFC 9110 section 5: field lines.
enum FieldRows {
    static let rows: [ConformanceRow] = [
        fields("white space around a value", "9112 5", "Echo: \t b c\t \r\n", .answered("GET / @h {b c}")),
        fields("no white space before a value", "9112 5", "Echo:b\r\n", .answered("GET / @h {b}")),
        fields("empty value", "9110 5.5", "Echo:\r\n", .answered("GET / @h {}")),
        fields("value of nothing but white space", "9110 5.5", "Echo: \t \r\n", .answered("GET / @h {}")),
        fields("tab within a value", "9110 5.5", "Echo: a\tb\r\n", .answered("GET / @h {a\tb}")),
        fields("obs-text that is UTF-8", "9110 5.5", "Echo: \u{C3}\u{A9}\r\n", .answered("GET / @h {é}")),
        fields("obs-text that is not", "9110 5.5", "Other: \u{80}\u{FF}\r\n", .answered("GET / @h")),
        fields("colons in a value", "9112 5.1", "Echo: a:b: c\r\n", .answered("GET / @h {a:b: c}")),
        fields(
            "every separator in a value", "9110 5.5", "Echo: (),/;<=>?@[\\]{}\"\r\n",
            .answered(
                "GET / @h {(),/;<=>?@[\\]{}\"}")),
        fields("name in capitals", "9110 5.1", "ECHO: a\r\n", .answered("GET / @h {a}")),
        fields("name in small letters", "9110 5.1", "echo: a\r\n", .answered("GET / @h {a}")),
        fields("name of every token character", "9110 5.6.2", "!#$%&'*+-.^_`|~09Az: a\r\n", .answered("GET / @h")),
        fields(
            "two lines of one name keep their order", "9110 5.3", "Echo: a\r\nOther: x\r\nEcho: b\r\n",
            .answered(
                "GET / @h {a|b}")),
        fields("unknown fields are ignored", "9110 5.1", "X-Unknown: a\r\nProxy-Foo: b\r\n", .answered("GET / @h")),
        fields("folding by a space, refused by choice", "9112 5.2", "Echo: a\r\n b\r\n", .refused(400)),
        fields("folding by a tab, refused by choice", "9112 5.2", "Echo: a\r\n\tb\r\n", .refused(400)),
        fields("folding of nothing", "9112 5.2", "Echo: a\r\n \r\n", .refused(400)),
        fields("folding directly after the colon", "9112 5.2", "Echo:\r\n a\r\n", .refused(400)),
        ConformanceRow(
            "space before the first field line", "9112 2.2", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", .refused(400)),
        ConformanceRow(
            "tab before the first field line", "9112 2.2", "GET / HTTP/1.1\r\n\tHost: h\r\n\r\n", .refused(400)),
        fields("space before the colon", "9112 5.1", "Echo : a\r\n", .refused(400)),
        fields("tab before the colon", "9112 5.1", "Echo\t: a\r\n", .refused(400)),
        fields("empty name", "9112 5", ": a\r\n", .refused(400)),
        fields("no colon", "9112 5", "Echo\r\n", .refused(400)),
        fields("two words and no colon", "9112 5", "Echo a\r\n", .refused(400)),
        fields("equals sign for a colon", "9112 5", "Echo=a\r\n", .refused(400)),
        fields("name with a quote", "9110 5.6.2", "a\"b: c\r\n", .refused(400)),
        fields("name with an opening parenthesis", "9110 5.6.2", "a(b: c\r\n", .refused(400)),
        fields("name with a closing parenthesis", "9110 5.6.2", "a)b: c\r\n", .refused(400)),
        fields("name with a comma", "9110 5.6.2", "a,b: c\r\n", .refused(400)),
        fields("name with a slash", "9110 5.6.2", "a/b: c\r\n", .refused(400)),
        fields("name with a semicolon", "9110 5.6.2", "a;b: c\r\n", .refused(400)),
        fields("name with a less-than sign", "9110 5.6.2", "a<b: c\r\n", .refused(400)),
        fields("name with an equals sign", "9110 5.6.2", "a=b: c\r\n", .refused(400)),
        fields("name with a greater-than sign", "9110 5.6.2", "a>b: c\r\n", .refused(400)),
        fields("name with a question mark", "9110 5.6.2", "a?b: c\r\n", .refused(400)),
        fields("name with an at sign", "9110 5.6.2", "a@b: c\r\n", .refused(400)),
        fields("name with an opening bracket", "9110 5.6.2", "a[b: c\r\n", .refused(400)),
        fields("name with a backslash", "9110 5.6.2", "a\\b: c\r\n", .refused(400)),
        fields("name with a closing bracket", "9110 5.6.2", "a]b: c\r\n", .refused(400)),
        fields("name with an opening brace", "9110 5.6.2", "a{b: c\r\n", .refused(400)),
        fields("name with a closing brace", "9110 5.6.2", "a}b: c\r\n", .refused(400)),
        fields("name with a NUL", "9110 5.6.2", "a\u{0}b: c\r\n", .refused(400)),
        fields("name with DEL", "9110 5.6.2", "a\u{7F}b: c\r\n", .refused(400)),
        fields("name with a space inside", "9110 5.6.2", "a b: c\r\n", .refused(400)),
        fields("name that is not ASCII", "9110 5.6.2", "\u{C3}\u{A9}: c\r\n", .refused(400)),
        fields("bare CR in a name", "9112 2.2", "a\rb: c\r\n", .refused(400)),
        fields("NUL in a value, refused by choice", "9110 5.5", "Echo: a\u{0}b\r\n", .refused(400)),
        fields("bare CR in a value, refused by choice", "9110 5.5", "Echo: a\rb\r\n", .refused(400)),
        fields("bare LF in a value, refused by choice", "9112 2.2", "Echo: a\nb\r\n", .refused(400)),
        fields("bare LF ends a field line, refused by choice", "9112 2.2", "Echo: a\nOther: b\r\n", .refused(400)),
        fields("CR CR LF ends a field line", "9112 2.2", "Echo: a\r\r\n", .refused(400)),
        fields("escape in a value, refused by choice", "9110 5.5", "Echo: a\u{1B}b\r\n", .refused(400)),
        fields("vertical tab in a value, refused by choice", "9110 5.5", "Echo: a\u{B}b\r\n", .refused(400)),
        fields("DEL in a value, refused by choice", "9110 5.5", "Echo: a\u{7F}\r\n", .refused(400)),
        ConformanceRow(
            "bare LF ends the head, refused by choice", "9112 2.2", "GET / HTTP/1.1\r\nHost: h\r\n\n", .refused(400)),
        ConformanceRow("bare CR ends the head", "9112 2.2", "GET / HTTP/1.1\r\nHost: h\r\n\rx", .refused(400)),
        fields("two Content-Types", "9110 5.3", "Content-Type: a/b\r\nContent-Type: a/b\r\n", .refused(400)),
        fields("two Authorizations", "9110 5.3", "Authorization: a b\r\nAuthorization: a b\r\n", .refused(400)),
        fields(
            "two If-Modified-Sinces", "9110 5.3", "If-Modified-Since: a\r\nif-modified-since: b\r\n", .refused(400)),
        fields("two Ranges", "9110 5.3", "Range: bytes=0-1\r\nRange: bytes=0-1\r\n", .refused(400)),
        fields("two Referers", "9110 5.3", "Referer: /a\r\nReferer: /b\r\n", .refused(400)),
        fields("two Accepts are one list", "9110 5.3", "Accept: a/b\r\nAccept: c/d\r\n", .answered("GET / @h")),
    ]

    /// A request with these field lines after Host.
    private static func fields(
        _ name: String, _ section: String, _ lines: String, _ expected: ConformanceExpectation
    ) -> ConformanceRow { ConformanceRow(name, section, "GET / HTTP/1.1\r\nHost: h\r\n\(lines)\r\n", expected) }
}
