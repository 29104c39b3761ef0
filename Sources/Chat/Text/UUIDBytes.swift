/// A UUID (RFC 9562), as PostgreSQL takes it in binary.
package struct UUIDBytes: Hashable, Sendable {
    package let bytes: [UInt8]

    /// A random one (version 4).
    package init() {
        var bytes = RandomBytes.make(count: 16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        self.bytes = bytes
    }

    /// One as PostgreSQL gives it.
    init(_ value: UInt128) { bytes = withUnsafeBytes(of: value.bigEndian) { Array($0) } }

    /// Parses the 36-character form, `8-4-4-4-12` digits of either case; nil for anything else.
    package init?(_ text: String) {
        let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard groups.map(\.count) == [8, 4, 4, 4, 12] else { return nil }
        guard let bytes = Hexadecimal.bytes(Array(groups.joined())[...]) else { return nil }
        self.bytes = bytes
    }

    /// The same form, in lower case.
    package var utf8: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, byte) in bytes.enumerated() {
            if Self.groupStarts.contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(Hexadecimal.digits[Int(byte >> 4)])
            text.append(Hexadecimal.digits[Int(byte & 15)])
        }
        return text
    }

    package var text: String { String(decoding: utf8, as: UTF8.self) }

    /// The bytes before which a hyphen is written.
    private static let groupStarts = [4, 6, 8, 10]
}
