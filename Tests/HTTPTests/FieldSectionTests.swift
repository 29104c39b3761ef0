import HTTP
import Testing

struct FieldSectionTests {
    @Test(arguments: [
        Row("white space around the value", "A: \t b c\t \r\n", "A=b c"),
        Row("no white space", "A:b\r\n", "A=b"),
        Row("empty value", "A:\r\n", "A="),
        Row("only white space", "A: \t\r\n", "A="),
        Row("tab inside a value of many bytes", "A: 0123456789\tabcdefghij\tx\r\n", "A=0123456789\tabcdefghij\tx"),
        Row("obs-text", "A: é\r\n", "A=é"),
        Row("colons in the value", "A: b:c\r\n", "A=b:c"),
        Row("odd token name", "!#$%&'*+-.^_`|~9z: 1\r\n", "!#$%&'*+-.^_`|~9z=1"),
        Row("a list on two lines", "Accept: a/b\r\nAccept: c/d\r\n", "Accept=a/b|Accept=c/d"),
        Row("two cookies lines", "Cookie: a=1\r\nCookie: b=2\r\n", "Cookie=a=1|Cookie=b=2"),
        Row("upgrade is ignored", "Connection: upgrade\r\nUpgrade: h2c\r\n", "Connection=upgrade|Upgrade=h2c"),
        Row("no more fields", "", ""),
    ])
    func `a valid field line is read`(row: Row<String, String>) {
        let outcome = parse("GET / HTTP/1.1\r\nHost: h\r\n\(row.input)\r\n")
        let lines = row.expected.isEmpty ? "Host=h" : "Host=h|\(row.expected)"
        #expect(outcome.error == nil)
        #expect(outcome.requests == ["GET / 1.1 keep [\(lines)] "])
    }

    @Test(arguments: [
        Row("obsolete line folding", "A: b\r\n c\r\n\r\n", HTTPParseError.obsoleteLineFolding),
        Row("folding by a tab", "A: b\r\n\tc\r\n\r\n", .obsoleteLineFolding),
        Row("white space before the colon", "A : b\r\n\r\n", .invalidFieldName),
        Row("tab before the colon", "A\t: b\r\n\r\n", .invalidFieldName),
        Row("empty name", ": b\r\n\r\n", .invalidFieldName),
        Row("no colon", "abc\r\n\r\n", .invalidFieldName),
        Row("name with a slash", "a/b: c\r\n\r\n", .invalidFieldName),
        Row("name with a NUL", "a\u{0}: c\r\n\r\n", .invalidFieldName),
        Row("name not in ASCII", "é: c\r\n\r\n", .invalidFieldName),
        Row("NUL in a value", "A: b\u{0}c\r\n\r\n", .invalidFieldValue),
        Row("NUL late in a value", "A: 0123456789012345\u{0}c\r\n\r\n", .invalidFieldValue),
        Row("escape in a value", "A: b\u{1B}c\r\n\r\n", .invalidFieldValue),
        Row("DEL in a value", "A: bbbbbbbbbbbb\u{7F}\r\n\r\n", .invalidFieldValue),
        Row("bare CR in a value", "A: b\rc\r\n\r\n", .bareCarriageReturn),
        Row("bare LF after a value", "A: b\nC: d\r\n\r\n", .bareLineFeed),
        Row("bare LF after a name", "A\n\r\n", .bareLineFeed),
        Row("bare LF as the empty line", "\nX", .bareLineFeed),
        Row("bare CR as the empty line", "\rX", .bareCarriageReturn),
        Row("CR CR LF", "A: b\r\r\n\r\n", .bareCarriageReturn),
        Row("two content types", "Content-Type: a/b\r\ncontent-type: a/b\r\n\r\n", duplicate("content-type")),
        Row("two authorizations", "Authorization: a\r\nAuthorization: b\r\n\r\n", duplicate("Authorization")),
        Row("two dates", "If-Modified-Since: a\r\nIf-Modified-Since: b\r\n\r\n", duplicate("If-Modified-Since")),
        Row(
            "two other dates", "If-Unmodified-Since: a\r\nIf-Unmodified-Since: b\r\n\r\n",
            duplicate("If-Unmodified-Since")),
        Row("two origins", "Origin: a\r\nOrigin: b\r\n\r\n", duplicate("Origin")),
        Row("two fetch sites", "Sec-Fetch-Site: a\r\nSec-Fetch-Site: b\r\n\r\n", duplicate("Sec-Fetch-Site")),
        Row("two ranges", "Range: bytes=0-1\r\nRange: bytes=0-1\r\n\r\n", duplicate("Range")),
        Row("two if-ranges", "If-Range: \"a\"\r\nIf-Range: \"a\"\r\n\r\n", duplicate("If-Range")),
        Row("two referers", "Referer: a\r\nReferer: b\r\n\r\n", duplicate("Referer")),
        Row("two content ranges", "Content-Range: a\r\nContent-Range: b\r\n\r\n", duplicate("Content-Range")),
        Row(
            "two proxy authorizations", "Proxy-Authorization: a\r\nProxy-Authorization: b\r\n\r\n",
            duplicate("Proxy-Authorization")),
        Row("two hosts", "HOST: h\r\n\r\n", duplicate("Host")),
        Row("foreign expectation", "Expect: 200-ok\r\n\r\n", .unsupportedExpectation),
        Row("foreign expectation beside the known one", "Expect: 100-continue, x\r\n\r\n", .unsupportedExpectation),
    ])
    func `an invalid field line is refused`(row: Row<String, HTTPParseError>) {
        let outcome = parse("GET / HTTP/1.1\r\nHost: h\r\n\(row.input)")
        #expect(outcome.error == row.expected)
        #expect(outcome.requests == [])
    }

