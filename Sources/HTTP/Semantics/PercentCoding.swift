/// Percent-coding of RFC 3986 section 2.1, of text in UTF-8.
public enum PercentCoding {
    /// The text that percent-encoded bytes stand for; nil when a `%` is not followed by two hexadecimal digits, or the
    /// result holds NUL or is not UTF-8.
    public static func decode(_ bytes: some Collection<UInt8>) -> String? {
        guard let decoded = decodeBytes(bytes, plusIsSpace: false) else { return nil }
        return text(decoded)
    }

    /// The text that a percent-encoded string stands for.
    public static func decode(_ string: String) -> String? {
        decode(string.utf8)
    }

    /// Encodes everything but the unreserved characters, so that the result can stand anywhere in a URI.
    public static func encode(_ component: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(component.utf8.count)
        for byte in component.utf8 {
            if ByteClass.unreserved.contains(byte) {
                bytes.append(byte)
            } else {
                bytes.append(.percent)
                bytes.append(.hexDigit(byte >> 4))
                bytes.append(.hexDigit(byte & 0xF))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The bytes that percent-encoded bytes stand for; nil when a `%` is not followed by two hexadecimal digits.
    static func decodeBytes(_ bytes: some Collection<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            if byte == .percent {
                guard let high = iterator.next()?.hexDigitValue, let low = iterator.next()?.hexDigitValue else {
                    return nil
                }
                decoded.append(high << 4 | low)
            } else {
                decoded.append(byte == .plus && plusIsSpace ? .space : byte)
            }
        }
        return decoded
    }

    /// The text of bytes; nil when they hold NUL or are not UTF-8.
    static func text(_ bytes: [UInt8]) -> String? {
        bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }
}
