/// Writes responses as they are sent (RFC 9112 sections 4 to 6).
public enum HTTPSerializer {
    /// The interim response that asks for the content: `HTTP/1.1 100 Continue`.
    public static let continueResponse = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// How the end of the content is told (RFC 9112 section 6.3).
    public enum Framing: Sendable {
        /// By its length in bytes.
        case length(Int)
        /// It comes in chunks; who has asked with HTTP/1.0 takes everything up to the end of the connection for it.
        case chunked
    }

    /// Appends a response: status line, fields and content. That of a file is the caller's to send, if
    /// `sendsContent(status:requestMethod:)`.
    ///
    /// Date, Content-Length and Connection are added here. Content-Length, Connection and Transfer-Encoding among the
    /// response's own fields are left out, because they describe this message's framing, which only the serializer
    /// knows. Content is left out for HEAD, 1xx, 204, 205, 304 and for success of CONNECT (RFC 9110 sections 6.4.1 and
    /// 8.6).
    ///
    /// - Parameters:
    ///   - requestMethod: the method of the request; nil when the request could not be read.
    ///   - version: the version of the request. The response always says HTTP/1.1 (RFC 9110 section 2.5).
    ///   - keepAlive: whether the connection persists. `closesConnection` of the response is the caller's to look at,
    ///     who decides that.
    ///   - date: the value of Date, 29 bytes as `IMFFixdate` makes them; not used when the response has a Date.
    public static func append(
        _ response: HTTPResponse, requestMethod: HTTPMethod?, version: HTTPVersion, keepAlive: Bool, date: [UInt8],
        to out: inout [UInt8]
    ) {
        let length = response.contentLength
        let sendsContent = sendsContent(status: response.status, requestMethod: requestMethod)
        let content = response.contentInMemory
        makeRoom(for: headCapacity(response) + (sendsContent ? content.count : 0), in: &out)
        appendHead(
            response, framing: .length(length), requestMethod: requestMethod, version: version, keepAlive: keepAlive,
            date: date, to: &out)
        if sendsContent { out.append(contentsOf: content) }
    }

    /// Appends a response up to and with the empty line before its content, so that the caller can send content that it
    /// shares with others without copying, or that is made while it is sent. The response's own content is not used.
    ///
    /// The caller sends the content only if `sendsContent(status:requestMethod:)`. The parameters are those of
    /// `append`.
    public static func appendHead(
        _ response: HTTPResponse, framing: Framing, requestMethod: HTTPMethod?, version: HTTPVersion,
        keepAlive: Bool, date: [UInt8], to out: inout [UInt8]
    ) {
        makeRoom(for: headCapacity(response), in: &out)
        let status = response.status
        appendStatusLine(status, to: &out)
        let hasDate = appendFields(response.fields, to: &out)
        if !hasDate {
            append("Date: ", to: &out)
            out.append(contentsOf: date)
            append("\r\n", to: &out)
        }
        if declaresLength(status: status, requestMethod: requestMethod) {
            switch framing {
            case .length(let length):
                append("Content-Length: ", to: &out)
                appendDecimal(status.code == 205 ? 0 : length, to: &out)
                append("\r\n", to: &out)
            case .chunked:
                // Only who has asked with HTTP/1.1 or later knows it (RFC 9112 section 6.1).
                if version != .http10 { append("Transfer-Encoding: chunked\r\n", to: &out) }
            }
        }
        if !keepAlive {
            append("Connection: close\r\n", to: &out)
        } else if version == .http10 {
            append("Connection: keep-alive\r\n", to: &out)
        }
        append("\r\n", to: &out)
    }

    /// Appends a piece of chunked content (RFC 9112 section 7.1), which is not empty: that would be the end.
    public static func appendChunk(_ piece: [UInt8], to out: inout [UInt8]) {
        makeRoom(for: piece.count + 24, in: &out)
        out.append(contentsOf: String(piece.count, radix: 16).utf8)
        append("\r\n", to: &out)
        out.append(contentsOf: piece)
        append("\r\n", to: &out)
    }

    /// The last chunk, and no trailer.
    public static let lastChunk = Array("0\r\n\r\n".utf8)

    /// Whether content follows the head of a response (RFC 9110 section 6.4.1).
    public static func sendsContent(status: HTTPStatus, requestMethod: HTTPMethod?) -> Bool {
        status.allowsContent && requestMethod != .head && !isTunnel(status, requestMethod)
    }

    /// RFC 9110 section 8.6: never in 1xx and 204 nor for success of CONNECT; in 304 it would be allowed, but only if
    /// it were that of the 200, which nobody here knows.
    private static func declaresLength(status: HTTPStatus, requestMethod: HTTPMethod?) -> Bool {
        (status.allowsContent || status.code == 205) && !isTunnel(status, requestMethod)
    }

    private static func isTunnel(_ status: HTTPStatus, _ requestMethod: HTTPMethod?) -> Bool {
        requestMethod == .connect && (200...299).contains(status.code)
    }

    private static func appendStatusLine(_ status: HTTPStatus, to out: inout [UInt8]) {
        guard status != .ok else { return append("HTTP/1.1 200 OK\r\n", to: &out) }
        append("HTTP/1.1 ", to: &out)
        appendDecimal(Int(status.code), to: &out)
        out.append(.space)
        out.append(contentsOf: status.reasonPhrase.utf8)
        append("\r\n", to: &out)
    }

    /// Appends the response's own fields but for those of framing, and says whether Date is among them.
    private static func appendFields(_ fields: HTTPFields, to out: inout [UInt8]) -> Bool {
        var hasDate = false
        var isCopyable = fields.isWireFormat
        for entry in fields.entries {
            switch OwnField(fields.bytes[entry.name]) {
            case .framing: isCopyable = false
            case .date: hasDate = true
            case .other: break
            }
        }
        if isCopyable {
            out.append(contentsOf: fields.bytes)
            return hasDate
        }
        for entry in fields.entries where OwnField(fields.bytes[entry.name]) != .framing {
            out.append(contentsOf: fields.bytes[entry.name])
            append(": ", to: &out)
            out.append(contentsOf: fields.bytes[entry.value])
            append("\r\n", to: &out)
        }
        return hasDate
    }

    private enum OwnField {
        case framing, date, other

        @inline(__always)
        init(_ name: ArraySlice<UInt8>) {
            self =
                switch name.count {
                case 4: name.equalsIgnoringCase("date") ? .date : .other
                case 10: name.equalsIgnoringCase("connection") ? .framing : .other
                case 14: name.equalsIgnoringCase("content-length") ? .framing : .other
                case 17: name.equalsIgnoringCase("transfer-encoding") ? .framing : .other
                default: .other
                }
        }
    }

    /// Room for the response's own fields and the 150 bytes or so that are added to them.
    private static func headCapacity(_ response: HTTPResponse) -> Int { response.fields.bytes.count + 192 }

    /// Grows `out` at least twofold, so that many responses in a row do not move it each time.
    private static func makeRoom(for count: Int, in out: inout [UInt8]) {
        let needed = out.count + count
        if needed > out.capacity { out.reserveCapacity(Swift.max(needed, out.capacity * 2)) }
    }

    @inline(__always)
    private static func append(_ text: StaticString, to out: inout [UInt8]) {
        out.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private static func appendDecimal(_ value: Int, to out: inout [UInt8]) {
        let start = out.count
        var rest = value.magnitude
        repeat {
            out.append(.zero + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        out[start...].reverse()
    }
}
