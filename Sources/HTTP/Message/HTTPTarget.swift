/// A request target in one of the four forms of RFC 9112 section 3.2.
public struct HTTPTarget: Sendable, Hashable, CustomStringConvertible {
    /// Which of the four forms the target was written in.
    public enum Form: Sendable {
        /// `/path?query`.
        case origin
        /// `http://authority/path?query`, as a proxy is asked.
        case absolute
        /// `host:port`, for CONNECT.
        case authority
        /// `*`, for OPTIONS of the whole server.
        case asterisk
    }

    /// The form the target was written in.
    public var form: Form
    /// The path, still percent-encoded. It starts with `/`, or it is `*` where OPTIONS means the whole server; the
    /// authority form, which has none, gives `/`.
    public var path: String
    /// What follows the first `?`, still percent-encoded; nil without a `?`.
    public var query: String?
    /// The authority in the target itself; nil in the origin and asterisk forms.
    public var authority: String?
    private var scheme: String?

    /// Makes the origin form of `/`.
    public init() {
        form = .origin
        path = "/"
    }

    init(form: Form, path: String, query: String? = nil, authority: String? = nil, scheme: String? = nil) {
        self.form = form
        self.path = path
        self.query = query
        self.authority = authority
        self.scheme = scheme
    }

    /// The target as it is written in a request line.
    public var description: String {
        switch form {
        case .asterisk: return "*"
        case .authority: return authority ?? ""
        case .origin, .absolute:
            var text = ""
            if let scheme, let authority { text = "\(scheme)://\(authority)" }
            if path != "*" { text += path }
            if let query { text += "?\(query)" }
            return text
        }
    }
}
