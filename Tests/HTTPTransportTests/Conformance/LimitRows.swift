/// What `HTTPLimits` sets, at each limit and one past it, and far past it.
enum LimitRows {
    static let rows: [ConformanceRow] = [
        row("target of 8,192 bytes", "9112 3", get("/\(x(8191))"), .answered("GET /\(x(8191)) @h")),
        row("target of 8,193 bytes", "9112 3", get("/\(x(8192))"), .refused(414)),
        row("query of 8,193 bytes", "9112 3", get("/?\(x(8191))"), .refused(414)),
        row("target of a megabyte", "9112 3", get("/\(x(1_048_576))"), .refused(414)),
        row("target without an end", "9112 3", "GET /\(x(100_000))", .refused(414)),
        row("method of 32 bytes", "9112 3", "\(x(32)) / HTTP/1.1\r\nHost: h\r\n\r\n", .responses([.status(501)])),
        row("method of 33 bytes", "9112 3", "\(x(33)) / HTTP/1.1\r\nHost: h\r\n\r\n", .refused(501)),
        row("method of a megabyte", "9112 3", x(1_048_576), .refused(501)),
        row("100 fields", "9110 5.4", get("/", lines(99)), .answered("GET / @h")),
        row("101 fields", "9110 5.4", get("/", lines(100)), .refused(431)),
        row("10,000 fields", "9110 5.4", get("/", lines(10_000)), .refused(431)),
        row("fields of 16 KiB", "9110 5.4", get("/", "A: \(x(16_384 - 14))\r\n"), .answered("GET / @h")),
        row("fields of 16 KiB and a byte", "9110 5.4", get("/", "A: \(x(16_384 - 13))\r\n"), .refused(431)),
        row(
            "fields of 16 KiB and an empty field", "9110 5.4", get("/", "A: \(x(16_384 - 14))\r\nA:\r\n"), .refused(431)
        ),
        row("field name of a megabyte", "9110 5.4", get("/", x(1_048_576)), .refused(431)),
        row("field value of a megabyte", "9110 5.4", get("/", "A: \(x(1_048_576))\r\n"), .refused(431)),
        row("white space of a megabyte", "9110 5.4", get("/", "A:\(spaces(1_048_576))\r\n"), .refused(431)),
        row("content of 64 KiB", "9110 15.5.14", content(65_536), .answered("POST / @h <\(x(65_536))>")),
        row("content of 64 KiB and a byte", "9110 15.5.14", content(65_537), .refused(413)),
        row("content of a megabyte", "9110 15.5.14", content(1_048_576), .refused(413)),
        row(
            "content of 64 KiB in a chunk", "9110 15.5.14", chunks(["10000\r\n\(x(65_536))"]),
            .responses([.status(200)])),
        row(
            "content of 64 KiB and a byte in a chunk", "9110 15.5.14", chunks(["10001\r\n\(x(65_537))"]), .refused(413)),
        row(
            "content of 64 KiB in chunks", "9110 15.5.14", chunks(Array(repeating: "1000\r\n\(x(4096))", count: 16)),
            .responses([.status(200)])),
        row(
            "content of 64 KiB and a byte in chunks", "9110 15.5.14",
            chunks(Array(repeating: "1000\r\n\(x(4096))", count: 16) + ["1\r\nx"]), .refused(413)),
        row(
            "a thousand chunks of a byte", "9112 7.1", chunks(Array(repeating: "1\r\nx", count: 1000)),
            .answered(
                "POST / @h <\(x(1000))>")),
        row("chunk extension of 4 KiB", "9112 7.1.1", chunks(["1;\(x(4095))\r\nx"]), .answered("POST / @h <x>")),
        row("chunk extension of 4 KiB and a byte", "9112 7.1.1", chunks(["1;\(x(4096))\r\nx"]), .refused(400)),
        row(
            "chunk extensions of 4 KiB together", "9112 7.1.1",
            chunks(Array(repeating: "1;\(x(1023))\r\nx", count: 4)), .answered("POST / @h <xxxx>")),
        row(
            "chunk extensions of 4 KiB and one together", "9112 7.1.1",
            chunks(Array(repeating: "1;\(x(1023))\r\nx", count: 4) + ["1;a\r\nx"]), .refused(400)),
        row("chunk extension of a megabyte", "9112 7.1.1", chunks(["1;\(x(1_048_576))\r\nx"]), .refused(400)),
        row("leading zeros of a megabyte", "9112 7.1", chunks(["\(zeros(1_048_576))1\r\nx"]), .refused(400)),
    ]

    private static func x(_ count: Int) -> String { String(repeating: "x", count: count) }
    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
    private static func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }
    private static func lines(_ count: Int) -> String { String(repeating: "A: b\r\n", count: count) }

    private static func get(_ target: String, _ lines: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: h\r\n\(lines)\r\n"
    }

    private static func content(_ count: Int) -> String {
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(count)\r\n\r\n\(x(count))"
    }

    /// Content of these chunks and the last one.
    private static func chunks(_ chunks: [String]) -> String {
        let content = chunks.map { "\($0)\r\n" }.joined()
        return "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n\(content)0\r\n\r\n"
    }

    private static func row(
        _ name: String, _ section: String, _ sent: String, _ expected: ConformanceExpectation
    ) -> ConformanceRow { ConformanceRow("limit: \(name)", section, sent, expected) }
}
