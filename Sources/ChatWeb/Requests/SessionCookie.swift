import Chat
import HTTP

/// How a browser keeps its session's token.
enum SessionCookie {
    /// Its own name: cookies do not tell ports apart, and `session` is what the next program on the host calls its.
    static let name = "obrolan_session"
    /// How many of a request's cookies are looked at. More than one there is only by accident, or malice.
    private static let maxCount = 4

    /// The tokens in a request's cookies that can be ours, four at most: mostly none, or the one.
    static func tokens(in fields: HTTPFields) -> [SessionToken] {
        var tokens: [SessionToken] = []
        HTTPCookies.search(name, in: fields) { value in
            if value.count == 2 * SessionToken.byteCount, let bytes = Hexadecimal.bytes(value),
                let token = SessionToken(bytes), !tokens.contains(token)
            {
                tokens.append(token)
            }
            return tokens.count == maxCount
        }
        return tokens
    }

    /// The Set-Cookie value that gives a token to the browser.
    static func setting(_ token: SessionToken, isSecure: Bool) -> String {
        fieldValue(Hexadecimal.text(token.bytes), maxAge: ChatLimits.sessionDays * 24 * 60 * 60, isSecure: isSecure)
    }

    /// The Set-Cookie value that takes it away.
    static func clearing(isSecure: Bool) -> String { fieldValue("", maxAge: 0, isSecure: isSecure) }

    private static func fieldValue(_ value: String, maxAge: Int, isSecure: Bool) -> String {
        SetCookie(
            name: name, value: value, maxAge: maxAge, path: "/", httpOnly: true, secure: isSecure, sameSite: .lax
        ).fieldValue
    }
}

extension SessionToken {
    /// What the pages of this session send with their forms, in hexadecimal: proof that a page of ours has made the
    /// request where the browser does not say so. Nobody else can know it, and it does not give the secret away.
    var formToken: String {
        Hexadecimal.text(Array(SHA256.digest(of: Array("obrolan form ".utf8) + bytes).prefix(16)))
    }
}