    @Test func `white space before the first field line is refused`() {
        #expect(parse("GET / HTTP/1.1\r\n Host: h\r\n\r\n").error == .obsoleteLineFolding)
    }

    @Test(arguments: [
        "h", "example.com", "example.com:8080", "h:", "127.0.0.1:1", "[::1]", "[::1]:8080", "[1:2:3:4:5:6:7:8]",
        "[1::8]", "[1:2:3:4:5:6:7::]", "[::ffff:1.2.3.4]", "[1:2:3:4:5:6:1.2.3.4]", "[v1.a:b]", "a_b.c~d", "%41bc",
        "xn--bcher-kva.example",
    ])
    func `a valid host is accepted`(host: String) {
        #expect(parse("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n").requests == ["GET / 1.1 keep [Host=\(host)] "])
    }

    @Test(arguments: [
        "u@h", "u:p@h", "h:80:80", "h:8x", "h/", "h?", "a b", "a,b", ":80", "[::1", "::1", "[::1]x", "[]", "[1:2]",
        "[1::2::3]", "[:1]", "[1:]", "[12345::]", "[g::]", "[1:2:3:4:5:6:7:8:9]", "[1:2:3:4:5:6:7:8::]",
        "[::1.2.3]", "[::1.2.3.256]", "[::1.2.3.04]", "[::1.2.3.4:5]", "[fe80::1%25eth0]", "[v.a]", "[v1.]", "[vg.a]",
        "[v1a]", "%4", "%zz", "h%", "é", "<h>", "h\\", "[:::]",
    ])
    func `an invalid host is refused`(host: String) {
        // A comma is a sub-delimiter, so that a registered name may hold it.
        let expected: HTTPParseError? = host == "a,b" ? nil : .invalidHost
        #expect(parse("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n").error == expected)
    }

