/// RFC 9112 section 7.1.2 and RFC 9110 section 6.5: fields after the content, which never count as the head's.
enum TrailerRows {
    static let rows: [ConformanceRow] = [
        trailers("one", "9112 7.1.2", "A: b\r\n", .answered("POST / @h <x> [A=b]")),
        trailers("two", "9112 7.1.2", "A: b\r\nC: d\r\n", .answered("POST / @h <x> [A=b|C=d]")),
        trailers("white space and an empty value", "9112 5", "A:\t b \r\nC:\r\n", .answered("POST / @h <x> [A=b|C=]")),
        trailers("a field of the head is kept apart", "9110 6.5.1", "Echo: t\r\n", .answered("POST / @h <x> [Echo=t]")),
        trailers(
            "Content-Length frames nothing", "9110 6.5.1", "Content-Length: 99\r\n",
            .answered("POST / @h <x> [Content-Length=99]")),
        trailers(
            "an invalid Content-Length is but a field", "9110 6.5.1", "Content-Length: x\r\n",
            .answered("POST / @h <x> [Content-Length=x]")),
        trailers(
            "Transfer-Encoding frames nothing", "9110 6.5.1", "Transfer-Encoding: chunked\r\n",
            .answered("POST / @h <x> [Transfer-Encoding=chunked]")),
        trailers("Host routes nothing", "9110 6.5.1", "Host: evil\r\n", .answered("POST / @h <x> [Host=evil]")),
        trailers(
            "Connection closes nothing", "9110 6.5.1", "Connection: close\r\n",
            .answered("POST / @h <x> [Connection=close]")),
        trailers("Expect asks nothing", "9110 6.5.1", "Expect: x\r\n", .answered("POST / @h <x> [Expect=x]")),
        trailers(
            "Authorization is kept apart", "9110 6.5.1", "Authorization: a b\r\n",
            .answered("POST / @h <x> [Authorization=a b]")),
        ConformanceRow(
            "trailer: announced and not sent", "9110 6.6.2",
            "POST / HTTP/1.1\r\nHost: h\r\nTrailer: A\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
            .answered("POST / @h <x>")),
        trailers("folded", "9112 5.2", "A: b\r\n c\r\n", .refused(400)),
        trailers("space before the first", "9112 5.2", " A: b\r\n", .refused(400)),
        trailers("space before the colon", "9112 5.1", "A : b\r\n", .refused(400)),
        trailers("no colon", "9112 5", "A b\r\n", .refused(400)),
        trailers("empty name", "9112 5", ": b\r\n", .refused(400)),
        trailers("name with a separator", "9110 5.6.2", "a/b: c\r\n", .refused(400)),
        trailers("NUL in a value", "9110 5.5", "A: b\u{0}c\r\n", .refused(400)),
        trailers("bare CR in a value", "9110 5.5", "A: b\rc\r\n", .refused(400)),
        trailers("bare LF ends the line, refused by choice", "9112 2.2", "A: b\n", .refused(400)),
        trailers("bare LF ends the section, refused by choice", "9112 2.2", "A: b\r\n\nx", .refused(400)),
        trailers("a request instead", "9112 7.1.2", "GET / HTTP/1.1\r\n", .refused(400)),
        trailers("100 of them", "9110 5.4", lines(100), .responses([.status(200)])),
        trailers("101 of them", "9110 5.4", lines(101), .refused(431)),
        trailers("16 KiB of them", "9110 5.4", "A: \(letters(16_384 - 5))\r\n", .responses([.status(200)])),
        trailers("16 KiB and a byte of them", "9110 5.4", "A: \(letters(16_384 - 4))\r\n", .refused(431)),
    ]

    private static func lines(_ count: Int) -> String { String(repeating: "A: b\r\n", count: count) }

    private static func letters(_ count: Int) -> String { String(repeating: "x", count: count) }

    /// Content of one chunk with these lines after it.
    private static func trailers(
        _ name: String, _ section: String, _ lines: String, _ expected: ConformanceExpectation
    ) -> ConformanceRow {
        let head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"
        return ConformanceRow("trailer: \(name)", section, "\(head)\(lines)\r\n", expected)
    }
}
