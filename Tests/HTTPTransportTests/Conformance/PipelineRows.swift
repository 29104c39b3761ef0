/// RFC 9112 section 9.3.2: requests that do not wait for the answers before them.
enum PipelineRows {
    static let rows: [ConformanceRow] = [
        row("two", "\(get("/a"))\(get("/b"))", .responses([.ok("GET /a @h"), .ok("GET /b @h")])),
        row(
            "a hundred in order", (0..<100).map { get("/\($0)") }.joined(),
            .responses((0..<100).map { .ok("GET /\($0) @h") })),
        row("content, then a request", "\(post)\(get("/b"))", .responses([.ok("POST / @h <hi>"), .ok("GET /b @h")])),
        row("chunks, then a request", "\(chunks)\(get("/b"))", .responses([.ok("POST / @h <hi>"), .ok("GET /b @h")])),
        row("an empty line between", "\(post)\r\n\(get("/b"))", .responses([.ok("POST / @h <hi>"), .ok("GET /b @h")])),
        row(
            "two empty lines between, refused by choice", "\(post)\r\n\r\n\(get("/b"))",
            .responses([.ok("POST / @h <hi>"), .status(400)], then: .closes)),
        row(
            "HEAD between", "\(get("/a"))HEAD /b HTTP/1.1\r\nHost: h\r\n\r\n\(get("/c"))",
            .responses([.ok("GET /a @h"), .head("GET /b @h"), .ok("GET /c @h")])),
        row("204 between", "\(get("/204"))\(get("/b"))", .responses([.status(204), .ok("GET /b @h")])),
        row("404 between", "\(get("/404"))\(get("/b"))", .responses([.status(404), .ok("GET /b @h")])),
        row(
            "304 between", "GET /tagged HTTP/1.1\r\nHost: h\r\nIf-None-Match: *\r\n\r\n\(get("/b"))",
            .responses([.status(304), .ok("GET /b @h")])),
        row(
            "501 between", "BREW / HTTP/1.1\r\nHost: h\r\n\r\n\(get("/b"))",
            .responses([.status(501), .ok("GET /b @h")])),
        row(
            "405 with content between", "POST /get HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi\(get("/b"))",
            .responses([.status(405), .ok("GET /b @h")])),
        row(
            "a request as content is content",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 35\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n\(get("/b"))",
            .responses([.ok("POST / @h <GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n>"), .ok("GET /b @h")])),
        row(
            "an error in the middle", "\(get("/a"))\(get("/b"))GET / HTTP/1.1\r\nBad\r\n\r\n\(get("/c"))",
            .responses([.ok("GET /a @h"), .ok("GET /b @h"), .status(400)], then: .closes)),
        row(
            "junk in the middle", "\(get("/a"))\u{0}\u{0}\(get("/c"))",
            .responses([.ok("GET /a @h"), .status(400)], then: .closes)),
        row(
            "content longer than its length",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi(\r\n\(get("/b"))",
            .responses([.ok("POST / @h <hi>"), .status(400)], then: .closes)),
        row(
            "a bad chunk in the middle",
            "\(get("/a"))POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n\(get("/c"))",
            .responses([.ok("GET /a @h"), .status(400)], then: .closes)),
        row(
            "too much content in the middle",
            "\(get("/a"))POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 65537\r\n\r\n\(get("/c"))",
            .responses([.ok("GET /a @h"), .status(413)], then: .closes)),
        row(
            "an unknown expectation in the middle",
            "\(get("/a"))GET / HTTP/1.1\r\nHost: h\r\nExpect: x\r\n\r\n\(get("/c"))",
            .responses([.ok("GET /a @h"), .status(417)], then: .closes)),
        row(
            "close in the middle", "\(get("/a"))GET /b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n\(get("/c"))",
            .responses([.ok("GET /a @h"), .ok("GET /b @h")], then: .closes)),
        row(
            "1.0 in the middle", "\(get("/a"))GET /b HTTP/1.0\r\nHost: h\r\n\r\n\(get("/c"))",
            .responses([.ok("GET /a @h"), .ok("GET /b @h")], then: .closes)),
        row(
            "each with a Host of its own", "\(get("/a"))GET /b HTTP/1.1\r\nHost: other\r\n\r\n",
            .responses([.ok("GET /a @h"), .ok("GET /b @other")])),
        row(
            "fields of one are not the next one's", "GET /a HTTP/1.1\r\nHost: h\r\nEcho: a\r\n\r\n\(get("/b"))",
            .responses([.ok("GET /a @h {a}"), .ok("GET /b @h")])),
        row(
            "trailers of one are not the next one's",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n\r\n\(chunks)",
            .responses([.ok("POST / @h [A=b]"), .ok("POST / @h <hi>")])),
    ]

    private static let post = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi"
    private static let chunks = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"

    private static func get(_ target: String) -> String { "GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n" }

    private static func row(_ name: String, _ sent: String, _ expected: ConformanceExpectation) -> ConformanceRow {
        ConformanceRow("pipeline: \(name)", "9112 9.3.2", sent, expected)
    }
}