    @Test(arguments: [
        Row("1.1 without a host", "GET / HTTP/1.1\r\n\r\n", "missing"),
        Row("1.1 with a URI but without a host", "GET http://h/ HTTP/1.1\r\n\r\n", "missing"),
        Row("1.2 without a host", "GET / HTTP/1.2\r\n\r\n", "missing"),
        Row("1.0 without a host", "GET / HTTP/1.0\r\n\r\n", "GET / 1.0 close [] "),
        Row("1.0 with an invalid host", "GET / HTTP/1.0\r\nHost: a b\r\n\r\n", "invalid"),
        Row("empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / 1.1 keep [Host=] "),
        Row("empty host beside a URI", "GET http://h/ HTTP/1.1\r\nHost:\r\n\r\n", "GET http://h/ 1.1 keep [Host=h] "),
        Row(
            "another host than the URI's", "GET http://h/ HTTP/1.1\r\nHost: other\r\nA: b\r\n\r\n",
            "GET http://h/ 1.1 keep [A=b|Host=h] "),
        Row("1.0 with a URI", "GET http://h/ HTTP/1.0\r\n\r\n", "GET http://h/ 1.0 close [Host=h] "),
    ])
    func `a request has the host that its version demands`(row: Row<String, String>) {
        let outcome = parse(row.input)
        switch row.expected {
        case "missing": #expect(outcome.error == .missingHost)
        case "invalid": #expect(outcome.error == .invalidHost)
        default: #expect(outcome.requests.map { $0.replacing("host=", with: "Host=") } == [row.expected])
        }
    }

    @Test func `there may be as many fields as the limit`() {
        var limits = HTTPLimits()
        limits.maxFieldCount = 3
        #expect(parse("GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nB: 2\r\n\r\n", limits: limits).requests.count == 1)
        #expect(
            parse("GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n", limits: limits).error == .tooManyFields)
    }

    @Test func `the fields may be as large as the limit`() {
        var limits = HTTPLimits()
        limits.maxFieldsSize = 20
        // "Host: h\r\n" is 9 bytes, "A: 345678\r\n" is 11.
        #expect(parse("GET / HTTP/1.1\r\nHost: h\r\nA: 345678\r\n\r\n", limits: limits).requests.count == 1)
        for line in ["A: 3456789\r\n", "A: 345678\r\nB", "A:           \r\n", "A23456789012", "A: 34567890123\u{0}"] {
            #expect(parse("GET / HTTP/1.1\r\nHost: h\r\n\(line)\r\n\r\n", limits: limits).error == .fieldsTooLarge)
        }
        limits.maxFieldsSize = .max
        #expect(parse("GET / HTTP/1.1\r\nHost: h\r\n\r\n", limits: limits).requests.count == 1)
    }

    @Test func `the default limit of the fields is 16 KiB`() {
        let padding = String(repeating: "a", count: 16384 - 9 - 5)
        #expect(parse("GET / HTTP/1.1\r\nHost: h\r\nA: \(padding)\r\n\r\n").requests.count == 1)
        #expect(parse("GET / HTTP/1.1\r\nHost: h\r\nA: \(padding)a\r\n\r\n").error == .fieldsTooLarge)
    }

    @Test(arguments: [
        Row("nothing", "", "keep close"),
        Row("close", "Connection: close\r\n", "close close"),
        Row("close in capitals", "Connection: CLOSE\r\n", "close close"),
        Row("keep-alive", "Connection: Keep-Alive\r\n", "keep keep"),
        Row("both", "Connection: keep-alive, close\r\n", "close close"),
        Row("on two lines", "Connection: a,, keep-alive\r\nConnection: close\r\n", "close close"),
        Row("a longer token", "Connection: closed\r\n", "keep close"),
        Row("quoted is no token", "Connection: \"close\"\r\n", "keep close"),
    ])
    func `the connection persists as version and Connection say`(row: Row<String, String>) {
        let answers = ["1.1", "1.0"].map { version in
            parse("GET / HTTP/\(version)\r\nHost: h\r\n\(row.input)\r\n").requests.first?.contains(" keep [") == true
                ? "keep" : "close"
        }
        #expect(answers.joined(separator: " ") == row.expected)
    }

    private static func duplicate(_ name: String) -> HTTPParseError {
        HTTPFieldName(name).map { .duplicateField($0) } ?? .invalidFieldName
    }
}
