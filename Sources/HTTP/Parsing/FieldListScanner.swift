/// Walks over the members of a comma-separated field value (RFC 9110 section 5.6.1), trimmed; a comma inside a quoted
/// string separates nothing. Empty members are given too.
struct FieldListScanner: Sequence, IteratorProtocol {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var isDone = false

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func next() -> UnsafeBufferPointer<UInt8>? {
        guard !isDone else { return nil }
        let start = index
        var end = start
        var isQuoted = false
        while end < bytes.count, isQuoted || bytes[end] != .comma {
            if bytes[end] == .quote {
                isQuoted.toggle()
            } else if isQuoted, bytes[end] == .backslash, end + 1 < bytes.count {
                end += 1
            }
            end += 1
        }
        isDone = end == bytes.count
        index = end + 1
        return UnsafeBufferPointer(rebasing: bytes[start..<end]).trimmingWhitespace()
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The bytes without SP and HTAB around them.
    func trimmingWhitespace() -> UnsafeBufferPointer<UInt8> {
        var start = 0
        var end = count
        while start < end, self[start].isWhitespace { start += 1 }
        while end > start, self[end - 1].isWhitespace { end -= 1 }
        return UnsafeBufferPointer(rebasing: self[start..<end])
    }
}
