import Chat

/// Writes JSON (RFC 8259), in order and without space. It is here because the answer of a poll is the program's most
/// frequent one, and a coder that reflects on types costs more than the rest of the request.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    /// A value has been written in the innermost array or object, so that a comma comes before the next.
    private var needsComma = false

    mutating func object(_ body: (inout JSONWriter) -> Void) { nest("{", "}", body) }
    mutating func array(_ body: (inout JSONWriter) -> Void) { nest("[", "]", body) }

    /// A member's name; its value is written next.
    mutating func name(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes += $0 }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func string(_ text: String?) {
        guard var text else { return null() }
        separate()
        text.withUTF8 { quote($0) }
    }

    /// A string that is given in UTF-8.
    mutating func string(utf8: [UInt8]?) {
        guard let utf8 else { return null() }
        separate()
        utf8.withUnsafeBufferPointer { quote($0) }
    }

    mutating func number(_ number: Int64?) {
        guard let number else { return null() }
        raw(String(number))
    }

    mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }
    mutating func null() { raw("null") }

    private mutating func raw(_ text: String) {
        separate()
        bytes += text.utf8
    }

    private mutating func nest(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: open))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: close))
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// Runs that need no escape are copied whole; only `"`, `\` and controls need one (RFC 8259 section 7).
    private mutating func quote(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        for (index, byte) in text.enumerated()
        where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            bytes += text[start..<index]
            start = index + 1
            bytes.append(UInt8(ascii: "\\"))
            switch byte {
            case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
            case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
            case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
            default: bytes += "u00\(Hexadecimal.text([byte]))".utf8
            }
        }
        bytes += text[start...]
        bytes.append(UInt8(ascii: "\""))
    }
}
