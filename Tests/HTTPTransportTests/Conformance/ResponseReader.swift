import Glibc
import HTTP

/// Reads responses by the letter of RFC 9112, and throws at anything that is none.
struct ResponseReader {
    struct Response {
        var status: Int
        var fields: [(name: String, value: String)]
        var content: [UInt8] = []

        func values(of name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
    }

    /// What is wrong with what came.
    struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    private let client: TestClient
    private var buffer: ArraySlice<UInt8> = []

    init(_ client: TestClient) { self.client = client }

    /// The next response, final or interim; `isForHead` means that it has no content, whatever its Content-Length.
    mutating func next(isForHead: Bool) throws -> Response {
        let statusLine = try line()
        let parts = statusLine.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "HTTP/1.1", parts[1].count == 3, let status = Int(parts[1]) else {
            throw Failure("no status line: \(statusLine)")
        }
        var response = Response(status: status, fields: [])
        while true {
            let line = try line()
            if line.isEmpty { break }
            guard let colon = line.firstIndex(of: ":"), HTTPMethod(String(line[..<colon])) != nil else {
                throw Failure("no field line: \(line)")
            }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            response.fields.append((line[..<colon].lowercased(), String(value)))
        }
        let length = try Self.checkedFraming(of: response)
        guard !isForHead else { return response }
        while buffer.count < length { try fill() }
        response.content = Array(buffer.prefix(length))
        buffer = buffer.dropFirst(length)
        return response
    }

    /// Throws unless the stream ends here, and not by a reset.
    mutating func end() throws {
        buffer += try client.receive()
        guard buffer.isEmpty else {
            throw Failure("no end of the stream, but \(String(decoding: buffer, as: UTF8.self))")
        }
    }

    /// The content's length, after checking what holds of every response.
    private static func checkedFraming(of response: Response) throws -> Int {
        let status = response.status
        let lengths = response.values(of: "content-length")
        guard response.values(of: "transfer-encoding").isEmpty else {
            throw Failure("\(status) with Transfer-Encoding")
        }
        if status < 200 || status == 204 || status == 304 {
            // RFC 9110 section 8.6; in 304 it could only be that of the 200.
            guard lengths.isEmpty else { throw Failure("\(status) with Content-Length") }
        } else {
            guard lengths.count == 1, Int(lengths[0]) != nil else {
                throw Failure("\(status) with Content-Length \(lengths)")
            }
        }
        if status >= 200 {
            // RFC 9110 section 6.6.1: an origin server with a clock must say the date in 2xx, 3xx and 4xx.
            guard response.values(of: "date").count == 1, let date = response.values(of: "date").first,
                let seconds = IMFFixdate.parse(date), abs(seconds - Int64(time(nil))) < 60, date.utf8.count == 29
            else { throw Failure("\(status) with Date \(response.values(of: "date"))") }
        }
        if status == 405, response.values(of: "allow").isEmpty { throw Failure("405 without Allow") }
        return lengths.first.flatMap { Int($0) } ?? 0
    }

    private mutating func line() throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                guard end > buffer.startIndex, buffer[end - 1] == 0x0D else { throw Failure("a line without CR") }
                defer { buffer = buffer[(end + 1)...] }
                return String(decoding: buffer[..<(end - 1)], as: UTF8.self)
            }
            try fill()
        }
    }

    private mutating func fill() throws {
        let more = try client.receive()
        guard !more.isEmpty else {
            throw Failure("the stream ended after “\(String(decoding: buffer, as: UTF8.self))”")
        }
        buffer += more
    }
}
