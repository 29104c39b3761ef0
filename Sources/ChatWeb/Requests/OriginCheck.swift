import HTTP

/// Tells requests that another site made in a person's browser from those that the person made, or a program.
///
/// Asked of every request that changes something. The first line that applies decides:
///
/// | the request says | it is |
/// |---|---|
/// | `Sec-Fetch-Site: same-origin` or `none` (typed, a bookmark) | allowed |
/// | any other `Sec-Fetch-Site` | foreign |
/// | an `Origin` that is a URL, or else a `Referer` | allowed if it is ours, else foreign |
/// | the form token of its session (`SessionToken.formToken`, as `token`) | allowed |
/// | `Origin: null` | unproven |
/// | nothing; it looks like a browser's and has a session | unproven |
/// | nothing | allowed |
///
/// Why so many: browsers send Fetch Metadata to trustworthy URLs only (Fetch Metadata section 2.1), which plain http to
/// another machine is not. There, `Origin` comes with each method but GET and HEAD, but is `null` when the page's policy
/// is no-referrer (Fetch section 3.2), and a page chooses its policy: a foreign one, which would hide where it is, and one
/// of ours behind a proxy that sets that field. Ours say `same-origin` in the page, too, which counts more than the field
/// (HTML section 4.2.5.3), and their forms carry a token for whatever leaves out both.
/// With GET there is nothing at all when one came by a link of a page with that policy, or typed the address: the two are
/// the same, so `GET /logout` asks. And a program such as curl says nothing either; other sites do not drive it.
///
/// An id is no proof: `viewer` is a small number that anybody can guess.
enum OriginCheck {
    enum Verdict: Equatable, Sendable {
        case allowed
        /// Another site has made it; with what told so.
        case foreign(String)
        /// A browser has made it, and does not tell from where; with what is missing.
        case unproven(String)
    }

    /// - Parameters:
    ///   - hasSession: whether it has a session's cookie.
    ///   - hasToken: whether it has that session's form token.
    static func verdict(on request: HTTPRequest, hasSession: Bool, hasToken: Bool) -> Verdict {
        if let site = request.fields[.secFetchSite] {
            return site == "same-origin" || site == "none" ? .allowed : .foreign("Sec-Fetch-Site is \(shown(site))")
        }
        let origin = request.fields[.origin]
        if let origin, origin != "null" {
            return isOwn(origin, request) ? .allowed : .foreign("Origin is \(shown(origin))")
        }
        if let referer = request.fields[.referer] {
            return isOwn(referer, request) ? .allowed : .foreign("Referer is \(shown(referer))")
        }
        if hasToken { return .allowed }
        if origin != nil { return .unproven("Origin is null, and there is no Referer and no form token") }
        if hasSession, let sign = browserSign(of: request.fields) {
            return .unproven("\(sign) is a browser's, and there is no Origin, no Referer and no form token")
        }
        return .allowed
    }

    /// The field by which one knows a browser: what every one of them sends, and no page can leave out.
    private static func browserSign(of fields: HTTPFields) -> String? {
        if fields[.userAgent]?.hasPrefix("Mozilla/") == true { return "User-Agent" }
        return [.acceptLanguage, .upgradeInsecureRequests, .secFetchMode, .secFetchDest]
            .first { fields.contains($0) }?.rawValue
    }

    private static func shown(_ value: String) -> String { RefusalLog.shown(value) }

    /// Whether a URL's host and port are those of the request. Which of the two schemes does not count, because a proxy may
    /// have ended TLS; but a port that the proxy has written into Host may be the one that the URL's scheme means.
    private static func isOwn(_ url: String, _ request: HTTPRequest) -> Bool {
        guard let colon = url.firstRange(of: "://"), let own = request.authority?.lowercased(), !own.isEmpty else {
            return false
        }
        let authority = url[colon.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }.lowercased()
        switch url[..<colon.lowerBound].lowercased() {
        case "http": return authority == own || own == "\(authority):80"
        case "https": return authority == own || own == "\(authority):443"
        default: return false
        }
    }
}

extension HTTPFieldName {
    fileprivate static let upgradeInsecureRequests: HTTPFieldName = {
        guard let name = HTTPFieldName("Upgrade-Insecure-Requests") else { preconditionFailure("it is a token") }
        return name
    }()
}
