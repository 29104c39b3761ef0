/// The bytes that the fuzzer has made up, taken apart in ways that depend on nothing but themselves.
struct FuzzInput {
    let bytes: UnsafeBufferPointer<UInt8>
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    init(_ data: UnsafePointer<UInt8>, _ size: Int) {
        bytes = UnsafeBufferPointer(start: data, count: size)
        // FNV-1a: another input is cut in other places.
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The parts between line feeds.
    var lines: [String] {
        bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A number below `bound`, which is positive.
    mutating func random(below bound: Int) -> Int {
        // xorshift64
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }

    /// Calls `body` with all the bytes in pieces of one to sixteen.
    mutating func forEachPiece(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + 1 + random(below: 16))
            body(UnsafeBufferPointer(rebasing: bytes[start..<end]))
            start = end
        }
    }
}

/// Ends the process with the words, which the fuzzer reports with the input.
func check(_ condition: Bool, _ words: @autoclosure () -> String) {
    if !condition { fatalError(words()) }
}
