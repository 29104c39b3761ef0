/// What a message says: kept exactly, but for CRs before an LF, which go: a CRLF becomes an LF.
package struct MessageContent: Sendable {
    /// Which rule it breaks.
    package enum Problem: Error, Hashable, Sendable {
        /// It has more code points than `ChatLimits.maxContentLength`: so many.
        case tooLong(Int)
        case blank
    }

    package let utf8: [UInt8]

    /// - Throws: `Problem`.
    package init(_ typed: String) throws(Problem) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(typed.utf8.count)
        var length = 0
        for byte in typed.utf8 {
            if byte == UInt8(ascii: "\n") {
                // Also where there are several: of those but the last would become a CRLF.
                while bytes.last == UInt8(ascii: "\r") {
                    bytes.removeLast()
                    length -= 1
                }
            }
            bytes.append(byte)
            // Every byte but a continuation byte begins a code point.
            if byte & 0b1100_0000 != 0b1000_0000 { length += 1 }
        }
        utf8 = bytes
        guard length <= ChatLimits.maxContentLength else { throw .tooLong(length) }
        guard !typed.isBlank else { throw .blank }
    }
}
