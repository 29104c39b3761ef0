/// The name of a field: a token compared without regard to ASCII case (RFC 9110 section 5.1).
public struct HTTPFieldName: Hashable, Sendable, CustomStringConvertible {
    /// The name in the case it is sent in.
    public let rawValue: String

    /// Makes a field name; nil unless `name` is an RFC 9110 token.
    public init?(_ name: String) {
        guard !name.isEmpty, name.utf8.allSatisfy(ByteClass.token.contains) else { return nil }
        rawValue = name
    }

    private init(validated name: String) {
        rawValue = name
    }

    /// Whether the names are the same but for ASCII case.
    public static func == (left: HTTPFieldName, right: HTTPFieldName) -> Bool {
        left.rawValue.utf8.elementsEqual(right.rawValue.utf8) { $0.lowercased == $1.lowercased }
    }

    /// Hashes the lower-case form.
    public func hash(into hasher: inout Hasher) {
        for byte in rawValue.utf8 { hasher.combine(byte.lowercased) }
    }

    /// The name in the case it is sent in.
    public var description: String { rawValue }
}

extension HTTPFieldName {
    /// Accept.
    public static let accept = HTTPFieldName(validated: "Accept")
    /// Accept-Encoding.
    public static let acceptEncoding = HTTPFieldName(validated: "Accept-Encoding")
    /// Accept-Language.
    public static let acceptLanguage = HTTPFieldName(validated: "Accept-Language")
    /// Accept-Ranges.
    public static let acceptRanges = HTTPFieldName(validated: "Accept-Ranges")
    /// Age.
    public static let age = HTTPFieldName(validated: "Age")
    /// Allow.
    public static let allow = HTTPFieldName(validated: "Allow")
    /// Authorization.
    public static let authorization = HTTPFieldName(validated: "Authorization")
    /// Cache-Control.
    public static let cacheControl = HTTPFieldName(validated: "Cache-Control")
    /// Connection.
    public static let connection = HTTPFieldName(validated: "Connection")
    /// Content-Disposition.
    public static let contentDisposition = HTTPFieldName(validated: "Content-Disposition")
    /// Content-Encoding.
    public static let contentEncoding = HTTPFieldName(validated: "Content-Encoding")
    /// Content-Language.
    public static let contentLanguage = HTTPFieldName(validated: "Content-Language")
    /// Content-Length.
    public static let contentLength = HTTPFieldName(validated: "Content-Length")
    /// Content-Location.
    public static let contentLocation = HTTPFieldName(validated: "Content-Location")
    /// Content-Range.
    public static let contentRange = HTTPFieldName(validated: "Content-Range")
    /// Content-Security-Policy.
    public static let contentSecurityPolicy = HTTPFieldName(validated: "Content-Security-Policy")
    /// Content-Type.
    public static let contentType = HTTPFieldName(validated: "Content-Type")
    /// Cookie.
    public static let cookie = HTTPFieldName(validated: "Cookie")
    /// Cross-Origin-Opener-Policy.
    public static let crossOriginOpenerPolicy = HTTPFieldName(validated: "Cross-Origin-Opener-Policy")
    /// Cross-Origin-Resource-Policy.
    public static let crossOriginResourcePolicy = HTTPFieldName(validated: "Cross-Origin-Resource-Policy")
    /// Date.
    public static let date = HTTPFieldName(validated: "Date")
    /// ETag.
    public static let etag = HTTPFieldName(validated: "ETag")
    /// Expect.
    public static let expect = HTTPFieldName(validated: "Expect")
    /// Forwarded.
    public static let forwarded = HTTPFieldName(validated: "Forwarded")
    /// Host.
    public static let host = HTTPFieldName(validated: "Host")
    /// If-Match.
    public static let ifMatch = HTTPFieldName(validated: "If-Match")
    /// If-Modified-Since.
    public static let ifModifiedSince = HTTPFieldName(validated: "If-Modified-Since")
    /// If-None-Match.
    public static let ifNoneMatch = HTTPFieldName(validated: "If-None-Match")
    /// If-Range.
    public static let ifRange = HTTPFieldName(validated: "If-Range")
    /// If-Unmodified-Since.
    public static let ifUnmodifiedSince = HTTPFieldName(validated: "If-Unmodified-Since")
    /// Last-Modified.
    public static let lastModified = HTTPFieldName(validated: "Last-Modified")
    /// Link.
    public static let link = HTTPFieldName(validated: "Link")
    /// Location.
    public static let location = HTTPFieldName(validated: "Location")
    /// Origin.
    public static let origin = HTTPFieldName(validated: "Origin")
    /// Permissions-Policy.
    public static let permissionsPolicy = HTTPFieldName(validated: "Permissions-Policy")
    /// Proxy-Authorization.
    public static let proxyAuthorization = HTTPFieldName(validated: "Proxy-Authorization")
    /// Range.
    public static let range = HTTPFieldName(validated: "Range")
    /// Referer.
    public static let referer = HTTPFieldName(validated: "Referer")
    /// Referrer-Policy.
    public static let referrerPolicy = HTTPFieldName(validated: "Referrer-Policy")
    /// Retry-After.
    public static let retryAfter = HTTPFieldName(validated: "Retry-After")
    /// Sec-Fetch-Dest.
    public static let secFetchDest = HTTPFieldName(validated: "Sec-Fetch-Dest")
    /// Sec-Fetch-Mode.
    public static let secFetchMode = HTTPFieldName(validated: "Sec-Fetch-Mode")
    /// Sec-Fetch-Site.
    public static let secFetchSite = HTTPFieldName(validated: "Sec-Fetch-Site")
    /// Server.
    public static let server = HTTPFieldName(validated: "Server")
    /// Server-Timing.
    public static let serverTiming = HTTPFieldName(validated: "Server-Timing")
    /// Set-Cookie.
    public static let setCookie = HTTPFieldName(validated: "Set-Cookie")
    /// Strict-Transport-Security.
    public static let strictTransportSecurity = HTTPFieldName(validated: "Strict-Transport-Security")
    /// Trailer.
    public static let trailer = HTTPFieldName(validated: "Trailer")
    /// Transfer-Encoding.
    public static let transferEncoding = HTTPFieldName(validated: "Transfer-Encoding")
    /// Upgrade.
    public static let upgrade = HTTPFieldName(validated: "Upgrade")
    /// User-Agent.
    public static let userAgent = HTTPFieldName(validated: "User-Agent")
    /// Vary.
    public static let vary = HTTPFieldName(validated: "Vary")
    /// Via.
    public static let via = HTTPFieldName(validated: "Via")
    /// WWW-Authenticate.
    public static let wwwAuthenticate = HTTPFieldName(validated: "WWW-Authenticate")
    /// X-Content-Type-Options.
    public static let xContentTypeOptions = HTTPFieldName(validated: "X-Content-Type-Options")
    /// X-Forwarded-For.
    public static let xForwardedFor = HTTPFieldName(validated: "X-Forwarded-For")
    /// X-Forwarded-Host.
    public static let xForwardedHost = HTTPFieldName(validated: "X-Forwarded-Host")
    /// X-Forwarded-Proto.
    public static let xForwardedProto = HTTPFieldName(validated: "X-Forwarded-Proto")
    /// X-Frame-Options.
    public static let xFrameOptions = HTTPFieldName(validated: "X-Frame-Options")
    /// X-Request-ID.
    public static let xRequestID = HTTPFieldName(validated: "X-Request-ID")
}
