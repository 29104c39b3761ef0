/// A UUID (RFC 9562), as PostgreSQL takes it in binary.
struct UUIDBytes: Hashable, Sendable {
    let bytes: [UInt8]

    /// A random one (version 4).
    init() {
        var bytes = RandomBytes.make(count: 16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        self.bytes = bytes
    }

    /// Parses the 36-character form, `8-4-4-4-12` digits of either case; nil for anything else.
    init?(_ text: String) {
        let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard groups.map(\.count) == [8, 4, 4, 4, 12] else { return nil }
        guard let bytes = Hexadecimal.bytes(groups.joined()) else { return nil }
        self.bytes = bytes
    }

    var text: String {
        let digits = Array(Hexadecimal.text(bytes).utf8)
        let groups = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
        return String(decoding: Array(groups.joined(separator: [UInt8(ascii: "-")])), as: UTF8.self)
    }
}
