/// Cuts a template into tokens, and does the white-space control: what it drops is in no token.
///
/// White space goes as in Jinja2 with `trim_blocks` and `lstrip_blocks`: the newline right after a tag or comment and
/// the blanks before one that begins its line are dropped, `-` inside a delimiter drops all white space beside it.
struct Lexer {
    private enum Delimiter {
        case output, tag, comment

        var opening: StaticString {
            switch self {
            case .output: "{{"
            case .tag: "{%"
            case .comment: "{#"
            }
        }

        var closing: StaticString {
            switch self {
            case .output: "}}"
            case .tag: "%}"
            case .comment: "#}"
            }
        }
    }

    private var cursor: TemplateCursor
    private var tokens: [Token] = []

    /// The tokens of `source`, the last of them `endOfFile`.
    static func tokens(of source: TemplateSource) throws(Diagnostic) -> [Token] {
        var lexer = Lexer(cursor: TemplateCursor(source.bytes))
        try lexer.run()
        return lexer.tokens
    }

    private mutating func run() throws(Diagnostic) {
        var textStart = 0
        while let (open, delimiter) = nextOpening() {
            appendText(from: textStart, to: open, before: delimiter)
            cursor.index = open + 2
            if delimiter == .comment {
                try skipComment(from: open)
            } else {
                try lexInside(delimiter, from: open)
            }
            textStart = cursor.index
        }
        appendText(textStart..<cursor.bytes.count)
        tokens.append(Token(kind: .endOfFile, offset: cursor.bytes.count))
    }

    // MARK: Text between delimiters

    private func nextOpening() -> (offset: Int, delimiter: Delimiter)? {
        var start = cursor.index
        while let brace = cursor.bytes[start...].firstIndex(of: UInt8(ascii: "{")), brace + 1 < cursor.bytes.count {
            switch cursor.bytes[brace + 1] {
            case UInt8(ascii: "{"): return (brace, .output)
            case UInt8(ascii: "%"): return (brace, .tag)
            case UInt8(ascii: "#"): return (brace, .comment)
            default: start = brace + 1
            }
        }
        return nil
    }

    private mutating func appendText(_ range: Range<Int>) {
        if !range.isEmpty { tokens.append(Token(kind: .text(range), offset: range.lowerBound)) }
    }

    private mutating func appendText(from start: Int, to open: Int, before delimiter: Delimiter) {
        var end = open
        if cursor.byte(at: open + 2) == UInt8(ascii: "-") {
            while end > start, cursor.bytes[end - 1].isWhitespace { end -= 1 }
        } else if delimiter != .output {
            while end > start, cursor.bytes[end - 1].isBlank { end -= 1 }
            let beginsLine = end == 0 || cursor.bytes[end - 1] == UInt8(ascii: "\n")
            if !beginsLine { end = open }
        }
        appendText(start..<end)
    }

    /// Steps over the white space that goes with the delimiter just read.
    private mutating func trim(after delimiter: Delimiter, dash: Bool) {
        if dash {
            cursor.skipWhitespace()
        } else if delimiter != .output {
            if !cursor.skip("\n") { cursor.skip("\r\n") }
        }
    }

    private mutating func skipComment(from open: Int) throws(Diagnostic) {
        while !cursor.startsWith(Delimiter.comment.closing) {
            guard !cursor.isAtEnd else { throw Self.unclosed(.comment, at: open) }
            cursor.index += 1
        }
        let dash = cursor.index > open + 2 && cursor.bytes[cursor.index - 1] == UInt8(ascii: "-")
        cursor.index += 2
        trim(after: .comment, dash: dash)
    }

    /// Reads up to `{% endraw %}` as text; the `raw` tag has just been read.
    private mutating func lexRaw(keyword: Int) throws(Diagnostic) {
        let textStart = cursor.index
        while !cursor.isAtEnd {
            let open = cursor.index
            guard cursor.skip(Delimiter.tag.opening) else {
                cursor.index += 1
                continue
            }
            cursor.skip("-")
            cursor.skipWhitespace()
            if cursor.skip("endraw") {
                cursor.skipWhitespace()
                let dash = cursor.skip("-")
                if cursor.skip(Delimiter.tag.closing) {
                    appendText(from: textStart, to: open, before: .tag)
                    return trim(after: .tag, dash: dash)
                }
            }
            cursor.index = open + 2
        }
        throw Diagnostic("\"raw\" is never closed by {% endraw %}", at: keyword)
    }

