/// Walks over the members of a comma-separated field value (RFC 9110 section 5.6.1), trimmed; a comma inside a quoted string
/// separates nothing. Empty members are given too.
struct FieldListScanner: Sequence, IteratorProtocol {
    private let bytes: ArraySlice<UInt8>
    private var index: Int
    private var isDone = false

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    mutating func next() -> ArraySlice<UInt8>? {
        guard !isDone else { return nil }
        var end = index
        var isQuoted = false
        while end < bytes.endIndex, isQuoted || bytes[end] != .comma {
            if bytes[end] == .quote {
                isQuoted.toggle()
            } else if isQuoted, bytes[end] == .backslash, end + 1 < bytes.endIndex {
                end += 1
            }
            end += 1
        }
        let member = bytes[index..<end].trimmingWhitespace()
        isDone = end == bytes.endIndex
        index = end + 1
        return member
    }
}

extension ArraySlice<UInt8> {
    /// The bytes without SP and HTAB around them.
    func trimmingWhitespace() -> ArraySlice<UInt8> {
        var start = startIndex
        var end = endIndex
        while start < end, self[start].isWhitespace { start += 1 }
        while end > start, self[end - 1].isWhitespace { end -= 1 }
        return self[start..<end]
    }
}
