/// A URL that may be printed at the start of `href`, `src` and the like: a path of this site or an address of the web,
/// never a script, and never the name of another host where a path is meant.
public struct TemplateURL: Sendable, Equatable {
    /// The URL as it was given, in ASCII.
    public let text: String

    /// Takes a path of this site with what may follow it: `/room/7?at=41#newest`.
    ///
    /// Nil unless it begins with one `/` that no other slash or backslash follows, and has only characters that URLs are
    /// written with (RFC 3986 appendix A); others are to be percent-encoded before.
    public init?(path: String) {
        guard path.utf8.first == UInt8(ascii: "/"), path.utf8.dropFirst().first != UInt8(ascii: "/"),
            path.utf8.allSatisfy(\.isOfURL)
        else { return nil }
        text = path
    }

    /// Takes an address of the web: `https://chat.example/join/7`.
    ///
    /// Nil unless it begins with `https://` or `http://` and a character of a host's name, and has only characters that
    /// URLs are written with.
    public init?(web address: String) {
        let host = ["https://", "http://"].lazy.filter(address.hasPrefix).map { address.utf8.dropFirst($0.utf8.count) }
        guard let first = host.first?.first, first.isNameByte || first == UInt8(ascii: "["),
            address.utf8.allSatisfy(\.isOfURL)
        else { return nil }
        text = address
    }
}

extension TemplateURL: ExpressibleByStringLiteral {
    /// Takes a path written in the source code; one that `init(path:)` does not take stops the program.
    public init(stringLiteral path: StaticString) {
        guard let url = TemplateURL(path: path.description) else {
            preconditionFailure("\(path) is no path of this site")
        }
        self = url
    }
}

extension UInt8 {
    fileprivate var isOfURL: Bool {
        isNameByte || "-.~:/?#[]@!$&'()*+,;=%".utf8.contains(self)
    }
}
