import HTTP
import Testing

struct SerializerTests {
    private let date = Array("Sun, 06 Nov 1994 08:49:37 GMT".utf8)

    private func text(
        _ response: HTTPResponse, _ method: HTTPMethod? = .get, _ version: HTTPVersion = .http11, keepAlive: Bool = true
    ) -> String {
        var out: [UInt8] = []
        HTTPSerializer.append(
            response, requestMethod: method, version: version, keepAlive: keepAlive, date: date, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    private let dateLine = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"

    @Test func `a response is its status line, fields and content`() throws {
        let response = HTTPResponse(
            status: .notFound, fields: try fields(("Content-Type", "text/plain"), ("X", "1")),
            content: Array("abc".utf8))
        #expect(
            text(response) == "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nX: 1\r\n\(dateLine)"
                + "Content-Length: 3\r\n\r\nabc")
    }

    @Test func `responses follow one another in one buffer`() {
        var out: [UInt8] = []
        for _ in 0..<3 {
            HTTPSerializer.append(
                HTTPResponse(content: [65]), requestMethod: .get, version: .http11, keepAlive: true, date: date,
                to: &out)
        }
        let one = "HTTP/1.1 200 OK\r\n\(dateLine)Content-Length: 1\r\n\r\nA"
        #expect(String(decoding: out, as: UTF8.self) == one + one + one)
    }

    @Test(
        arguments: [
            Row("GET", (HTTPMethod.get, 200), "Content-Length: 3 abc"),
            Row("unreadable request", (nil, 400), "Content-Length: 3 abc"),
            Row("HEAD", (.head, 200), "Content-Length: 3 -"),
            Row("HEAD of an error", (.head, 404), "Content-Length: 3 -"),
            Row("204", (.get, 204), "- -"),
            Row("205", (.post, 205), "Content-Length: 0 -"),
            Row("304", (.get, 304), "- -"),
            Row("101", (.get, 101), "- -"),
            Row("CONNECT that succeeded", (.connect, 200), "- -"),
            Row("CONNECT that failed", (.connect, 405), "Content-Length: 3 abc"),
        ] as [Row<(HTTPMethod?, Int), String>])
    func `length and content are sent only where they may be`(row: Row<(HTTPMethod?, Int), String>) throws {
        let status = HTTPStatus(code: UInt16(row.input.1))
        let parts = text(HTTPResponse(status: status, content: Array("abc".utf8)), row.input.0).split(
            separator: "\r\n\r\n", omittingEmptySubsequences: false)
        try #require(parts.count == 2)
        let length = parts[0].split(separator: "\r\n").first { $0.hasPrefix("Content-Length") } ?? "-"
        #expect("\(length) \(parts[1].isEmpty ? "-" : parts[1])" == row.expected)
        #expect(
            HTTPSerializer.sendsContent(status: status, requestMethod: row.input.0) == row.expected.hasSuffix("abc"))
    }

    @Test func `an empty response still says its length`() {
        #expect(text(HTTPResponse()) == "HTTP/1.1 200 OK\r\n\(dateLine)Content-Length: 0\r\n\r\n")
    }

    @Test func `a code without a phrase keeps its space`() {
        #expect(text(HTTPResponse(status: HTTPStatus(code: 299))).hasPrefix("HTTP/1.1 299 \r\n"))
    }

    @Test(arguments: [
        Row("1.1 kept", (HTTPVersion.http11, true), "-"),
        Row("1.1 closed", (.http11, false), "Connection: close"),
        Row("1.0 kept", (.http10, true), "Connection: keep-alive"),
        Row("1.0 closed", (.http10, false), "Connection: close"),
    ])
    func `Connection says whether the connection persists`(row: Row<(HTTPVersion, Bool), String>) {
        let lines = text(HTTPResponse(), .get, row.input.0, keepAlive: row.input.1).split(separator: "\r\n")
        #expect(lines.filter { $0.hasPrefix("Connection") }.joined() == (row.expected == "-" ? "" : row.expected))
        #expect(lines.first == "HTTP/1.1 200 OK")
    }

    @Test func `fields of framing are the serializer's own`() throws {
        let response = HTTPResponse(
            fields: try fields(
                ("content-length", "99"), ("Transfer-Encoding", "chunked"), ("Connection", "close"), ("A", "1")))
        #expect(text(response) == "HTTP/1.1 200 OK\r\nA: 1\r\n\(dateLine)Content-Length: 0\r\n\r\n")
    }

    @Test func `a Date of its own is kept`() throws {
        let response = HTTPResponse(fields: try fields(("date", "x")))
        #expect(text(response) == "HTTP/1.1 200 OK\r\ndate: x\r\nContent-Length: 0\r\n\r\n")
    }

    @Test func `replaced fields are sent once`() throws {
        var response = HTTPResponse(fields: try fields(("A", "1"), ("B", "2")))
        response.fields[.init("A") ?? .age] = "3"
        #expect(text(response) == "HTTP/1.1 200 OK\r\nB: 2\r\nA: 3\r\n\(dateLine)Content-Length: 0\r\n\r\n")
    }

    @Test func `no value splits a response`() {
        var response = HTTPResponse(status: .seeOther)
        response.fields[.location] = "/\r\nSet-Cookie: a=b\r\n\r\n<script>"
        let head = "HTTP/1.1 303 See Other\r\nLocation: /  Set-Cookie: a=b    <script>\r\n"
        #expect(text(response) == head + "\(dateLine)Content-Length: 0\r\n\r\n")
    }

    @Test func `a head alone names the length it is told`() {
        var out: [UInt8] = []
        HTTPSerializer.appendHead(
            HTTPResponse(), framing: .length(1_234_567), requestMethod: .get, version: .http11, keepAlive: true,
            date: date,
            to: &out)
        #expect(
            String(decoding: out, as: UTF8.self) == "HTTP/1.1 200 OK\r\n\(dateLine)Content-Length: 1234567\r\n\r\n")
    }

    @Test func `what is made while it is sent comes in chunks, where the client knows them`() {
        func head(_ version: HTTPVersion, _ method: HTTPMethod = .get, _ status: HTTPStatus = .ok) -> String {
            var out: [UInt8] = []
            HTTPSerializer.appendHead(
                HTTPResponse(status: status), framing: .chunked, requestMethod: method, version: version,
                keepAlive: true, date: date, to: &out)
            return String(decoding: out, as: UTF8.self)
        }
        let coding = "Transfer-Encoding: chunked\r\n"
        #expect(head(.http11) == "HTTP/1.1 200 OK\r\n\(dateLine)\(coding)\r\n")
        #expect(head(.http11, .head) == head(.http11), "as for GET (RFC 9110 section 9.3.2)")
        #expect(head(.http10) == "HTTP/1.1 200 OK\r\n\(dateLine)Connection: keep-alive\r\n\r\n")
        #expect(!head(.http11, .get, .noContent).contains(coding))
        var chunks: [UInt8] = []
        HTTPSerializer.appendChunk(Array(repeating: 0x61, count: 27), to: &chunks)
        chunks += HTTPSerializer.lastChunk
        #expect(
            String(decoding: chunks, as: UTF8.self)
                == "1b\r\n" + String(repeating: "a", count: 27) + "\r\n0\r\n\r\n")
    }

    @Test func `100 Continue is an interim response`() {
        #expect(HTTPSerializer.continueResponse == Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
    }
}
