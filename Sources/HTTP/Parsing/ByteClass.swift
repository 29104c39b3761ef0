/// A set of ASCII bytes as two bit masks: a membership test reads no memory and initialises no global.
struct ByteClass: Sendable {
    private let low: UInt64
    private let high: UInt64

    private init(_ low: UInt64, _ high: UInt64) {
        self.low = low
        self.high = high
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        byte < 128 && ((byte < 64 ? low : high) &>> UInt64(byte & 63)) & 1 == 1
    }

    /// `tchar` of RFC 9110 section 5.6.2.
    static var token: ByteClass { ByteClass(0x03FF_6CFA_0000_0000, 0x57FF_FFFF_C7FF_FFFE) }

    /// Every character that RFC 3986 knows, except `#`, which never reaches a server.
    static var target: ByteClass { ByteClass(0xAFFF_FFF2_0000_0000, 0x47FF_FFFE_AFFF_FFFF) }

    /// `unreserved / sub-delims` of RFC 3986: what a registered name holds unencoded.
    static var registeredName: ByteClass { ByteClass(0x2BFF_7FD2_0000_0000, 0x47FF_FFFE_87FF_FFFE) }

    /// `unreserved` of RFC 3986: what never needs percent-encoding.
    static var unreserved: ByteClass { ByteClass(0x03FF_6000_0000_0000, 0x47FF_FFFE_87FF_FFFE) }

    /// `cookie-octet` of RFC 6265bis.
    static var cookieOctet: ByteClass { ByteClass(0xF7FF_EFFA_0000_0000, 0x7FFF_FFFF_EFFF_FFFF) }
}

extension UInt8 {
    static var horizontalTab: UInt8 { 0x09 }
    static var lineFeed: UInt8 { 0x0A }
    static var carriageReturn: UInt8 { 0x0D }
    static var space: UInt8 { 0x20 }
    static var quote: UInt8 { 0x22 }
    static var percent: UInt8 { 0x25 }
    static var asterisk: UInt8 { 0x2A }
    static var plus: UInt8 { 0x2B }
    static var comma: UInt8 { 0x2C }
    static var hyphen: UInt8 { 0x2D }
    static var dot: UInt8 { 0x2E }
    static var slash: UInt8 { 0x2F }
    static var zero: UInt8 { 0x30 }
    static var colon: UInt8 { 0x3A }
    static var semicolon: UInt8 { 0x3B }
    static var equalsSign: UInt8 { 0x3D }
    static var questionMark: UInt8 { 0x3F }
    static var backslash: UInt8 { 0x5C }

    /// Whether the byte is optional white space (SP or HTAB).
    @inline(__always)
    var isWhitespace: Bool { self == .space || self == .horizontalTab }

    /// Whether the byte is a control other than HTAB: what no field value may hold.
    @inline(__always)
    var isForbiddenControl: Bool { (self < 0x20 && self != .horizontalTab) || self == 0x7F }

    /// Whether a quoted string may hold the byte, unescaped or after a backslash: HTAB, SP, VCHAR or obs-text.
    @inline(__always)
    var isQuotable: Bool { !isForbiddenControl }

    @inline(__always)
    var isDigit: Bool { self &- .zero < 10 }

    @inline(__always)
    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }

    @inline(__always)
    var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// The value of a hexadecimal digit, or nil.
    @inline(__always)
    var hexDigitValue: UInt8? {
        if isDigit { return self &- .zero }
        let letter = (self | 0x20) &- 0x61
        return letter < 6 ? letter &+ 10 : nil
    }

    /// The upper-case hexadecimal digit of a value from 0 to 15.
    static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? .zero &+ value : 0x37 &+ value }
}

extension Collection<UInt8> {
    /// Whether the bytes are `lowercase` without regard to ASCII case; `lowercase` has no capital letter.
    @inline(__always)
    func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
        guard count == lowercase.utf8CodeUnitCount else { return false }
        var expected = lowercase.utf8Start
        for byte in self {
            guard byte.lowercased == expected.pointee else { return false }
            expected += 1
        }
        return true
    }

    /// The number that the bytes spell in decimal digits and nothing else; nil when it does not fit.
    func decimal<Number: FixedWidthInteger>(as type: Number.Type = Number.self) -> Number? {
        guard !isEmpty else { return nil }
        var value: Number = 0
        for byte in self {
            guard byte.isDigit else { return nil }
            let (shifted, shiftOverflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflow) = shifted.addingReportingOverflow(Number(byte &- .zero))
            guard !shiftOverflow, !sumOverflow else { return nil }
            value = sum
        }
        return value
    }
}
