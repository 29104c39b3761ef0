/// The bytes of a path segment, percent-decoded as they are read; a `%` that starts no valid encoding stands for
/// itself.
struct PathSegment: Sequence {
    let bytes: UnsafeBufferPointer<UInt8>

    struct Iterator: IteratorProtocol {
        let bytes: UnsafeBufferPointer<UInt8>
        var index = 0

        @inline(__always)
        mutating func next() -> UInt8? {
            guard index < bytes.count else { return nil }
            let byte = bytes[index]
            index += 1
            guard byte == .percent, index + 1 < bytes.count, let high = bytes[index].hexDigitValue,
                let low = bytes[index + 1].hexDigitValue
            else { return byte }
            index += 2
            return high << 4 | low
        }
    }

    func makeIterator() -> Iterator { Iterator(bytes: bytes) }

    /// The number that the segment spells: decimal digits, positive, without leading zeros; nil for anything else.
    var positiveInt64: Int64? {
        var value: Int64 = 0
        for byte in self {
            guard byte.isDigit, value > 0 || byte != .zero else { return nil }
            let (shifted, shiftOverflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflow) = shifted.addingReportingOverflow(Int64(byte &- .zero))
            guard !shiftOverflow, !sumOverflow else { return nil }
            value = sum
        }
        return value > 0 ? value : nil
    }

    /// Whether the segment stands for `literal`.
    func equals(_ literal: [UInt8]) -> Bool {
        // Decoding only shortens a segment.
        guard bytes.count >= literal.count else { return false }
        var iterator = makeIterator()
        for byte in literal {
            guard iterator.next() == byte else { return false }
        }
        return iterator.next() == nil
    }
}
