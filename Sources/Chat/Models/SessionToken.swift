import HTTP

/// The secret of one browser's session: 256 random bits. The database has only its SHA-256, which it makes itself.
struct SessionToken: Sendable {
    /// Its own name: cookies do not tell ports apart, and `session` is what the next program on the host calls its.
    static let cookieName = "obrolan_session"
    private static let byteCount = 32
    /// How many of a request's cookies are looked at. More than one there is only by accident, or malice.
    private static let maxCookies = 4

    let bytes: [UInt8]

    /// A new one.
    init() { bytes = RandomBytes.make(count: Self.byteCount) }

    private init?(_ cookie: ArraySlice<UInt8>) {
        guard cookie.count == 2 * Self.byteCount, let bytes = Hexadecimal.bytes(cookie) else { return nil }
        self.bytes = bytes
    }

    /// Those in a request's cookies that can be ours, four at most: mostly none, or the one.
    static func all(in fields: HTTPFields) -> [SessionToken] {
        var tokens: [SessionToken] = []
        HTTPCookies.search(cookieName, in: fields) { value in
            if let token = SessionToken(value), !tokens.contains(where: { $0.bytes == token.bytes }) {
                tokens.append(token)
            }
            return tokens.count == maxCookies
        }
        return tokens
    }

    /// What the pages of this session send with their forms, in hexadecimal: proof that a page of ours has made the
    /// request where the browser does not say so. Nobody else can know it, and it does not give the secret away.
    var formToken: String {
        Hexadecimal.text(SHA256.digest(of: Array("obrolan form ".utf8) + bytes).prefix(16))
    }

    /// The Set-Cookie value that gives it to the browser.
    func setCookie(isSecure: Bool) -> String {
        Self.setCookie(Hexadecimal.text(bytes), maxAge: ChatLimits.sessionDays * 24 * 60 * 60, isSecure: isSecure)
    }

    /// The Set-Cookie value that takes it away.
    static func clearingCookie(isSecure: Bool) -> String { setCookie("", maxAge: 0, isSecure: isSecure) }

    private static func setCookie(_ value: String, maxAge: Int, isSecure: Bool) -> String {
        SetCookie(
            name: cookieName, value: value, maxAge: maxAge, path: "/", httpOnly: true, secure: isSecure, sameSite: .lax
        ).fieldValue
    }
}
