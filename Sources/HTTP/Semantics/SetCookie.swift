/// A cookie for a client to keep (RFC 6265bis section 4.1).
public struct SetCookie: Hashable, Sendable {
    /// When the client sends the cookie with requests that other sites caused.
    public enum SameSite: String, Hashable, Sendable {
        /// Never.
        case strict = "Strict"
        /// Only when such a request is a navigation by a safe method.
        case lax = "Lax"
        /// Always; clients demand `secure` with it.
        case none = "None"
    }

    /// The name, a token.
    public var name: String
    /// The value: visible ASCII without quote, comma, semicolon and backslash.
    public var value: String
    /// For how many seconds the client keeps the cookie; 0 removes it, nil keeps it until the client ends its session.
    public var maxAge: Int?
    /// The path below which the client sends it; nil means that of the request.
    public var path: String?
    /// Whether it is hidden from scripts.
    public var httpOnly: Bool
    /// Whether it is only sent over TLS.
    public var secure: Bool
    /// When it is sent with requests from other sites; nil leaves that to the client.
    public var sameSite: SameSite?

    /// Makes a cookie that, by default, lasts as long as the client's session and is sent everywhere below `/`, but not
    /// with cross-site requests other than navigation, and not to scripts.
    public init(
        name: String, value: String, maxAge: Int? = nil, path: String? = "/", httpOnly: Bool = true,
        secure: Bool = false, sameSite: SameSite? = .lax
    ) {
        self.name = name
        self.value = value
        self.maxAge = maxAge
        self.path = path
        self.httpOnly = httpOnly
        self.secure = secure
        self.sameSite = sameSite
    }

    /// The value of Set-Cookie. Bytes that may not stand in a name, value or path are left out, so that none of these
    /// can add an attribute.
    public var fieldValue: String {
        var text = "\(Self.keep(name, ByteClass.token.contains))=\(Self.keep(value, ByteClass.cookieOctet.contains))"
        if let maxAge { text += "; Max-Age=\(maxAge)" }
        if let path { text += "; Path=\(Self.keep(path) { (0x20...0x7E).contains($0) && $0 != .semicolon })" }
        if httpOnly { text += "; HttpOnly" }
        if secure { text += "; Secure" }
        if let sameSite { text += "; SameSite=\(sameSite.rawValue)" }
        return text
    }

    private static func keep(_ text: String, _ isAllowed: (UInt8) -> Bool) -> String {
        text.utf8.allSatisfy(isAllowed) ? text : String(decoding: text.utf8.filter(isAllowed), as: UTF8.self)
    }
}
