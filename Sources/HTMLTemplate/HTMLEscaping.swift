/// Escaping of text for HTML content and quoted attribute values.
///
/// It works on bytes: to a per-`Character` escaper a quote followed by a combining mark is one character that is no
/// quote, and would go through.
public enum HTMLEscaping {
    /// Appends `text` as UTF-8 with `&`, `<`, `>`, `"` and `'` replaced by character references.
    public static func append(_ text: String, to out: inout [UInt8]) {
        var text = text
        text.withUTF8 { append($0, to: &out) }
    }

    /// Appends UTF-8 bytes with `&`, `<`, `>`, `"` and `'` replaced by character references.
    public static func append(_ bytes: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        var start = 0
        while true {
            let end = nextSpecial(in: bytes, from: start)
            if start < end { out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<end])) }
            guard end < bytes.count else { return }
            let reference = reference(for: bytes[end])
            out.append(contentsOf: UnsafeBufferPointer(start: reference.utf8Start, count: reference.utf8CodeUnitCount))
            start = end + 1
        }
    }

    private static func reference(for special: UInt8) -> StaticString {
        switch special {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        default: "&#39;"
        }
    }

    /// The index of the first byte from `start` on that must be escaped, or the count.
    private static func nextSpecial(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        var index = start
        // Eight bytes at a time: most text has nothing to escape, and looking at each byte is most of the cost.
        while index + 8 <= bytes.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let found = specials(in: word)
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"):
                return index
            default: index += 1
            }
        }
        return index
    }

    /// Non-zero when `word` has a byte to escape; the lowest set bit is then in the first such byte.
    private static func specials(in word: UInt64) -> UInt64 {
        // & and ' (0x26, 0x27) differ in one bit, < and > (0x3C, 0x3E) in another: three comparisons do for five bytes.
        zeroBytes((word | 0x0101_0101_0101_0101) ^ 0x2727_2727_2727_2727)
            | zeroBytes((word | 0x0202_0202_0202_0202) ^ 0x3E3E_3E3E_3E3E_3E3E)
            | zeroBytes(word ^ 0x2222_2222_2222_2222)
    }

    /// Sets the top bit of each zero byte; above the first zero byte other bits may be set too.
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }
}
