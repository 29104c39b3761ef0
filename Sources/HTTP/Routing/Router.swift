/// Finds what was registered for a method and a path.
///
/// A pattern is `/` and segments with `/` between them. A segment is one of
/// - a literal, of the characters that a path may hold unencoded;
/// - `{name:int}`: a positive decimal number that fits 64 bits, without sign or leading zeros;
/// - `{name}`: any segment that is not empty;
/// - `{name...}`, only at the end: the rest of the path, which may be empty.
///
/// The most specific pattern wins, segment by segment from the left, in the order above; only then the method is looked at.
/// A path is compared percent-decoded, and one with a trailing slash is another path.
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

    private struct Route: Sendable {
        var method: HTTPMethod
        var pattern: String
        var parameterNames: [String]
        var value: Value
    }

    private struct Node: Sendable {
        var literals: [(bytes: [UInt8], node: Int)] = []
        var integer: Int?
        var text: Int?
        var rest: Int?
        var routes: [Route] = []
        var allowed: [HTTPMethod] = []
    }

    private var nodes = [Node()]
    private var allowedAnywhere: [HTTPMethod] = [.options]

    /// Makes a router without routes.
    public init() {}

    /// Adds a route; throws if the pattern is malformed or means the same paths as one that the method already has.
    public mutating func add(_ method: HTTPMethod, _ pattern: String, _ value: Value) throws(RouterError) {
        let parsed = try RoutePattern(pattern)
        var node = 0
        for segment in parsed.segments { node = child(of: node, for: segment) }
        if let existing = nodes[node].routes.first(where: { $0.method == method }) {
            throw .conflict(method: method, pattern: pattern, existing: existing.pattern)
        }
        nodes[node].routes.append(
            Route(method: method, pattern: pattern, parameterNames: parsed.parameterNames, value: value))
        Self.allow(method, in: &nodes[node].allowed)
        Self.allow(method, in: &allowedAnywhere)
    }

    /// Looks up a method and a path, still percent-encoded as `HTTPTarget` gives it.
    public func match(_ method: HTTPMethod, path: String) -> Match {
        if path == "*" { return method == .options ? .options(allowed: allowedAnywhere) : .notFound }
        var ranges: [Range<Int>] = []
        // withUTF8 reads a native string in place; it would copy only a bridged one.
        var bytes = path
        let found = bytes.withUTF8 { bytes in
            bytes.first == .slash ? find(from: 0, bytes, at: 1, &ranges) : nil
        }
        guard let found else { return .notFound }
        let route =
            route(method, of: found) ?? (method == .head ? route(.get, of: found) : nil)
        if let route {
            return .found(
                route.value, PathParameters(path: path, names: route.parameterNames, ranges: ranges))
        }
        let allowed = nodes[found].allowed
        return method == .options ? .options(allowed: allowed) : .methodNotAllowed(allowed: allowed)
    }

    private func route(_ method: HTTPMethod, of node: Int) -> Route? {
        nodes[node].routes.first { $0.method == method }
    }

    /// The node with routes that the path leads to from `node` with the segment at `start`, and the ranges of its parameters.
    private func find(
        from node: Int, _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, _ ranges: inout [Range<Int>]
    ) -> Int? {
        let end = bytes[start...].firstIndex(of: .slash) ?? bytes.count
        let segment = bytes[start..<end]
        func descend(to child: Int, capturing: Bool, _ ranges: inout [Range<Int>]) -> Int? {
            let depth = ranges.count
            if capturing { ranges.append(start..<end) }
            let isLast = end == bytes.count
            let found =
                isLast ? (nodes[child].routes.isEmpty ? nil : child) : find(from: child, bytes, at: end + 1, &ranges)
            if found == nil { ranges.removeLast(ranges.count - depth) }
            return found
        }
        for literal in nodes[node].literals where Self.matches(segment, literal.bytes) {
            if let found = descend(to: literal.node, capturing: false, &ranges) { return found }
        }
        if let child = nodes[node].integer, PathSegment(bytes: segment).positiveInt64 != nil,
            let found = descend(to: child, capturing: true, &ranges)
        {
            return found
        }
        if let child = nodes[node].text, !segment.isEmpty, let found = descend(to: child, capturing: true, &ranges) {
            return found
        }
        guard let child = nodes[node].rest else { return nil }
        ranges.append(start..<bytes.count)
        return child
    }

    private static func matches(_ segment: Slice<UnsafeBufferPointer<UInt8>>, _ literal: [UInt8]) -> Bool {
        // Decoding only shortens a segment.
        guard segment.count >= literal.count else { return false }
        return PathSegment(bytes: segment).elementsEqual(literal)
    }

    private mutating func child(of node: Int, for segment: RoutePattern.Segment) -> Int {
        let existing: Int? =
            switch segment {
            case .literal(let bytes): nodes[node].literals.first { $0.bytes == bytes }?.node
            case .integer: nodes[node].integer
            case .text: nodes[node].text
            case .rest: nodes[node].rest
            }
        if let existing { return existing }
        let new = nodes.count
        nodes.append(Node())
        switch segment {
        case .literal(let bytes): nodes[node].literals.append((bytes: bytes, node: new))
        case .integer: nodes[node].integer = new
        case .text: nodes[node].text = new
        case .rest: nodes[node].rest = new
        }
        return new
    }

    /// Keeps the methods of Allow in order, with what comes of itself: HEAD beside GET, and OPTIONS.
    private static func allow(_ method: HTTPMethod, in allowed: inout [HTTPMethod]) {
        for method in method == .get ? [.get, .head, .options] : [method, .options] where !allowed.contains(method) {
            allowed.append(method)
        }
        allowed.sort { $0.rawValue < $1.rawValue }
    }
}