    // MARK: Inside {{ }} and {% %}

    private mutating func lexInside(_ delimiter: Delimiter, from open: Int) throws(Diagnostic) {
        let first = tokens.count
        tokens.append(Token(kind: delimiter == .output ? .outputStart : .tagStart, offset: open))
        cursor.skip("-")
        while true {
            cursor.skipWhitespace()
            guard !cursor.isAtEnd else { throw Self.unclosed(delimiter, at: open) }
            let offset = cursor.index
            let dash = cursor.skip("-")
            if cursor.skip(delimiter.closing) {
                tokens.append(Token(kind: delimiter == .output ? .outputEnd : .tagEnd, offset: offset))
                trim(after: delimiter, dash: dash)
                break
            }
            cursor.index = offset
            let wrong: Delimiter = delimiter == .output ? .tag : .output
            if cursor.startsWith(wrong.closing) {
                throw Diagnostic("expected \"\(delimiter.closing)\", found \"\(wrong.closing)\"", at: offset)
            }
            tokens.append(Token(kind: try lexWord(), offset: offset))
        }
        if tokens.count == first + 3, tokens[first].kind == .tagStart, tokens[first + 1].kind == .name("raw") {
            let keyword = tokens[first + 1].offset
            tokens.removeLast(3)
            try lexRaw(keyword: keyword)
        }
    }

    private mutating func lexWord() throws(Diagnostic) -> Token.Kind {
        if cursor.skip(".") { return .dot }
        if cursor.skip("|") { return .pipe }
        if cursor.skip("(") { return .openParenthesis }
        if cursor.skip(")") { return .closeParenthesis }
        if cursor.skip("==") { return .equal }
        if cursor.skip("!=") { return .notEqual }
        switch cursor.bytes[cursor.index] {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return try lexString()
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): return try lexInteger()
        case let byte where byte.isNameByte: return .name(cursor.takeName())
        default: throw unexpectedCharacter()
        }
    }

    private mutating func lexInteger() throws(Diagnostic) -> Token.Kind {
        let start = cursor.index
        let sign = cursor.skip("-") ? "-" : ""
        let digits = cursor.takeName()
        guard !digits.isEmpty else {
            cursor.index = start
            throw unexpectedCharacter()
        }
        guard let value = Int64(sign + digits) else {
            throw Diagnostic("\"\(sign)\(digits)\" is no 64-bit integer", at: start)
        }
        return .integer(value)
    }

    private mutating func lexString() throws(Diagnostic) -> Token.Kind {
        let start = cursor.index
        let quote = cursor.bytes[start]
        var content: [UInt8] = []
        cursor.index += 1
        while let byte = cursor.current, byte != quote, byte != UInt8(ascii: "\n") {
            if cursor.skip("\\") {
                guard let escaped = cursor.byte(at: cursor.index), [quote, UInt8(ascii: "\\")].contains(escaped) else {
                    throw Diagnostic("in a string \"\\\" stands only before a quote or itself", at: cursor.index - 1)
                }
            }
            content.append(cursor.bytes[cursor.index])
            cursor.index += 1
        }
        guard cursor.current == quote else { throw Diagnostic("the string is not closed on its line", at: start) }
        cursor.index += 1
        return .string(String(decoding: content, as: UTF8.self))
    }

    private static func unclosed(_ delimiter: Delimiter, at offset: Int) -> Diagnostic {
        Diagnostic("\"\(delimiter.opening)\" is never closed by \"\(delimiter.closing)\"", at: offset)
    }

    private func unexpectedCharacter() -> Diagnostic {
        let next = cursor.bytes[(cursor.index + 1)...].firstIndex { !UTF8.isContinuation($0) } ?? cursor.bytes.count
        let character = String(decoding: cursor.bytes[cursor.index..<next], as: UTF8.self)
        return Diagnostic("unexpected \"\(character)\" inside a tag", at: cursor.index)
    }
}
