/// Reads a request line byte after byte (RFC 9112 section 3), so that any cut of the input gives the same result.
struct RequestLineParser: Sendable {
    private enum Stage { case method, target, version }

    private var stage = Stage.method
    private var methodEnd = 0
    private var targetEnd = 0

    /// How long the method is, from the line's start; nil as long as its end has not come.
    var methodLength: Int? { stage == .method ? nil : methodEnd }

    /// Goes on from `position`; gives a request without fields when the line is complete and `position` is after it.
    mutating func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int, limits: HTTPLimits
    ) throws(HTTPParseError) -> HTTPRequest? {
        if stage == .method {
            guard try scan(bytes, at: &position, .token, from: 0, limit: limits.maxMethodLength, else: .invalidMethod)
            else { return nil }
            methodEnd = position
            position += 1
            stage = .target
        }
        if stage == .target {
            let start = methodEnd + 1
            guard
                try scan(
                    bytes, at: &position, .target, from: start, limit: limits.maxTargetLength, else: .invalidTarget)
            else { return nil }
            targetEnd = position
            position += 1
            stage = .version
        }
        guard let version = try parseVersion(bytes, at: position) else { return nil }
        position += 10
        let method = HTTPMethod(
            validated: String(decoding: UnsafeBufferPointer(rebasing: bytes[..<methodEnd]), as: UTF8.self))
        let target = try HTTPTarget(
            validCharacters: UnsafeBufferPointer(rebasing: bytes[(methodEnd + 1)..<targetEnd]), method: method)
        return HTTPRequest(method: method, target: target, version: version)
    }

    /// Moves `position` to the space that ends an element; false when it has not come yet.
    private func scan(
        _ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int, _ allowed: ByteClass, from start: Int, limit: Int,
        else error: HTTPParseError
    ) throws(HTTPParseError) -> Bool {
        let end = bytes.count - start > limit ? start + limit : bytes.count
        while position < end, allowed.contains(bytes[position]) { position += 1 }
        guard position < bytes.count else { return false }
        switch bytes[position] {
        case .space where position > start: return true
        case .space, .carriageReturn: throw .invalidRequestLine
        case .lineFeed: throw .bareLineFeed
        case let byte where !allowed.contains(byte): throw error
        default: throw error == .invalidMethod ? .methodTooLong : .targetTooLong
        }
    }

    /// Checks as much of the version and line end as has come; nil when that is not all.
    private func parseVersion(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int
    ) throws(HTTPParseError) -> HTTPVersion? {
        let pattern: StaticString = "HTTP/0.0\r\n"
        for offset in 0..<min(10, bytes.count - start) {
            let byte = bytes[start + offset]
            let expected = pattern.utf8Start[offset]
            guard byte != expected, !(expected == .zero && byte.isDigit) else { continue }
            switch byte {
            case .lineFeed: throw .bareLineFeed
            case _ where offset == 9: throw .bareCarriageReturn
            default: throw .invalidVersion
            }
        }
        guard bytes.count - start >= 10 else { return nil }
        guard bytes[start + 5] == .zero + 1 else { throw .unsupportedVersion }
        return bytes[start + 7] == .zero ? .http10 : .http11
    }
}
