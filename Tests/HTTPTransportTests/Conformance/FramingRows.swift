/// RFC 9112 section 6: where the content of a request ends.
enum FramingRows {
    static let rows: [ConformanceRow] = [
        post("Content-Length", "9112 6.2", "Content-Length: 5\r\n\r\nhello", .answered("POST / @h <hello>")),
        post("Content-Length of 0", "9112 6.2", "Content-Length: 0\r\n\r\n", .answered("POST / @h")),
        post("neither length nor coding means no content", "9112 6.3", "\r\n", .answered("POST / @h")),
        post(
            "Content-Length with leading zeros", "9110 8.6", "Content-Length: 00005\r\n\r\nhello",
            .answered("POST / @h <hello>")),
        post(
            "Content-Length with white space around", "9110 8.6", "Content-Length: \t5 \t\r\n\r\nhello",
            .answered("POST / @h <hello>")),
        post(
            "content of NULs and CRLFs", "9112 6.2", "Content-Length: 6\r\n\r\n\u{0}\r\n\r\n\u{0}",
            .answered("POST / @h <\u{0}\r\n\r\n\u{0}>")),
        row(
            "content of GET is read", "9110 9.3.1", "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
            .answered("GET / @h <hello>")),
        row(
            "Content-Length in HTTP/1.0", "9112 6.3", "POST / HTTP/1.0\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
            .answeredLast("POST / @h <hello>")),
        post("two Content-Lengths that differ", "9112 6.3", "Content-Length: 5\r\nContent-Length: 6", 400),
        post("two equal Content-Lengths, refused by choice", "9112 6.3", "Content-Length: 5\r\nContent-Length: 5", 400),
        post("list of Content-Lengths that differ", "9112 6.3", "Content-Length: 5, 6", 400),
        post("list of equal Content-Lengths, refused by choice", "9112 6.3", "Content-Length: 5, 5", 400),
        post("Content-Length and a comma", "9112 6.3", "Content-Length: 5,", 400),
        post("Content-Length with a plus", "9110 8.6", "Content-Length: +5", 400),
        post("Content-Length with a minus", "9110 8.6", "Content-Length: -5", 400),
        post("Content-Length of minus 0", "9110 8.6", "Content-Length: -0", 400),
        post("hexadecimal Content-Length", "9110 8.6", "Content-Length: 0x5", 400),
        post("hexadecimal digit as Content-Length", "9110 8.6", "Content-Length: a", 400),
        post("Content-Length with a fraction", "9110 8.6", "Content-Length: 5.0", 400),
        post("Content-Length with an exponent", "9110 8.6", "Content-Length: 5e0", 400),
        post("Content-Length with a space inside", "9110 8.6", "Content-Length: 5 5", 400),
        post("Content-Length with an underscore", "9110 8.6", "Content-Length: 5_0", 400),
        post("Content-Length in quotes", "9110 8.6", "Content-Length: \"5\"", 400),
        post("Content-Length in Arabic digits", "9110 8.6", "Content-Length: \u{D9}\u{A5}", 400),
        post("empty Content-Length", "9110 8.6", "Content-Length:", 400),
        post("vertical tab before a Content-Length", "9110 5.5", "Content-Length: \u{B}5", 400),
        post("NUL after a Content-Length", "9110 5.5", "Content-Length: 5\u{0}", 400),
        post("space before the colon of Content-Length", "9112 5.1", "Content-Length : 5", 400),
        post("Content-Length of 2 to the 64th, 413 by choice", "9110 8.6", "Content-Length: 18446744073709551616", 413),
        post("Content-Length of 2 to the 63rd, 413 by choice", "9110 8.6", "Content-Length: 9223372036854775808", 413),
        post(
            "Content-Length that wraps round to 5, 413 by choice", "9110 8.6", "Content-Length: 18446744073709551621",
            413),
        post(
            "chunked", "9112 6.1", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            .answered("POST / @h <hello>")),
        post(
            "chunked in capitals", "9112 7", "Transfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            .answered("POST / @h <hello>")),
        post(
            "chunked with tabs around", "9112 5", "Transfer-Encoding:\tchunked\t\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            .answered("POST / @h <hello>")),
        row(
            "chunked content of GET is read", "9110 9.3.1",
            "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
            .answered("GET / @h <x>")),
        row(
            "chunked in HTTP/1.0", "9112 6.1", "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n\(get)",
            .refused(400)),
        row(
            "chunked in HTTP/1.0 that asks to persist", "9112 6.1",
            "POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n\(get)",
            .refused(400)),
        post("both, refused by choice", "9112 6.1", "Content-Length: 5\r\nTransfer-Encoding: chunked", 400),
        post("both, the coding first", "9112 6.1", "Transfer-Encoding: chunked\r\nContent-Length: 5", 400),
        post("both, the length 0", "9112 6.1", "Content-Length: 0\r\nTransfer-Encoding: chunked", 400),
        post("both, the coding unknown", "9112 6.1", "Content-Length: 5\r\nTransfer-Encoding: x", 400),
        post("chunked not last", "9112 6.3", "Transfer-Encoding: chunked, gzip", 400),
        post("chunked not last on two lines", "9112 6.3", "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip", 400),
        post("chunked, then identity", "9112 6.3", "Transfer-Encoding: chunked, identity", 400),
        post("chunked twice in a list", "9112 6.1", "Transfer-Encoding: chunked, chunked", 400),
        post("chunked twice on two lines", "9112 6.1", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400),
        post("gzip, then chunked", "9112 6.1", "Transfer-Encoding: gzip, chunked", 501),
        post(
            "gzip, then chunked, on two lines", "9112 6.1", "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", 501
        ),
        post("unknown coding with a parameter, then chunked", "9112 7", "Transfer-Encoding: x;a=\"b,c\", chunked", 501),
        post("identity, then chunked", "9112 7", "Transfer-Encoding: identity, chunked", 501),
        post("gzip alone: nobody can tell where the content ends", "9112 6.3", "Transfer-Encoding: gzip", 400),
        post("identity alone: nobody can tell where the content ends", "9112 6.3", "Transfer-Encoding: identity", 400),
        post("xchunked alone: nobody can tell where the content ends", "9112 6.3", "Transfer-Encoding: xchunked", 400),
        post("chunkedx alone: nobody can tell where the content ends", "9112 6.3", "Transfer-Encoding: chunkedx", 400),
        post("chunked with a parameter", "9112 7.1", "Transfer-Encoding: chunked;a=b", 400),
        post("chunked and a semicolon", "9112 7", "Transfer-Encoding: chunked;", 400),
        post("chunked in quotes", "9112 7", "Transfer-Encoding: \"chunked\"", 400),
        post("chunked and a word", "9112 7", "Transfer-Encoding: chunked x", 400),
        post("chunked after a word", "9112 7", "Transfer-Encoding: x chunked", 400),
        post("vertical tab before chunked", "9110 5.5", "Transfer-Encoding: \u{B}chunked", 400),
        post("vertical tab after chunked", "9110 5.5", "Transfer-Encoding: chunked\u{B}", 400),
        post("NUL after chunked", "9110 5.5", "Transfer-Encoding: chunked\u{0}", 400),
        post("byte that is not ASCII before chunked", "9112 7", "Transfer-Encoding: \u{A0}chunked", 400),
        post("folded chunked", "9112 5.2", "Transfer-Encoding:\r\n chunked", 400),
        post("space before the colon of chunked", "9112 5.1", "Transfer-Encoding : chunked", 400),
        post("empty Transfer-Encoding", "9112 6.1", "Transfer-Encoding:", 400),
        post(
            "empty Transfer-Encoding beside chunked", "9112 6.1", "Transfer-Encoding:\r\nTransfer-Encoding: chunked",
            400),
        post("empty member before chunked, refused by choice", "9112 6.1", "Transfer-Encoding: , chunked", 400),
        post("empty member after chunked, refused by choice", "9112 6.1", "Transfer-Encoding: chunked,", 400),
        post("TE says nothing of this message", "9110 10.1.4", "TE: trailers, gzip\r\n\r\n", .answered("POST / @h")),
        post(
            "Content-Encoding is not framing", "9110 8.4", "Content-Encoding: x\r\nContent-Length: 2\r\n\r\nhi",
            .answered("POST / @h <hi>")),
    ]

    /// What must not be taken for a request of its own after framing that is in doubt.
    private static let get = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"

    private static func row(
        _ name: String, _ section: String, _ sent: String, _ expected: ConformanceExpectation
    ) -> ConformanceRow { ConformanceRow(name, section, sent, expected) }

    /// POST with what follows Host.
    private static func post(
        _ name: String, _ section: String, _ rest: String, _ expected: ConformanceExpectation
    ) -> ConformanceRow { row(name, section, "POST / HTTP/1.1\r\nHost: h\r\n\(rest)", expected) }

    /// POST with field lines that are refused, and content that hides a request in either reading.
    private static func post(_ name: String, _ section: String, _ lines: String, _ status: Int) -> ConformanceRow {
        post(name, section, "\(lines)\r\n\r\n0\r\n\r\n\(get)", .refused(status))
    }
}
