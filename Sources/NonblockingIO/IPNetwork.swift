/// A range of addresses, such as `10.0.0.0/8`, `fd00::/8` or the single `127.0.0.1`.
public struct IPNetwork: Hashable, Sendable {
    private let prefix: [UInt8]
    private let bits: Int

    /// Parses an address with an optional number of leading bits that count; nil when it is none, or when bits that do
    /// not count are set.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts[0] != "localhost", let address = SocketAddress(host: String(parts[0]), port: 0) else { return nil }
        var bytes = address.hostBytes
        var bits = bytes.count * 8
        if parts.count == 2 {
            // Int(_:) takes a sign, too.
            guard parts[1].utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let count = Int(parts[1]),
                count <= bits
            else { return nil }
            bits = count
        }
        let whole = bytes
        Self.clear(&bytes, after: bits)
        guard bytes == whole else { return nil }
        prefix = bytes
        self.bits = bits
    }

    /// Whether the address lies in the range. An IPv4 address that is written as IPv6 (`::ffff:10.0.0.1`, RFC 4291
    /// section 2.5.5.2) counts as IPv4.
    public func contains(_ address: SocketAddress) -> Bool {
        var bytes = address.hostBytes
        guard bytes.count == prefix.count else { return false }
        Self.clear(&bytes, after: bits)
        return bytes == prefix
    }

    private static func clear(_ bytes: inout [UInt8], after bits: Int) {
        for index in bytes.indices {
            let counting = min(8, max(0, bits - index * 8))
            bytes[index] &= counting == 0 ? 0 : UInt8(truncatingIfNeeded: 0xFF << (8 - counting))
        }
    }
}
