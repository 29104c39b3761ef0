/// Finds what was registered for a method and a path.
///
/// A pattern is `/` and segments with `/` between them. A segment is one of
/// - a literal, of the characters that a path may hold unencoded;
/// - `{name:int}`: a positive decimal number that fits 64 bits, without sign or leading zeros;
/// - `{name}`: any segment that is not empty;
/// - `{name...}`, only at the end: the rest of the path, which may be empty.
///
/// The most specific pattern wins, segment by segment from the left, in the order above; only then the method is looked
/// at. A path is compared percent-decoded, and one with a trailing slash is another path.
public struct Router<Value: Sendable>: Sendable {
    /// What a router knows about a method and path.
    public enum Match: Sendable {
        /// There is a route; HEAD is given that of GET unless it has its own.
        case found(Value, PathParameters)
        /// The path exists, but not for this method: 405 (Method Not Allowed) with these in Allow.
        case methodNotAllowed(allowed: [HTTPMethod])
        /// OPTIONS, without a route of its own, of a path that exists or of `*`: 204 (No Content) with these in Allow.
        case options(allowed: [HTTPMethod])
        /// No pattern has the path.
        case notFound
    }

    private var tree = RouteTree()
    private var values: [Value] = []

    /// Makes a router without routes.
    public init() {}

    /// Adds a route; throws if the pattern is malformed or means the same paths as one that the method already has.
    public mutating func add(_ method: HTTPMethod, _ pattern: String, _ value: Value) throws(RouterError) {
        try tree.add(method, pattern, value: values.count)
        values.append(value)
    }

    /// Looks up a method and a path, still percent-encoded as `HTTPTarget` gives it.
    public func match(_ method: HTTPMethod, path: String) -> Match {
        if path == "*" { return method == .options ? .options(allowed: tree.allowedAnywhere) : .notFound }
        switch tree.match(method, path: path) {
        case .found(let value, let parameters): return .found(values[value], parameters)
        case .methodNotAllowed(let allowed) where method == .options: return .options(allowed: allowed)
        case .methodNotAllowed(let allowed): return .methodNotAllowed(allowed: allowed)
        case .notFound: return .notFound
        }
    }
}
