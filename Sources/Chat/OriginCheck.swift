import HTTP

/// Tells requests that another site made in a person's browser from those that the person made.
///
/// Instead of a token in each form: browsers say it by themselves (Fetch Metadata, and Origin by RFC 6454), and programs
/// such as curl, which say nothing, are not driven by other sites.
enum OriginCheck {
    /// Whether the request may change something.
    static func allows(_ request: HTTPRequest) -> Bool {
        if let site = request.fields[.secFetchSite] {
            // "none": typed, or a bookmark.
            return site == "same-origin" || site == "none"
        }
        if let origin = request.fields[.origin] { return isOwn(origin, request) }
        if let referer = request.fields[.referer] { return isOwn(referer, request) }
        return true
    }

    /// Whether a URL's authority is that of the request. The scheme does not count: a proxy may have ended TLS.
    private static func isOwn(_ url: String, _ request: HTTPRequest) -> Bool {
        guard let scheme = url.firstRange(of: "://") else { return false }
        let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return authority.lowercased() == request.authority?.lowercased()
    }
}
