/// Percent-coding of RFC 3986 section 2.1, of text in UTF-8.
public enum PercentCoding {
    /// The text that percent-encoded bytes stand for; nil when a `%` is not followed by two hexadecimal digits, or the
    /// result holds NUL or is not UTF-8.
    public static func decode(_ bytes: some Collection<UInt8>) -> String? {
        // Generic code is slow outside its own module: only getting at the bytes is.
        let text = bytes.withContiguousStorageIfAvailable { decodeText($0, plusIsSpace: false) }
        // Why there is no text is only asked of a form.
        return try? (text ?? Array(bytes).withUnsafeBufferPointer { decodeText($0, plusIsSpace: false) }).get()
    }

    /// The text that a percent-encoded string stands for.
    public static func decode(_ string: String) -> String? {
        var string = string
        // As above.
        return try? string.withUTF8 { decodeText($0, plusIsSpace: false) }.get()
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

    /// The text that percent-encoded bytes stand for, or why they stand for none. The error is a form's, because only
    /// there somebody asks for it.
    static func decodeText(_ bytes: UnsafeBufferPointer<UInt8>, plusIsSpace: Bool) -> Result<String, HTTPFormError> {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count) { decoded in
            var count = 0
            var index = 0
            while index < bytes.count {
                var byte = bytes[index]
                index += 1
                if byte == .percent {
                    guard index + 1 < bytes.count, let high = bytes[index].hexDigitValue,
                        let low = bytes[index + 1].hexDigitValue
                    else { return .failure(.invalidPercentEncoding) }
                    byte = high << 4 | low
                    index += 2
                } else if byte == .plus, plusIsSpace {
                    byte = .space
                }
                guard byte != 0 else { return .failure(.containsNUL) }
                decoded[count] = byte
                count += 1
            }
            let text = validText(UnsafeBufferPointer(rebasing: decoded[..<count]))
            return text.map { .success($0) } ?? .failure(.invalidUTF8)
        }
    }

    /// The text of bytes in UTF-8; nil if they are not. `String(validating:as:)` takes many times as long, because it
    /// is not specialised.
    static func validText(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        var text = String(decoding: bytes, as: UTF8.self)
        var allBits: UInt8 = 0
        for byte in bytes { allBits |= byte }
        // Only what is not ASCII can have been repaired, which changes it.
        return allBits < 0x80 || text.withUTF8({ $0.elementsEqual(bytes) }) ? text : nil
    }
}
