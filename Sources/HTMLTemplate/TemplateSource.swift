/// A template's text, and where its bytes are in lines and columns.
struct TemplateSource: Sendable {
    let name: String
    let bytes: [UInt8]

    /// The line and the column, both from 1, the column in code points.
    func position(of offset: Int) -> (line: Int, column: Int) {
        let start = lineStart(before: offset)
        let line = bytes[..<start].count { $0 == UInt8(ascii: "\n") }
        let column = bytes[start..<offset].count { !UTF8.isContinuation($0) }
        return (line + 1, column + 1)
    }

    /// The whole line that holds the byte at `offset`, without its line end.
    func line(around offset: Int) -> String {
        let start = lineStart(before: offset)
        var end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// The last byte that is not white space, or 0.
    var lastVisible: Int { bytes.lastIndex { !$0.isWhitespace } ?? 0 }

    private func lineStart(before offset: Int) -> Int {
        bytes[..<offset].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    }
}
