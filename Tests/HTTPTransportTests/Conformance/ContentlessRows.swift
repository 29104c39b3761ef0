/// RFC 9110 sections 6.4.1 and 13: answers without content, and the preconditions that lead to some of them.
enum ContentlessRows {
    static let rows: [ConformanceRow] = [
        ask("HEAD has the length of GET", "9110 8.6", "HEAD /abc", [], .head("GET /abc @h")),
        ask("HEAD of what is not there", "9110 9.3.2", "HEAD /404", [], .head("never sent", status: 404)),
        ask("HEAD of an unknown place for POST", "9110 9.3.2", "HEAD /post", [], .head("", status: 405)),
        ask("204 has no length", "9110 8.6", "GET /204", [], .status(204, lacks: ["content-length"])),
        ask("204 for HEAD", "9110 8.6", "HEAD /204", [], .status(204, lacks: ["content-length"])),
        ask("204 for POST", "9110 8.6", "POST /204", [], .status(204, lacks: ["content-length"])),
        ask("204 for OPTIONS", "9110 8.6", "OPTIONS /", [], .status(204, lacks: ["content-length"])),
        ask("205 has length 0", "9110 15.3.6", "GET /205", [], .status(205, ["content-length": "0"])),
        ask("no precondition", "9110 13.2.1", "GET /tagged", [], .ok("tagged", tag)),
        ask("If-None-Match", "9110 13.1.2", "GET /tagged", ["If-None-Match: \"v1\""], .status(304, tag)),
        ask("If-None-Match, weak", "9110 13.1.2", "GET /tagged", ["If-None-Match: W/\"v1\""], .status(304, tag)),
        ask(
            "If-None-Match in a list", "9110 13.1.2", "GET /tagged", ["If-None-Match: \"a\", \"v1\""], .status(304, tag)
        ),
        ask(
            "If-None-Match on two lines", "9110 13.1.2", "GET /tagged",
            ["If-None-Match: \"a\"", "If-None-Match: \"v1\""], .status(304, tag)),
        ask("If-None-Match of anything", "9110 13.1.2", "GET /tagged", ["If-None-Match: *"], .status(304, tag)),
        ask("If-None-Match of another", "9110 13.1.2", "GET /tagged", ["If-None-Match: \"v2\""], .ok("tagged", tag)),
        ask(
            "If-None-Match in another case", "9110 8.8.3", "GET /tagged", ["If-None-Match: \"V1\""], .ok("tagged", tag)),
        ask("If-None-Match for HEAD", "9110 13.1.2", "HEAD /tagged", ["If-None-Match: \"v1\""], .status(304, tag)),
        ask("If-None-Match for POST", "9110 13.1.2", "POST /tagged", ["If-None-Match: \"v1\""], .status(412)),
        ask("If-None-Match not for 404", "9110 13.2.1", "GET /404", ["If-None-Match: *"], .status(404)),
        ask("If-Match", "9110 13.1.1", "GET /tagged", ["If-Match: \"v1\""], .ok("tagged", tag)),
        ask("If-Match of anything", "9110 13.1.1", "GET /tagged", ["If-Match: *"], .ok("tagged", tag)),
        ask("If-Match of another", "9110 13.1.1", "GET /tagged", ["If-Match: \"v2\""], .status(412)),
        ask("If-Match, weak", "9110 13.1.1", "GET /tagged", ["If-Match: W/\"v1\""], .status(412)),
        ask("If-Match of another for POST", "9110 13.1.1", "POST /tagged", ["If-Match: \"v2\""], .status(412)),
        ask(
            "If-Modified-Since, equal", "9110 13.1.3", "GET /tagged", ["If-Modified-Since: \(date)"], .status(304, tag)),
        ask("If-Modified-Since, later", "9110 13.1.3", "GET /tagged", ["If-Modified-Since: \(later)"], .status(304)),
        ask(
            "If-Modified-Since, earlier", "9110 13.1.3", "GET /tagged", ["If-Modified-Since: \(earlier)"], .ok("tagged")
        ),
        ask("If-Modified-Since, no date", "9110 13.1.3", "GET /tagged", ["If-Modified-Since: soon"], .ok("tagged")),
        ask("If-Modified-Since for POST", "9110 13.1.3", "POST /tagged", ["If-Modified-Since: \(date)"], .ok("tagged")),
        ask("If-Modified-Since for HEAD", "9110 13.1.3", "HEAD /tagged", ["If-Modified-Since: \(date)"], .status(304)),
        ask(
            "If-Modified-Since as of RFC 850", "9110 5.6.7", "GET /tagged",
            ["If-Modified-Since: Wednesday, 01-Jan-20 00:00:00 GMT"], .status(304)),
        ask(
            "If-Modified-Since as of asctime", "9110 5.6.7", "GET /tagged",
            ["If-Modified-Since: Wed Jan  1 00:00:00 2020"], .status(304)),
        ask(
            "If-None-Match counts before If-Modified-Since", "9110 13.2.2", "GET /tagged",
            ["If-None-Match: \"v2\"", "If-Modified-Since: \(date)"], .ok("tagged")),
        ask(
            "If-Match counts before If-Unmodified-Since", "9110 13.2.2", "GET /tagged",
            ["If-Match: \"v1\"", "If-Unmodified-Since: \(earlier)"], .ok("tagged")),
        ask(
            "If-Match counts before If-None-Match", "9110 13.2.2", "GET /tagged",
            ["If-None-Match: \"v1\"", "If-Match: \"v2\""], .status(412)),
        ask(
            "If-Unmodified-Since, equal", "9110 13.1.4", "GET /tagged", ["If-Unmodified-Since: \(date)"], .ok("tagged")),
        ask(
            "If-Unmodified-Since, earlier", "9110 13.1.4", "GET /tagged", ["If-Unmodified-Since: \(earlier)"],
            .status(412)),
        ask("If-Unmodified-Since, no date", "9110 13.1.4", "GET /tagged", ["If-Unmodified-Since: x"], .ok("tagged")),
    ]

    private static let tag = ["etag": "\"v1\""]
    private static let date = "Wed, 01 Jan 2020 00:00:00 GMT"
    private static let later = "Wed, 01 Jan 2020 00:00:01 GMT"
    private static let earlier = "Tue, 31 Dec 2019 23:59:59 GMT"

    private static func ask(
        _ name: String, _ section: String, _ line: String, _ lines: [String], _ answer: ConformanceExpectation.Answer
    ) -> ConformanceRow {
        let fields = (["Host: h"] + lines).joined(separator: "\r\n")
        return ConformanceRow(
            "contentless: \(name)", section, "\(line) HTTP/1.1\r\n\(fields)\r\n\r\n", .responses([answer]))
    }
}
