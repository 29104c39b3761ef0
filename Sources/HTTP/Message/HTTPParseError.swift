/// Why bytes are not a request that can be answered; each case owns one status.
public enum HTTPParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The request line is not method, space, target, space, version.
    case invalidRequestLine
    /// The method is not a token.
    case invalidMethod
    /// The method is longer than any known one.
    case methodTooLong
    /// The target holds what RFC 3986 does not allow there.
    case invalidTarget
    /// The target is over the limit.
    case targetTooLong
    /// The target's form does not go with the method.
    case invalidTargetForm
    /// The target is of the scheme https, and the connection is not secured.
    case unsecuredTarget
    /// The version is not `HTTP/` digit `.` digit.
    case invalidVersion
    /// The major version is not 1.
    case unsupportedVersion
    /// A line ends in LF without CR.
    case bareLineFeed
    /// A CR is not followed by LF.
    case bareCarriageReturn
    /// A field line starts with white space.
    case obsoleteLineFolding
    /// A field name is empty, not a token, or not followed directly by a colon.
    case invalidFieldName
    /// A field value holds a control.
    case invalidFieldValue
    /// There are more field lines than the limit.
    case tooManyFields
    /// The field lines are larger than the limit.
    case fieldsTooLarge
    /// A field that may come once came twice.
    case duplicateField(HTTPFieldName)
    /// An HTTP/1.1 request has no Host.
    case missingHost
    /// Host is not a host with an optional port.
    case invalidHost
    /// Content-Length is not one decimal number.
    case invalidContentLength
    /// Content-Length and Transfer-Encoding came together.
    case conflictingFraming
    /// Transfer-Encoding came in HTTP/1.0.
    case transferEncodingInHTTP10
    /// Transfer-Encoding is malformed, or chunked is in it twice, not last or with parameters.
    case invalidTransferEncoding
    /// Transfer-Encoding names a coding other than chunked.
    case unsupportedTransferCoding
    /// Expect holds something other than 100-continue.
    case unsupportedExpectation
    /// The content is over the limit.
    case contentTooLarge
    /// A chunk size is not a hexadecimal number.
    case invalidChunkSize
    /// A chunk extension is malformed.
    case invalidChunkExtension
    /// The chunk extensions are over the limit.
    case chunkExtensionTooLong
    /// A chunk's data is not followed by CRLF.
    case invalidChunkEnding

    /// The status to answer with before the connection is closed.
    public var status: HTTPStatus {
        switch self {
        case .targetTooLong: .uriTooLong
        case .methodTooLong, .unsupportedTransferCoding: .notImplemented
        case .unsupportedVersion: .httpVersionNotSupported
        case .tooManyFields, .fieldsTooLarge: .requestHeaderFieldsTooLarge
        case .unsupportedExpectation: .expectationFailed
        case .contentTooLarge: .contentTooLarge
        case .unsecuredTarget: .misdirectedRequest
        default: .badRequest
        }
    }

    /// One sentence that says what is wrong.
    public var description: String {
        switch self {
        case .invalidRequestLine: "The request line must be method, space, target, space, version."
        case .invalidMethod: "The method must be a token."
        case .methodTooLong: "The method is longer than any that this server knows."
        case .invalidTarget: "The request target holds something that a URI may not."
        case .targetTooLong: "The request target is too long."
        case .invalidTargetForm: "The form of the request target does not go with the method."
        case .unsecuredTarget: "A target of the scheme https must come over TLS."
        case .invalidVersion: "The version must be HTTP/ and two digits with a dot between them."
        case .unsupportedVersion: "This server speaks HTTP/1.1."
        case .bareLineFeed: "A line must end in CRLF, not in LF alone."
        case .bareCarriageReturn: "A CR must be followed by LF."
        case .obsoleteLineFolding: "A field line must not start with white space."
        case .invalidFieldName: "A field name must be a token with a colon directly after it."
        case .invalidFieldValue: "A field value must not hold a control character."
        case .tooManyFields: "There are too many field lines."
        case .fieldsTooLarge: "The field lines are too large."
        case .duplicateField(let name): "The field \(name) must not come twice."
        case .missingHost: "An HTTP/1.1 request must have a Host field."
        case .invalidHost: "Host must be a host name or address with an optional port."
        case .invalidContentLength: "Content-Length must be one decimal number."
        case .conflictingFraming: "Content-Length and Transfer-Encoding must not come together."
        case .transferEncodingInHTTP10: "HTTP/1.0 has no Transfer-Encoding."
        case .invalidTransferEncoding: "Transfer-Encoding must end in chunked, once and without parameters."
        case .unsupportedTransferCoding: "The only transfer coding that this server knows is chunked."
        case .unsupportedExpectation: "The only expectation that this server knows is 100-continue."
        case .contentTooLarge: "The content is too large."
        case .invalidChunkSize: "A chunk size must be a hexadecimal number."
        case .invalidChunkExtension: "A chunk extension is malformed."
        case .chunkExtensionTooLong: "The chunk extensions are too long."
        case .invalidChunkEnding: "The data of a chunk must be followed by CRLF."
        }
    }
}
