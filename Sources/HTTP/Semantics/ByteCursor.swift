/// A position in a field value, with the elements of RFC 9110 section 5.6 to read there.
struct ByteCursor {
    let bytes: ArraySlice<UInt8>
    private(set) var index: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    var isAtEnd: Bool { index == bytes.endIndex }

    var rest: ArraySlice<UInt8> { bytes[index...] }

    /// Takes one byte if it is there.
    mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.endIndex, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    mutating func skipWhitespace() {
        while index < bytes.endIndex, bytes[index].isWhitespace { index += 1 }
    }

    /// Takes a token; nil if there is none.
    mutating func takeToken() -> ArraySlice<UInt8>? {
        let start = index
        while index < bytes.endIndex, ByteClass.token.contains(bytes[index]) { index += 1 }
        return start < index ? bytes[start..<index] : nil
    }

    /// Takes a token or what a quoted string stands for; nil if there is neither.
    mutating func takeTokenOrQuotedString() -> ArraySlice<UInt8>? {
        guard take(.quote) else { return takeToken() }
        var value: ArraySlice<UInt8> = []
        while index < bytes.endIndex {
            var byte = bytes[index]
            index += 1
            if byte == .quote { return value }
            if byte == .backslash {
                guard index < bytes.endIndex else { return nil }
                byte = bytes[index]
                index += 1
            }
            guard byte.isQuotable else { return nil }
            value.append(byte)
        }
        return nil
    }

    /// Takes `parameters = *( OWS ";" OWS [ parameter ] )` up to the end (RFC 9110 section 5.6.6); nil if malformed.
    mutating func takeParameters() -> [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)]? {
        var parameters: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] = []
        skipWhitespace()
        while !isAtEnd {
            guard take(.semicolon) else { return nil }
            skipWhitespace()
            if let name = takeToken() {
                guard take(.equalsSign), let value = takeTokenOrQuotedString() else { return nil }
                parameters.append((name: name, value: value))
                skipWhitespace()
            }
        }
        return parameters
    }
}
