/// The tree of patterns behind every `Router`: it knows values only by their number, so that looking up a path is not
/// generic.
struct RouteTree: Sendable {
    enum Match {
        case found(value: Int, PathParameters)
        case methodNotAllowed(allowed: [HTTPMethod])
        case notFound
    }

    private struct Route: Sendable {
        var method: HTTPMethod
        var pattern: String
        var parameterNames: [String]
        var value: Int
    }

    private struct Literal: Sendable {
        var bytes: [UInt8]
        var node: Int
    }

    private struct Node: Sendable {
        var literals: [Literal] = []
        var integer: Int?
        var text: Int?
        var rest: Int?
        var routes: [Route] = []
        var allowed: [HTTPMethod] = []
    }

    private var nodes = [Node()]
    /// Every method that any path has.
    private(set) var allowedAnywhere: [HTTPMethod] = [.options]

    mutating func add(_ method: HTTPMethod, _ pattern: String, value: Int) throws(RouterError) {
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

    func match(_ method: HTTPMethod, path: String) -> Match {
        var ranges: [Range<Int>] = []
        // withUTF8 reads a native string in place; it would copy only a bridged one.
        var text = path
        let found = text.withUTF8 { bytes in
            bytes.first == .slash ? find(from: 0, bytes, at: 1, &ranges) : nil
        }
        guard let found else { return .notFound }
        let route = routeIndex(method, of: found) ?? (method == .head ? routeIndex(.get, of: found) : nil)
        guard let route else { return .methodNotAllowed(allowed: nodes[found].allowed) }
        let names = nodes[found].routes[route].parameterNames
        return .found(
            value: nodes[found].routes[route].value, PathParameters(path: path, names: names, ranges: ranges))
    }

    private func routeIndex(_ method: HTTPMethod, of node: Int) -> Int? {
        nodes[node].routes.indices.first { nodes[node].routes[$0].method == method }
    }

    /// The node with routes that the path leads to from `node` with the segment at `start`, and the ranges of its
    /// parameters.
    private func find(
        from node: Int, _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, _ ranges: inout [Range<Int>]
    ) -> Int? {
        var end = start
        while end < bytes.count, bytes[end] != .slash { end += 1 }
        let segment = PathSegment(bytes: UnsafeBufferPointer(rebasing: bytes[start..<end]))
        for index in nodes[node].literals.indices where segment.equals(nodes[node].literals[index].bytes) {
            let child = nodes[node].literals[index].node
            if let found = descend(to: child, bytes, after: end, &ranges) { return found }
        }
        if let child = nodes[node].integer, segment.positiveInt64 != nil {
            ranges.append(start..<end)
            if let found = descend(to: child, bytes, after: end, &ranges) { return found }
            ranges.removeLast()
        }
        if let child = nodes[node].text, start < end {
            ranges.append(start..<end)
            if let found = descend(to: child, bytes, after: end, &ranges) { return found }
            ranges.removeLast()
        }
        guard let child = nodes[node].rest else { return nil }
        ranges.append(start..<bytes.count)
        return child
    }

    private func descend(
        to child: Int, _ bytes: UnsafeBufferPointer<UInt8>, after end: Int, _ ranges: inout [Range<Int>]
    ) -> Int? {
        guard end == bytes.count else { return find(from: child, bytes, at: end + 1, &ranges) }
        return nodes[child].routes.isEmpty ? nil : child
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
        case .literal(let bytes): nodes[node].literals.append(Literal(bytes: bytes, node: new))
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
