/// RFC 9112 section 9: when a connection persists and how it ends.
enum PersistenceRows {
    static let rows: [ConformanceRow] = [
        get("1.1 persists", "1.1", "", .answered("GET / @h")),
        get("1.1 with keep-alive", "1.1", "Connection: keep-alive", .answered("GET / @h")),
        get("1.1 with close", "1.1", "Connection: close", last),
        get("1.1 with close in capitals", "1.1", "Connection: CLOSE", last),
        get("1.1 with close in mixed letters", "1.1", "connection: Close", last),
        get("close after another option", "1.1", "Connection: x, close", last),
        get("close before another option", "1.1", "Connection: close, x", last),
        get("close beats keep-alive", "1.1", "Connection: keep-alive, close", last),
        get("close between empty members", "1.1", "Connection: ,, close ,", last),
        get("close with tabs around", "1.1", "Connection: x,\tclose\t,y", last),
        get("close on a second line", "1.1", "Connection: keep-alive\r\nConnection: close", last),
        get("close on a first line", "1.1", "Connection: close\r\nConnection: keep-alive", last),
        get("closed is not close", "1.1", "Connection: closed", .answered("GET / @h")),
        get("x-close is not close", "1.1", "Connection: x-close", .answered("GET / @h")),
        get("close in quotes is not close", "1.1", "Connection: \"close\"", .answered("GET / @h")),
        get("empty Connection", "1.1", "Connection:", .answered("GET / @h")),
        get("close of Proxy-Connection is not ours", "1.1", "Proxy-Connection: close", .answered("GET / @h")),
        get("1.2 persists", "1.2", "", .answered("GET / @h")),
        get("1.0 closes", "1.0", "", last),
        get("1.0 with keep-alive persists, by choice", "1.0", "Connection: keep-alive", kept),
        get("1.0 with Keep-Alive in mixed letters", "1.0", "Connection: Keep-Alive", kept),
        get("1.0 with keep-alive in a list", "1.0", "Connection: x, keep-alive", kept),
        get("1.0 with keep-alive and close", "1.0", "Connection: keep-alive, close", last),
        get("1.0 with another option", "1.0", "Connection: x", last),
        get("an upgrade is ignored", "1.1", "Connection: upgrade\r\nUpgrade: websocket", .answered("GET / @h")),
        get(
            "an upgrade to h2c is ignored", "1.1",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk", .answered("GET / @h")),
        row("404 persists", "GET /404 HTTP/1.1\r\nHost: h\r\n\r\n", .responses([.status(404)])),
        row("501 persists", "BREW / HTTP/1.1\r\nHost: h\r\n\r\n", .responses([.status(501)])),
        row(
            "405 with close", "POST /get HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
            .responses(
                [.status(405)], then: .closes)),
        row(
            "close after content", "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
            .answeredLast("POST / @h <hi>")),
        row("what follows close is not answered", "\(close)GET /b HTTP/1.1\r\nHost: h\r\n\r\n", last),
        row("junk after close is not answered", "\(close)\u{0}\u{1}junk\r\n\r\n", last),
        row("a megabyte after close", "\(close)\(String(repeating: "x", count: 1_048_576))", last),
        row("what follows 1.0 is not answered", "GET / HTTP/1.0\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\n", last),
        row("the client ends after its request", get, .ended([.ok("GET / @h")])),
        row("the client ends after two requests", "\(get)\(get)", .ended([.ok("GET / @h"), .ok("GET / @h")])),
        row("the client ends after close", close, .ended([.ok("GET / @h", ["connection": "close"])])),
        row("the client ends at once", "", .closed),
        row("the client ends after an empty line", "\r\n", .closed),
        row("the client ends within a method", "GE", .closed),
        row("the client ends after a request line", "GET / HTTP/1.1\r\n", .closed),
        row("the client ends within a field line", "GET / HTTP/1.1\r\nHos", .closed),
        row("the client ends before the empty line", "GET / HTTP/1.1\r\nHost: h\r\n", .closed),
        row("the client ends within the empty line", "GET / HTTP/1.1\r\nHost: h\r\n\r", .closed),
        row("the client ends before the content", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n", .closed),
        row(
            "the client ends within the content", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhell", .closed
        ),
        row("the client ends within a second request", "\(get)GET / HT", .ended([.ok("GET / @h")])),
        row("the client ends after an error", "GET\r\n\r\n", .ended([.status(400, ["connection": "close"])])),
    ]

    private static let last: ConformanceExpectation = .answeredLast("GET / @h")
    private static let kept: ConformanceExpectation = .responses([.ok("GET / @h", ["connection": "keep-alive"])])
    private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
    private static let close = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"

    private static func row(_ name: String, _ sent: String, _ expected: ConformanceExpectation) -> ConformanceRow {
        ConformanceRow("persistence: \(name)", "9112 9.3", sent, expected)
    }

    /// GET in a version, with lines after Host if there are some.
    private static func get(
        _ name: String, _ version: String, _ lines: String, _ expected: ConformanceExpectation
    ) -> ConformanceRow {
        row(name, "GET / HTTP/\(version)\r\nHost: h\r\n\(lines)\(lines.isEmpty ? "" : "\r\n")\r\n", expected)
    }
}
