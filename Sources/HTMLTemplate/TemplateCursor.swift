/// A place in a template's bytes, and the steps the lexer takes from there.
struct TemplateCursor {
    let bytes: [UInt8]
    var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { index >= bytes.count }

    var current: UInt8? { byte(at: index) }

    func byte(at offset: Int) -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

    func startsWith(_ expected: StaticString) -> Bool {
        bytes[index...].starts(with: UnsafeBufferPointer(start: expected.utf8Start, count: expected.utf8CodeUnitCount))
    }

    /// Steps over `expected` when it is next, and says whether it was.
    @discardableResult
    mutating func skip(_ expected: StaticString) -> Bool {
        guard startsWith(expected) else { return false }
        index += expected.utf8CodeUnitCount
        return true
    }

    mutating func skipWhitespace() {
        while current?.isWhitespace == true { index += 1 }
    }

    /// Takes letters, digits and underscores as far as they go.
    mutating func takeName() -> String {
        let start = index
        while current?.isNameByte == true { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }
}

extension UInt8 {
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    var isWhitespace: Bool { isBlank || self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }

    var isNameByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
