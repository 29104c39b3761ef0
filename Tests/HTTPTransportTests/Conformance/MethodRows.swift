/// RFC 9110 section 9: methods, as the application answers them.
enum MethodRows {
    static let rows: [ConformanceRow] = [
        ask("GET", "9110 9.3.1", "GET /file", .answered("GET /file @h")),
        ask("HEAD", "9110 9.3.2", "HEAD /file", .responses([.head("GET /file @h")])),
        ask("POST without content", "9110 9.3.3", "POST /", .answered("POST / @h")),
        send("PUT", "9110 9.3.4", "PUT /file", .answered("PUT /file @h <hi>")),
        send("DELETE with content", "9110 9.3.5", "DELETE /file", .answered("DELETE /file @h <hi>")),
        ask("DELETE", "9110 9.3.5", "DELETE /file", .answered("DELETE /file @h")),
        send("PATCH", "9110 9.1", "PATCH /file", .answered("PATCH /file @h <hi>")),
        ask("POST where only GET is", "9110 15.5.6", "POST /get", .responses([.status(405, get)])),
        ask("GET where only POST is", "9110 15.5.6", "GET /post", .responses([.status(405, post)])),
        ask("HEAD where only POST is", "9110 15.5.6", "HEAD /post", .responses([.head("", status: 405, post)])),
        ask("PUT where only GET is", "9110 15.5.6", "PUT /get", .responses([.status(405, get)])),
        ask("DELETE where GET and POST are", "9110 15.5.6", "DELETE /", .responses([.status(405, both)])),
        ask("PATCH where only POST is", "9110 15.5.6", "PATCH /post", .responses([.status(405, post)])),
        send("content of a 405 is read", "9110 15.5.6", "PUT /", .responses([.status(405, both)])),
        ask("TRACE, not allowed by choice", "9110 9.3.8", "TRACE /", .responses([.status(405, both)])),
        send("TRACE with content", "9110 9.3.8", "TRACE /", .responses([.status(405, both)])),
        ask("CONNECT, not allowed by choice", "9110 9.3.6", "CONNECT h:443", .responses([.status(405, both)])),
        send("CONNECT with content", "9110 9.3.6", "CONNECT h:443", .responses([.status(405, both)])),
        ask("OPTIONS, 204 by choice", "9110 9.3.7", "OPTIONS /", .responses([.status(204, both)])),
        ask("OPTIONS where only GET is", "9110 9.3.7", "OPTIONS /get", .responses([.status(204, get)])),
        ask("OPTIONS where only POST is", "9110 9.3.7", "OPTIONS /post", .responses([.status(204, post)])),
        ask("OPTIONS of the server", "9110 9.3.7", "OPTIONS *", .responses([.status(204, all)])),
        ask("OPTIONS of a URI", "9110 9.3.7", "OPTIONS http://h/get", .responses([.status(204, get)])),
        send("OPTIONS with content", "9110 9.3.7", "OPTIONS /get", .responses([.status(204, get)])),
        send("OPTIONS of the server with content", "9110 9.3.7", "OPTIONS *", .responses([.status(204, all)])),
        ask(
            "OPTIONS in HTTP/1.0", "9110 9.3.7", "OPTIONS /get", version: "1.0",
            .responses(
                [.status(204, get)], then: .closes)),
        ask("unknown", "9110 9.1", "BREW /pot", .responses([.status(501)])),
        ask("unknown where only GET is", "9110 9.1", "BREW /get", .responses([.status(501)])),
        send("content of an unknown method is read", "9110 9.1", "BREW /", .responses([.status(501)])),
        ask("one of WebDAV", "9110 9.1", "PROPFIND /", .responses([.status(501)])),
        ask("HEAD in small letters", "9110 9.1", "head /", .responses([.status(501)])),
        ask("OPTIONS in small letters", "9110 9.1", "options /", .responses([.status(501)])),
        ask("GET and a letter", "9110 9.1", "GETS /", .responses([.status(501)])),
        ask("GET without its last letter", "9110 9.1", "GE /", .responses([.status(501)])),
        ask("GET in HTTP/1.0", "9110 9.3.1", "GET /", version: "1.0", .answeredLast("GET / @h")),
        ask(
            "HEAD in HTTP/1.0", "9110 9.3.2", "HEAD /", version: "1.0",
            .responses(
                [.head("GET / @h")], then: .closes)),
    ]

    private static let get = ["allow": "GET, HEAD, OPTIONS"]
    private static let post = ["allow": "OPTIONS, POST"]
    private static let both = ["allow": "GET, HEAD, OPTIONS, POST"]
    private static let all = ["allow": "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"]

    private static func ask(
        _ name: String, _ section: String, _ line: String, version: String = "1.1", _ expected: ConformanceExpectation
    ) -> ConformanceRow {
        ConformanceRow("method: \(name)", section, "\(line) HTTP/\(version)\r\nHost: h\r\n\r\n", expected)
    }

    /// A request with content.
    private static func send(
        _ name: String, _ section: String, _ line: String, _ expected: ConformanceExpectation
    ) -> ConformanceRow {
        let fields = "Host: h\r\nContent-Length: 2"
        return ConformanceRow("method: \(name)", section, "\(line) HTTP/1.1\r\n\(fields)\r\n\r\nhi", expected)
    }
}
