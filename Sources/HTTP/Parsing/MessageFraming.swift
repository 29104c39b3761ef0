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
            guard Self.expectations(fields).allSatisfy({ $0.equalsIgnoringCase("100-continue") }) else {
                throw .unsupportedExpectation
            }
        }
        guard length ?? 0 <= limits.maxContentLength else { throw .contentTooLarge }
        self = known.contains(.transferEncoding) ? .chunked : .length(length ?? 0)
    }

    /// Whether the client waits for 100 (Continue); never in HTTP/1.0 (RFC 9110 section 10.1.1).
    static func expectsContinue(_ fields: HTTPFields, version: HTTPVersion) -> Bool {
        version == .http11 && !expectations(fields).isEmpty
    }

    private static func expectations(_ fields: HTTPFields) -> [ArraySlice<UInt8>] {
        fields.valueBytes(of: .expect).flatMap { FieldListScanner($0) }.filter { !$0.isEmpty }
    }

    private static func checkTransferEncoding(_ fields: HTTPFields) throws(HTTPParseError) {
        var sawChunked = false
        var sawOther = false
        for coding in fields.valueBytes(of: .transferEncoding).flatMap({ FieldListScanner($0) }) {
            let name = coding.prefix(while: ByteClass.token.contains)
            // Whatever comes after chunked would leave the end of the content to guesswork.
            guard !name.isEmpty, !sawChunked else { throw .invalidTransferEncoding }
            let parameters = coding[name.endIndex...].trimmingWhitespace()
            guard parameters.first ?? .semicolon == .semicolon else { throw .invalidTransferEncoding }
            if name.equalsIgnoringCase("chunked") {
                guard parameters.isEmpty else { throw .invalidTransferEncoding }
                sawChunked = true
            } else {
                sawOther = true
            }
        }
        guard !sawOther else { throw .unsupportedTransferCoding }
    }
}
