import Synchronization

/// The names under which this site is known (RFC 9110 section 7.1).
///
/// A web page whose own name has been rebound to this server's address is of our origin for the browser, and nothing
/// else in its requests tells it from ours: only the name in Host does. Names that nobody else can give away are ours
/// without being told: addresses, `localhost` (RFC 6761 section 6.3), and the machine's own name, which is the local
/// network's to give.
package final class OwnHosts: Sendable {
    /// The one that was found to be ours last: nearly every request has the same.
    private let accepted = Mutex("")
    private let allowsAll: Bool
    private let names: Set<String>
    /// With the dot in front.
    private let parents: [String]

    /// - Parameters:
    ///   - allowed: names as `isName` takes them. `*` allows every host. `*.example.org` every name below
    ///     `example.org`: whoever gives out those names is trusted with this one.
    ///   - machineName: as gethostname(2) tells it.
    package init(allowed: [String] = [], machineName: String? = nil) {
        allowsAll = allowed.contains("*")
        var names: Set<String> = ["localhost"]
        var parents = [".localhost"]
        for name in allowed.map(Self.normalize) {
            if name.hasPrefix("*.") { parents.append(String(name.dropFirst())) } else { names.insert(name) }
        }
        if let machineName, Self.isName(machineName) {
            let whole = Self.normalize(machineName)
            let short = whole.prefix { $0 != "." }
            names.formUnion([whole, String(short), "\(short).local"])
        }
        self.names = names
        self.parents = parents
    }

    /// Whether a host and port, as they stand in Host or in a target, are ours. No host at all is: a client of HTTP/1.0
    /// that names none (health checks do) means the address it has connected to, and every browser names one.
    func contains(_ authority: String?) -> Bool {
        guard let authority, !authority.isEmpty, !allowsAll else { return true }
        if accepted.withLock({ $0 == authority }) { return true }
        guard isOwn(authority) else { return false }
        accepted.withLock { $0 = authority }
        return true
    }

    private func isOwn(_ authority: String) -> Bool {
        // The parser has made sure that what is in brackets is an address of IPv6, or of a version to come.
        if authority.hasPrefix("[") { return !authority.hasPrefix("[v") && !authority.hasPrefix("[V") }
        let name = Self.normalize(authority.prefix { $0 != ":" })
        if Self.isIPv4Address(name) { return true }
        return names.contains(name) || parents.contains { name.hasSuffix($0) && name.utf8.count > $0.utf8.count }
    }

    /// Whether this can be given to `init`: `*`, or a host's name or address without scheme, port or path, with `*.` in
    /// front perhaps.
    package static func isName(_ text: String) -> Bool {
        if text == "*" { return true }
        let name = text.hasPrefix("*.") ? text.dropFirst(2) : text[...]
        return !name.isEmpty && name.utf8.count <= 253
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// Names are the same in any case, and with the dot of the root (RFC 1034 section 3.1).
    private static func normalize(_ name: some StringProtocol) -> String {
        let name = name.lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }

    /// Four decimal numbers, as every browser writes an IPv4 address, however it was typed (WHATWG URL section 3.5).
    private static func isIPv4Address(_ host: String) -> Bool {
        let parts = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                    && part.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } < 256
            }
    }
}
