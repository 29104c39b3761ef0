import HTTP

/// The secret of one browser's session: 256 random bits. The database has only its SHA-256, which it makes itself.
struct SessionToken: Sendable {
    static let cookieName = "session"
    private static let byteCount = 32

    let bytes: [UInt8]
    /// Whose it has to be; nil when the request does not say. Pages say it where they act by themselves: another may
    /// have logged in in the same browser since they were made.
    var expectedOwner: Int64?

    /// A new one.
    init() { bytes = RandomBytes.make(count: Self.byteCount) }

    /// The one in a request's cookie; nil when there is none or it cannot be one of ours.
    init?(in fields: HTTPFields) {
        guard let value = HTTPCookies.value(named: Self.cookieName, in: fields)?.utf8,
            value.count == 2 * Self.byteCount,
            let bytes = Hexadecimal.bytes(value)
        else { return nil }
        self.bytes = bytes
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
