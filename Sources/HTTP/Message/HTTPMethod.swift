/// A request method: a case-sensitive token (RFC 9110 section 9).
public struct HTTPMethod: Hashable, Sendable, CustomStringConvertible {
    /// The token as it is sent.
    public let rawValue: String

    /// Makes a method of `token`; nil unless it is an RFC 9110 token.
    public init?(_ token: String) {
        guard !token.isEmpty, token.utf8.allSatisfy(ByteClass.token.contains) else { return nil }
        rawValue = token
    }

    init(validated token: String) {
        rawValue = token
    }

    /// GET: transfer a representation.
    public static let get = HTTPMethod(validated: "GET")
    /// HEAD: as GET, without the content.
    public static let head = HTTPMethod(validated: "HEAD")
    /// POST: process the content.
    public static let post = HTTPMethod(validated: "POST")
    /// PUT: replace the representation.
    public static let put = HTTPMethod(validated: "PUT")
    /// DELETE: remove the representation.
    public static let delete = HTTPMethod(validated: "DELETE")
    /// PATCH: change the representation in part (RFC 5789).
    public static let patch = HTTPMethod(validated: "PATCH")
    /// OPTIONS: describe what the target can do.
    public static let options = HTTPMethod(validated: "OPTIONS")
    /// TRACE: send the request back.
    public static let trace = HTTPMethod(validated: "TRACE")
    /// CONNECT: open a tunnel.
    public static let connect = HTTPMethod(validated: "CONNECT")

    /// Whether the method asks for nothing to change (RFC 9110 section 9.2.1).
    public var isSafe: Bool { self == .get || self == .head || self == .options || self == .trace }

    /// The token as it is sent.
    public var description: String { rawValue }
}
