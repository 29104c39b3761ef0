/// Reads tokens one after the other, and the names and conditions that they make inside a tag.
struct TokenReader {
    private let tokens: [Token]
    private var index = 0

    /// Starts at the first of `tokens`, the last of which is `endOfFile`.
    init(_ tokens: [Token]) { self.tokens = tokens }

    var current: Token { tokens[index] }

    /// Returns the current token and steps over it, but never over the end of the file.
    @discardableResult
    mutating func next() -> Token {
        let token = tokens[index]
        if index + 1 < tokens.count { index += 1 }
        return token
    }

    mutating func skip(_ kind: Token.Kind) -> Bool {
        guard current.kind == kind else { return false }
        next()
        return true
    }

    mutating func expect(_ kind: Token.Kind, _ wanted: String) throws(Diagnostic) {
        guard skip(kind) else { throw unexpected(wanted) }
    }

    mutating func expectTagEnd() throws(Diagnostic) { try expect(.tagEnd, "\"%}\"") }

    mutating func name(_ wanted: String) throws(Diagnostic) -> Name {
        guard case .name(let text) = current.kind, !["and", "or", "not", "in"].contains(text) else {
            throw unexpected(wanted)
        }
        return Name(text: text, offset: next().offset)
    }

    mutating func path() throws(Diagnostic) -> Path {
        var parts = [try name("a name")]
        while skip(.dot) { parts.append(try name("a name after \".\"")) }
        return Path(parts: parts)
    }

    /// `or` binds least, then `and`, then `not`, then a comparison.
    mutating func condition() throws(Diagnostic) -> Condition {
        var condition = try conjunction()
        while skip(.name("or")) { condition = .or(condition, try conjunction()) }
        return condition
    }

    private mutating func conjunction() throws(Diagnostic) -> Condition {
        var condition = try negation()
        while skip(.name("and")) { condition = .and(condition, try negation()) }
        return condition
    }

    private mutating func negation() throws(Diagnostic) -> Condition {
        if skip(.name("not")) { return .not(try negation()) }
        if skip(.openParenthesis) {
            let condition = try condition()
            try expect(.closeParenthesis, "\")\"")
            return condition
        }
        let path = try path()
        if skip(.equal) { return .equal(path, try literal()) }
        if skip(.notEqual) { return .not(.equal(path, try literal())) }
        return .isTrue(path)
    }

    private mutating func literal() throws(Diagnostic) -> Literal {
        switch current.kind {
        case .string(let text):
            next()
            return .string(text)
        case .integer(let value):
            next()
            return .integer(value)
        default: throw unexpected("a string or an integer")
        }
    }

    private func unexpected(_ wanted: String) -> Diagnostic {
        Diagnostic("expected \(wanted), found \(current.description)", at: current.offset)
    }
}
