/// RFC 9112 section 9.6 and RFC 9110 section 15: what an error looks like, and that the client sees it.
///
/// That each answer has one well-formed Date and one Content-Length is checked for every row of the table.
enum ErrorRows {
    static let rows: [ConformanceRow] = [
        error("says what its content is", "9110 8.3", "GET\r\n\r\n", 400),
        error("the rest of the head is discarded", "9112 9.6", "GET / HTTP/1.1\r\nBad\r\nHost: h\r\n\r\n", 400),
        error("a request behind it is not answered", "9112 9.6", "GET\r\n\r\n\(get)", 400),
        error("a hundred requests behind it are not", "9112 9.6", "GET\r\n\r\n\(many)", 400),
        error("a megabyte behind 400", "9112 9.6", "GET\r\n\r\n\(megabyte)", 400),
        error("a megabyte behind 414", "9112 9.6", "GET /\(letters(9000)) HTTP/1.1\r\n\(megabyte)", 414),
        error("a megabyte behind 501", "9112 9.6", "\(post)Transfer-Encoding: x, chunked\r\n\r\n\(megabyte)", 501),
        error("a megabyte behind 505", "9112 9.6", "GET / HTTP/2.0\r\n\(megabyte)", 505),
        error("a megabyte behind 417", "9112 9.6", "\(post)Expect: x\r\nContent-Length: 9\r\n\r\n\(megabyte)", 417),
        error(
            "two megabytes of refused content", "9112 9.6",
            "\(post)Content-Length: 2097152\r\n\r\n\(megabyte)\(megabyte)", 413),
        error("a megabyte of NULs", "9112 9.6", String(repeating: "\u{0}", count: 1_048_576), 400),
        error("a megabyte of empty lines", "9112 2.2", String(repeating: "\r\n", count: 524_288), 400),
        error("to HTTP/1.0", "9112 9.6", "GET / HTTP/1.0\r\nBad\r\n\r\n", 400),
        error(
            "to HTTP/1.0 that asks to persist", "9112 9.6", "GET / HTTP/1.0\r\nConnection: keep-alive\r\nBad\r\n\r\n",
            400),
        head("to HEAD without Host has no content", "HEAD / HTTP/1.1\r\n\r\n", 400),
        head("to HEAD with a bad field has no content", "HEAD / HTTP/1.1\r\nHost: h\r\nBad\r\n\r\n", 400),
        head("to HEAD with a bad target has no content", "HEAD /< HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        head("to HEAD with a long target has no content", "HEAD /\(letters(9000)) HTTP/1.1\r\nHost: h\r\n\r\n", 414),
        head("to HEAD with another version has no content", "HEAD / HTTP/2.0\r\nHost: h\r\n\r\n", 505),
        head("to HEAD with an expectation has no content", "HEAD / HTTP/1.1\r\nHost: h\r\nExpect: x\r\n\r\n", 417),
        head("to HEAD with many fields has no content", "HEAD / HTTP/1.1\r\nHost: h\r\n\(lines)\r\n", 431),
        head(
            "to HEAD with a bad chunk has no content",
            "HEAD / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
        row(
            "404 is no reason to close", "9110 15.5.5", "GET /404 HTTP/1.1\r\nHost: h\r\n\r\n",
            .responses(
                [.status(404, lacks: ["connection"], content: "never sent")])),
        row(
            "405 is no reason to close", "9110 15.5.6", "POST /get HTTP/1.1\r\nHost: h\r\n\r\n",
            .responses(
                [.status(405, lacks: ["connection"])])),
        row(
            "412 is no reason to close", "9110 15.5.13", "GET /tagged HTTP/1.1\r\nHost: h\r\nIf-Match: \"x\"\r\n\r\n",
            .responses(
                [.status(412, lacks: ["connection"])])),
        row(
            "501 of a method is no reason to close", "9110 15.6.2", "BREW / HTTP/1.1\r\nHost: h\r\n\r\n",
            .responses(
                [.status(501, lacks: ["connection"])])),
    ]

    private static let get = "GET /b HTTP/1.1\r\nHost: h\r\n\r\n"
    private static let many = String(repeating: get, count: 100)
    private static let post = "POST / HTTP/1.1\r\nHost: h\r\n"
    private static let lines = String(repeating: "A: b\r\n", count: 101)
    private static let megabyte = letters(1_048_576)

    private static func letters(_ count: Int) -> String { String(repeating: "x", count: count) }

    private static func row(
        _ name: String, _ section: String, _ sent: String, _ expected: ConformanceExpectation
    ) -> ConformanceRow { ConformanceRow("error: \(name)", section, sent, expected) }

    /// An error with a text, after which the connection is closed.
    private static func error(_ name: String, _ section: String, _ sent: String, _ status: Int) -> ConformanceRow {
        let fields = ["content-type": "text/plain; charset=utf-8", "connection": "close"]
        return row(name, section, sent, .responses([.status(status, fields)], then: .closes))
    }

    /// The same without the text, which HEAD must not get.
    private static func head(_ name: String, _ sent: String, _ status: Int) -> ConformanceRow {
        let answer = ConformanceExpectation.Answer(status: status, isForHead: true)
        return row(name, "9110 9.3.2", sent, .responses([answer], then: .closes))
    }
}
