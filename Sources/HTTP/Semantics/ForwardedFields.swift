/// What proxies have written down about where a request comes from: Forwarded (RFC 7239), or X-Forwarded-For and
/// X-Forwarded-Proto from before it.
///
/// Anybody can send these fields: only what a proxy that is known has added may be believed.
public struct ForwardedFields: Sendable {
    /// What one proxy has said about whom it had the request from.
    public struct Hop: Hashable, Sendable {
        /// The numeric address, without port and brackets; nil when it is unknown or hidden (RFC 7239 section 6).
        public let address: String?
        /// Whether the request came by TLS; nil when that is not told.
        public let isSecure: Bool?
    }

    /// In the order in which the proxies were passed, so that the nearest one's word is the last. Empty when there is
    /// none, when a field is malformed, or when both kinds are there: the one that the proxy did not write is the
    /// client's invention, and which one that is nobody here knows.
    public let hops: [Hop]

    /// Reads the fields of a request.
    public init(_ fields: HTTPFields) {
        let older = fields.contains(.xForwardedFor) || fields.contains(.xForwardedProto)
        switch (fields.contains(.forwarded), older) {
        case (true, false): hops = Self.forwarded(fields) ?? []
        case (false, true): hops = Self.xForwarded(fields)
        default: hops = []
        }
    }

    /// `Forwarded = 1#forwarded-element`; nil when it is malformed.
    private static func forwarded(_ fields: HTTPFields) -> [Hop]? {
        var hops: [Hop] = []
        var isWellFormed = true
        fields.forEachValue(of: .forwarded) { value in
            for member in FieldListScanner(value) where !member.isEmpty {
                guard let hop = hop(member) else {
                    isWellFormed = false
                    continue
                }
                hops.append(hop)
            }
        }
        return isWellFormed ? hops : nil
    }

    /// `forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] )`
    private static func hop(_ member: UnsafeBufferPointer<UInt8>) -> Hop? {
        // The parameters of RFC 9110 with the first semicolon left out.
        let bytes = [.semicolon] + Array(member)
        var node: String?
        var proto: String?
        let isWellFormed = bytes.withUnsafeBufferPointer { bytes in
            var cursor = ByteCursor(bytes)
            return cursor.takeParameters { parameter in
                if parameter.name.equalsIgnoringCase("for") { node = parameter.value }
                if parameter.name.equalsIgnoringCase("proto") { proto = parameter.value }
            }
        }
        guard isWellFormed else { return nil }
        return Hop(address: node.flatMap(address), isSecure: proto.map(isSecure))
    }

    private static func xForwarded(_ fields: HTTPFields) -> [Hop] {
        let addresses = members(of: .xForwardedFor, fields)
        let protos = members(of: .xForwardedProto, fields)
        return addresses.enumerated().map { index, node in
            // Most proxies replace X-Forwarded-Proto, so that there is one for the whole way.
            let proto = protos.count == addresses.count ? protos[index] : protos.last
            return Hop(address: address(node), isSecure: proto.map(isSecure))
        }
    }

    private static func members(of name: HTTPFieldName, _ fields: HTTPFields) -> [String] {
        var members: [String] = []
        fields.forEachValue(of: name) { value in
            for member in FieldListScanner(value) where !member.isEmpty {
                members.append(String(decoding: member, as: UTF8.self))
            }
        }
        return members
    }

    private static func isSecure(_ proto: String) -> Bool { proto.utf8.equalsIgnoringCase("https") }

    /// The address of a `node` of RFC 7239 section 6, with or without a port; nil when it has none.
    private static func address(_ node: String) -> String? {
        let text: Substring
        if node.hasPrefix("[") {
            guard let end = node.firstIndex(of: "]") else { return nil }
            text = node[node.index(after: node.startIndex)..<end]
        } else {
            // A second colon makes it an IPv6 address without brackets, as X-Forwarded-For has them.
            let parts = node.split(separator: ":", omittingEmptySubsequences: false)
            text = parts.count == 2 ? parts[0] : node[...]
        }
        let isNumeric = text.utf8.allSatisfy { $0.hexDigitValue != nil || $0 == .dot || $0 == .colon }
        return isNumeric && !text.isEmpty ? String(text) : nil
    }
}
