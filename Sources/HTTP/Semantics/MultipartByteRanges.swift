/// Several parts of a representation as one content (RFC 9110 section 14.6).
public enum MultipartByteRanges {
    /// A boundary that nobody can have put into a representation: 128 random bits in 32 hexadecimal digits.
    public static func makeBoundary() -> String {
        var boundary: [UInt8] = []
        for _ in 0..<32 { boundary.append(.hexDigit(UInt8.random(in: 0...15))) }
        return String(decoding: boundary, as: UTF8.self)
    }

    /// The value of Content-Type for the whole.
    public static func mediaType(boundary: String) -> String { "multipart/byteranges; boundary=\(boundary)" }

    /// The parts of `content`, each with its Content-Range.
    ///
    /// - Parameters:
    ///   - parts: those of a `RangeRequest` made with the length of `content`.
    ///   - mediaType: that of the representation.
    public static func content(
        _ parts: [Range<Int>], of content: [UInt8], mediaType: String, boundary: String
    ) -> [UInt8] {
        var out: [UInt8] = []
        for part in parts {
            let contentRange = RangeRequest.contentRange(of: part, length: content.count)
            out += "--\(boundary)\r\nContent-Type: \(mediaType)\r\nContent-Range: \(contentRange)\r\n\r\n".utf8
            out += content[part]
            out += "\r\n".utf8
        }
        out += "--\(boundary)--\r\n".utf8
        return out
    }
}
