/// A complete request, its content included.
public struct HTTPRequest: Sendable {
    /// What is asked for.
    public var method: HTTPMethod
    /// What it is asked of.
    public var target: HTTPTarget
    /// The version the client speaks.
    public var version: HTTPVersion
    /// The fields of the head; Host has been replaced by the target's authority if the target has one.
    public var fields: HTTPFields
    /// The content without any framing; empty when there is none.
    public var content: [UInt8]
    /// The fields after chunked content, never mixed with those of the head (RFC 9110 section 6.5.1).
    public var trailers: HTTPFields
    /// Whether the client lets the connection persist (RFC 9112 section 9.3).
    public var keepsAlive: Bool
    /// What a trusted proxy has told about the client; nil when none has sent the request.
    public var origin: HTTPRequestOrigin?
    /// What the server calls the request in its logs; 0 before it has named it.
    public var id = HTTPRequestID(rawValue: 0)

    /// Makes a request, by default GET of `/` over HTTP/1.1 without fields or content, whose connection persists as its
    /// version and Connection field say.
    public init(
        method: HTTPMethod = .get, target: HTTPTarget = HTTPTarget(), version: HTTPVersion = .http11,
        fields: HTTPFields = HTTPFields(), content: [UInt8] = []
    ) {
        self.method = method
        self.target = target
        self.version = version
        self.fields = fields
        self.content = content
        trailers = HTTPFields()
        keepsAlive = ConnectionOptions(fields).keepsAlive(in: version)
    }

    /// Makes an HTTP/1.1 request for a target as it stands in a request line; throws what the parser would.
    public init(
        _ method: HTTPMethod = .get, _ target: String, fields: HTTPFields = HTTPFields(), content: [UInt8] = []
    ) throws(HTTPParseError) {
        let target = try HTTPTarget(target, method: method)
        self.init(method: method, target: target, fields: fields, content: content)
    }

    /// Whether the client spoke TLS, as a trusted proxy says: this server does not.
    public var isSecure: Bool { origin?.isSecure ?? false }

    /// The host and port that the client means: those of the target, or else of the Host field (RFC 9110 section 7.1).
    public var authority: String? { target.authority ?? fields[.host] }
}
