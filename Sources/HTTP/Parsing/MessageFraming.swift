/// How a request's content is delimited (RFC 9112 section 6), and the checks of a head that go with it.
enum MessageFraming: Sendable {
    case length(Int)
    case chunked

    init(
        _ fields: HTTPFields, _ known: KnownFields, version: HTTPVersion, limits: HTTPLimits
    ) throws(HTTPParseError) {
        var length: Int?
        if known.contains(.contentLength), let value = fields.firstValueBytes(of: .contentLength) {
            guard !value.isEmpty, value.allSatisfy(\.isDigit) else { throw .invalidContentLength }
            // A number that fits no Int is over any limit.
            length = value.decimal() ?? .max
        }
        if known.contains(.transferEncoding) {
            guard length == nil else { throw .conflictingFraming }
            guard version == .http11 else { throw .transferEncodingInHTTP10 }
            try Self.checkTransferEncoding(fields)
        }
        if known.contains(.expect), version == .http11 {
            try Self.checkExpectations(fields)
        }
        guard length ?? 0 <= limits.maxContentLength else { throw .contentTooLarge }
        self = known.contains(.transferEncoding) ? .chunked : .length(length ?? 0)
    }

    /// Whether the client waits for 100 (Continue); never in HTTP/1.0 (RFC 9110 section 10.1.1).
    static func expectsContinue(_ fields: HTTPFields, version: HTTPVersion) -> Bool {
        guard version == .http11 else { return false }
        var isExpected = false
        fields.forEachValue(of: .expect) { value in
            for expectation in FieldListScanner(value) where !expectation.isEmpty { isExpected = true }
        }
        return isExpected
    }

    private static func checkExpectations(_ fields: HTTPFields) throws(HTTPParseError) {
        try fields.forEachValue(of: .expect) { (value) throws(HTTPParseError) in
            for expectation in FieldListScanner(value) where !expectation.isEmpty {
                guard expectation.equalsIgnoringCase("100-continue") else { throw .unsupportedExpectation }
            }
        }
    }

    private static func checkTransferEncoding(_ fields: HTTPFields) throws(HTTPParseError) {
        var sawChunked = false
        var sawOther = false
        try fields.forEachValue(of: .transferEncoding) { (value) throws(HTTPParseError) in
            for coding in FieldListScanner(value) {
                var cursor = ByteCursor(coding)
                // Whatever comes after chunked would leave the end of the content to guesswork.
                guard !sawChunked, let name = cursor.takeToken(), cursor.takeParameters({ _ in })
                else { throw .invalidTransferEncoding }
                sawChunked = name.equalsIgnoringCase("chunked")
                // RFC 9112 section 7.1: parameters of chunked are an error, and so is a semicolon without one.
                guard !sawChunked || name.count == coding.count else {
                    throw .invalidTransferEncoding
                }
                if !sawChunked { sawOther = true }
            }
        }
        // RFC 9112 section 6.3: nobody could tell where the content ends, known coding or not.
        guard sawChunked else { throw .invalidTransferEncoding }
        guard !sawOther else { throw .unsupportedTransferCoding }
    }
}
