/// RFC 9110 section 10.1.1: Expect and 100 (Continue).
enum ExpectRows {
    static let rows: [ConformanceRow] = [
        waits("asked for", "Expect: 100-continue\r\nContent-Length: 5", then: "hello"),
        waits("in capitals", "Expect: 100-CONTINUE\r\nContent-Length: 5", then: "hello"),
        waits("before a chunk", "Expect: 100-continue\r\nTransfer-Encoding: chunked", then: "5\r\nhello\r\n0\r\n\r\n"),
        waits("twice in a list", "Expect: 100-continue, 100-continue\r\nContent-Length: 5", then: "hello"),
        waits("beside empty members", "Expect: ,100-continue,\r\nContent-Length: 5", then: "hello"),
        waits("on two lines", "Expect:\r\nExpect: 100-continue\r\nContent-Length: 5", then: "hello"),
        ConformanceRow(
            "expect: 100, then 405 after the content, by choice", "9110 10.1.1",
            "POST /get HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
            ConformanceExpectation(
                answers: [.status(405)], ending: .persists, continuation: .awaited(content: "hello"))),
        post(
            "the content is there already", "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
            .perhapsContinued("POST / @h <hello>")),
        post(
            "the chunks are there already",
            "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            .perhapsContinued("POST / @h <hello>")),
        post("no content to wait for", "Expect: 100-continue\r\n\r\n", .answered("POST / @h")),
        post("content of no length", "Expect: 100-continue\r\nContent-Length: 0\r\n\r\n", .answered("POST / @h")),
        post("nothing", "Expect:\r\nContent-Length: 2\r\n\r\nhi", .answered("POST / @h <hi>")),
        post("unknown, 417 by choice", "Expect: x\r\nContent-Length: 2\r\n\r\nhi", .refused(417)),
        post("unknown beside known, 417 by choice", "Expect: 100-continue, x\r\n\r\n", .refused(417)),
        post("200-ok, 417 by choice", "Expect: 200-ok\r\n\r\n", .refused(417)),
        post("known with a parameter, 417 by choice", "Expect: 100-continue;a=b\r\n\r\n", .refused(417)),
        post("known with a value, 417 by choice", "Expect: 100-continue=a\r\n\r\n", .refused(417)),
        post("known in quotes, 417 by choice", "Expect: \"100-continue\"\r\n\r\n", .refused(417)),
        post("content over the limit: no 100", "Expect: 100-continue\r\nContent-Length: 65537\r\n\r\n", .refused(413)),
        post("invalid length: no 100", "Expect: 100-continue\r\nContent-Length: x\r\n\r\n", .refused(400)),
        post(
            "both framings: no 100",
            "Expect: 100-continue\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", .refused(400)),
        post(
            "unknown coding: no 100", "Expect: 100-continue\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            .refused(501)),
        ConformanceRow(
            "expect: ignored in HTTP/1.0", "9110 10.1.1",
            "POST / HTTP/1.0\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
            .answeredLast("POST / @h <hello>")),
        ConformanceRow(
            "expect: unknown in HTTP/1.0, ignored by choice", "9110 10.1.1",
            "GET / HTTP/1.0\r\nHost: h\r\nExpect: x\r\n\r\n", .answeredLast("GET / @h")),
        ConformanceRow(
            "expect: GET without content", "9110 10.1.1",
            "GET / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n", .answered("GET / @h")),
        ConformanceRow(
            "expect: missing Host, no 100", "9110 10.1.1",
            "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", .refused(400)),
    ]

    /// A client that waits for 100 after these fields, and then sends content that is `hello`.
    private static func waits(_ name: String, _ fields: String, then content: String) -> ConformanceRow {
        post(name, "\(fields)\r\n\r\n", .continued(sending: content, "POST / @h <hello>"))
    }

    private static func post(_ name: String, _ rest: String, _ expected: ConformanceExpectation) -> ConformanceRow {
        ConformanceRow("expect: \(name)", "9110 10.1.1", "POST / HTTP/1.1\r\nHost: h\r\n\(rest)", expected)
    }
}
