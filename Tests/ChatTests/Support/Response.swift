import TestSupport
import Testing

/// A response as it came over the socket.
struct Response: Sendable {
    let status: Int
    let reason: String
    let fields: [(name: String, value: String)]
    private(set) var content: [UInt8]

    struct Malformed: Error { let bytes: String }

    /// Reads everything that a connection sent before it was closed.
    init(parsing bytes: [UInt8], method: String) throws {
        let end = Array("\r\n\r\n".utf8)
        let malformed = Malformed(bytes: String(decoding: bytes, as: UTF8.self))
        guard let headEnd = bytes.firstRange(of: end) else { throw malformed }
        var lines = String(decoding: bytes[..<headEnd.lowerBound], as: UTF8.self).split(separator: "\r\n")[...]
        let statusLine = lines.removeFirst().split(separator: " ", maxSplits: 2)
        guard statusLine.count == 3, statusLine[0] == "HTTP/1.1", let status = Int(statusLine[1]) else {
            throw malformed
        }
        self.status = status
        reason = String(statusLine[2])
        fields = try lines.map { line in
            guard let colon = line.firstIndex(of: ":") else { throw malformed }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (line[..<colon].lowercased(), String(value))
        }
        let isChunked = fields.contains { $0.name == "transfer-encoding" && $0.value == "chunked" }
        let rest = bytes[headEnd.upperBound...]
        guard let content = isChunked && method != "HEAD" ? Self.joining(rest) : Array(rest) else { throw malformed }
        self.content = content
        if isChunked { return }
        if method != "HEAD", status != 204, status != 304 {
            let length = fields.first { $0.name == "content-length" }.flatMap { Int($0.value) }
            guard length == content.count else { throw malformed }
        }
    }

    /// The chunks' content (RFC 9112 section 7.1); nil when the last is missing.
    private static func joining(_ chunks: ArraySlice<UInt8>) -> [UInt8]? {
        var rest = chunks
        var content: [UInt8] = []
        while let lineEnd = rest.firstRange(of: [0x0D, 0x0A]),
            let count = Int(String(decoding: rest[..<lineEnd.lowerBound], as: UTF8.self), radix: 16)
        {
            rest = rest[lineEnd.upperBound...]
            guard rest.count >= count + 2 else { return nil }
            content += rest.prefix(count)
            rest = rest.dropFirst(count + 2)
            if count == 0 { return rest.isEmpty ? content : nil }
        }
        return nil
    }

    /// The field's first value; nil when it is not there.
    subscript(name: String) -> String? { fields.first { $0.name == name.lowercased() }?.value }

    func values(of name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    var text: String { String(decoding: content, as: UTF8.self) }

    func json() throws -> JSON {
        try #require(["application/json", "application/problem+json"].contains(self["content-type"]), "\(self)")
        return try JSON(parsing: content)
    }

    /// The same as it was before it was compressed.
    func decompressed() throws -> Response {
        try #require(self["content-encoding"] == "gzip", "\(self)")
        var response = self
        response.content = try #require(Gunzip.restore(content))
        return response
    }

    /// How often these bytes stand in the content.
    func count(of text: String) -> Int { text.utf8.isEmpty ? 0 : content.count(of: Array(text.utf8)) }

    /// Whether these bytes stand in the content; not the same as for strings, which take é in its two forms for one.
    func contains(_ bytes: some Collection<UInt8>) -> Bool { content.firstRange(of: Array(bytes)) != nil }
    func contains(_ text: String) -> Bool { contains(text.utf8) }

    /// The names and values of the hidden fields, the last of each name.
    var hiddenFields: [String: String] {
        var fields: [String: String] = [:]
        for rest in text.components(after: "type=\"hidden\" name=\"") {
            let parts = rest.prefix { $0 != ">" }.split(separator: "\"", omittingEmptySubsequences: false)
            if parts.count >= 3, parts[1] == " value=" { fields[String(parts[0])] = String(parts[2]) }
        }
        return fields
    }

    /// The value of each element's attribute, such as that of `data-id`.
    func attributes(_ name: String) -> [String] {
        text.components(after: " \(name)=\"").map { String($0.prefix { $0 != "\"" }) }
    }
}

extension [UInt8] {
    fileprivate func count(of other: [UInt8]) -> Int {
        var rest = self[...]
        var count = 0
        while let range = rest.firstRange(of: other) {
            rest = rest[range.upperBound...]
            count += 1
        }
        return count
    }
}

extension String {
    /// What follows each occurrence of `marker`.
    func components(after marker: String) -> [Substring] {
        var rest = self[...]
        var found: [Substring] = []
        while let range = rest.utf8.firstRange(of: Array(marker.utf8)) {
            rest = rest[range.upperBound...]
            found.append(rest)
        }
        return found
    }
}
