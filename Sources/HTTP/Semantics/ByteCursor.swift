/// A position in a field value, with the elements of RFC 9110 section 5.6 to read there.
struct ByteCursor {
    let bytes: UnsafeBufferPointer<UInt8>
    private(set) var index = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { index == bytes.count }

    /// Takes one byte if it is there.
    mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    mutating func skipWhitespace() {
        while index < bytes.count, bytes[index].isWhitespace { index += 1 }
    }

    /// Takes bytes as long as they are allowed.
    @inline(__always)
    mutating func take(while isAllowed: (UInt8) -> Bool) -> UnsafeBufferPointer<UInt8> {
        let start = index
        while index < bytes.count, isAllowed(bytes[index]) { index += 1 }
        return UnsafeBufferPointer(rebasing: bytes[start..<index])
    }

    /// Takes a token; nil if there is none.
    mutating func takeToken() -> UnsafeBufferPointer<UInt8>? {
        let token = take(while: ByteClass.token.contains)
        return token.isEmpty ? nil : token
    }

    /// Takes `parameters = *( OWS ";" OWS [ parameter ] )` up to the end (RFC 9110 section 5.6.6); false if malformed.
    mutating func takeParameters(_ body: (FieldParameter) -> Void) -> Bool {
        skipWhitespace()
        while !isAtEnd {
            guard take(.semicolon) else { return false }
            skipWhitespace()
            guard let name = takeToken() else { continue }
            guard take(.equalsSign), let parameter = takeParameterValue(named: name) else { return false }
            body(parameter)
            skipWhitespace()
        }
        return true
    }

    private mutating func takeParameterValue(named name: UnsafeBufferPointer<UInt8>) -> FieldParameter? {
        guard take(.quote) else {
            return takeToken().map { FieldParameter(name: name, rawValue: $0) }
        }
        let start = index
        while index < bytes.count, bytes[index] != .quote {
            if bytes[index] == .backslash { index += 1 }
            guard index < bytes.count, bytes[index].isQuotable else { return nil }
            index += 1
        }
        let rawValue = UnsafeBufferPointer(rebasing: bytes[start..<index])
        return take(.quote) ? FieldParameter(name: name, rawValue: rawValue) : nil
    }
}

/// A parameter as it stands in a field value.
struct FieldParameter {
    let name: UnsafeBufferPointer<UInt8>
    /// The value without the quotes around it, but with the backslashes in it; a token has none.
    let rawValue: UnsafeBufferPointer<UInt8>

    /// The value that is meant.
    var value: String {
        var isEscaped = false
        let bytes = rawValue.filter { byte in
            isEscaped = byte == .backslash && !isEscaped
            return !isEscaped
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
