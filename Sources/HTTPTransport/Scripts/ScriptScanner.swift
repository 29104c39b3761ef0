/// A piece of a script between white space and comments (ECMAScript 2024, section 12).
struct ScriptToken: Equatable {
    enum Kind: Equatable {
        /// A name or a keyword.
        case word
        case string
        /// A number, a template or a regular expression.
        case value
        /// A punctuator's character: of `=>` each of the two.
        case mark(UInt8)
    }

    let kind: Kind
    /// Its bytes in the script.
    let range: Range<Int>
    /// How many brackets are open around it; for a bracket those around its pair.
    let depth: Int

    func isMark(_ character: Unicode.Scalar) -> Bool { kind == .mark(UInt8(ascii: character)) }
}

/// Cuts a script into tokens, so far as it takes to know what stands at its top level.
///
/// Whether a `/` divides or begins a regular expression only a whole parser knows. Here it begins one where no value comes
/// before it; an expression after the `)` of an `if` is taken for a division. What that makes of the rest has brackets
/// that do not fit, or a string that does not end, which is an error.
struct ScriptScanner {
    private let path: String
    private let bytes: [UInt8]
    private var position = 0
    private var tokens: [ScriptToken] = []
    /// What is open, as the byte that opened it and where; `$` for a template's `${`.
    private var open: [(byte: UInt8, start: Int)] = []

    private init(_ bytes: [UInt8], path: String) {
        self.bytes = bytes
        self.path = path
    }

    static func tokens(of bytes: [UInt8], path: String) throws(ScriptError) -> [ScriptToken] {
        var scanner = ScriptScanner(bytes, path: path)
        while scanner.position < bytes.count { try scanner.step() }
        if let last = scanner.open.last {
            throw scanner.error(at: last.start, "the bracket that opens here is not closed")
        }
        return scanner.tokens
    }

    /// The line of a script that has this byte, counted from 1.
    static func line(of position: Int, in bytes: [UInt8]) -> Int {
        1 + bytes[..<position].count { $0 == UInt8(ascii: "\n") }
    }

    /// Whether a value may end with this token, so that no other one can follow it.
    static func endsValue(_ token: ScriptToken, in bytes: [UInt8]) -> Bool {
        switch token.kind {
        case .string, .value: true
        case .mark(let byte): ")]}".utf8.contains(byte)
        case .word: !beforeValues.contains(String(decoding: bytes[token.range], as: UTF8.self))
        }
    }

    private static let beforeValues: Set = [
        "await", "case", "delete", "do", "else", "extends", "in", "instanceof", "new", "of", "return", "throw",
        "typeof",
        "void", "yield",
    ]

    private mutating func step() throws(ScriptError) {
        switch bytes[position] {
        case let byte where byte.isWhiteSpace: position += 1
        case UInt8(ascii: "/"): try slash()
        case UInt8(ascii: "\""), UInt8(ascii: "'"): try string()
        case UInt8(ascii: "`"):
            add(.value, to: position + 1)
            try template()
        case let byte where byte.isOfScriptWord:
            let end = bytes[position...].firstIndex { !$0.isOfScriptWord } ?? bytes.count
            add((UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? .value : .word, to: end)
        case let byte where "([{".utf8.contains(byte):
            add(.mark(byte), to: position + 1)
            open.append((byte, position - 1))
        case let byte where ")]}".utf8.contains(byte): try close(byte)
        case let byte: add(.mark(byte), to: position + 1)
        }
    }

    private mutating func add(_ kind: ScriptToken.Kind, to end: Int) {
        tokens.append(ScriptToken(kind: kind, range: position..<end, depth: open.count))
        position = end
    }

    private mutating func close(_ byte: UInt8) throws(ScriptError) {
        let opening: [UInt8: String] = [UInt8(ascii: ")"): "(", UInt8(ascii: "]"): "[", UInt8(ascii: "}"): "{$"]
        guard let last = open.popLast(), opening[byte]?.utf8.contains(last.byte) == true else {
            throw error(at: position, "no bracket is open that this one would close")
        }
        guard last.byte == UInt8(ascii: "$") else { return add(.mark(byte), to: position + 1) }
        position += 1
        try template()
    }

    private mutating func slash() throws(ScriptError) {
        let rest = bytes[position...]
        if rest.starts(with: "//".utf8) {
            position = rest.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        } else if rest.starts(with: "/*".utf8) {
            var end = position + 2
            while !bytes[end...].starts(with: "*/".utf8) {
                guard end < bytes.count else { throw error(at: position, "the comment does not end") }
                end += 1
            }
            position = end + 2
        } else if let last = tokens.last, Self.endsValue(last, in: bytes) {
            add(.mark(UInt8(ascii: "/")), to: position + 1)
        } else {
            try regularExpression()
        }
    }

    private mutating func regularExpression() throws(ScriptError) {
        var end = position + 1
        var isInClass = false
        while let byte = at(end), byte != UInt8(ascii: "\n"), isInClass || byte != UInt8(ascii: "/") {
            if byte == UInt8(ascii: "[") { isInClass = true }
            if byte == UInt8(ascii: "]") { isInClass = false }
            end += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        guard at(end) == UInt8(ascii: "/") else {
            throw error(at: position, "the regular expression does not end in its line")
        }
        add(.value, to: end + 1)
    }

    private mutating func string() throws(ScriptError) {
        var end = position + 1
        while let byte = at(end), byte != UInt8(ascii: "\n"), byte != bytes[position] {
            end += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        guard at(end) == bytes[position] else { throw error(at: position, "the string does not end in its line") }
        add(.string, to: end + 1)
    }

    /// Goes on in a template's text, to its end or to the next `${`.
    private mutating func template() throws(ScriptError) {
        let start = position - 1
        while let byte = at(position) {
            switch byte {
            case UInt8(ascii: "\\"): position += 2
            case UInt8(ascii: "`"):
                position += 1
                return
            case UInt8(ascii: "$") where at(position + 1) == UInt8(ascii: "{"):
                open.append((UInt8(ascii: "$"), position))
                position += 2
                return
            default: position += 1
            }
        }
        throw error(at: start, "the template does not end")
    }

    private func at(_ position: Int) -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private func error(at position: Int, _ reason: String) -> ScriptError {
        ScriptError(path: path, line: Self.line(of: position, in: bytes), reason: reason)
    }
}

extension UInt8 {
    fileprivate var isWhiteSpace: Bool { self == 0x20 || (0x09...0x0d).contains(self) }

    /// A byte of a name or a number, as far as it tells them from what stands around them.
    fileprivate var isOfScriptWord: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
            true
        default: false
        }
    }
}
