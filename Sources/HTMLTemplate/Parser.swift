/// Builds the tree of a template from its tokens, and checks all that can be checked in one file alone.
struct Parser {
    private let source: TemplateSource
    private let languages: [String]
    private var tokens: TokenReader
    private var parent: Name?
    private var blocks: [String: Node.Block] = [:]
    private var blockNames: Set<String> = []

    private init(_ source: TemplateSource, languages: [String]) throws(Diagnostic) {
        self.source = source
        self.languages = languages
        tokens = TokenReader(try Lexer.tokens(of: source))
    }

    /// - Parameter languages: those of `TemplateLibrary`.
    static func parse(
        _ source: TemplateSource, languages: [String] = []
    ) throws(TemplateError) -> ParsedTemplate {
        do {
            try checkUTF8(source.bytes)
            var parser = try Parser(source, languages: languages)
            return try parser.template()
        } catch {
            throw TemplateError(error, in: source)
        }
    }

    private static func checkUTF8(_ bytes: [UInt8]) throws(Diagnostic) {
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw Diagnostic("the template is not valid UTF-8 here", at: error.byteOffsets.lowerBound)
        }
    }

    private mutating func template() throws(Diagnostic) -> ParsedTemplate {
        let nodes = try self.nodes(of: nil, until: []).nodes
        if parent != nil { try checkOnlyBlocks(nodes) }
        return ParsedTemplate(source: source, parent: parent, nodes: nodes, blocks: blocks)
    }

    /// What an extending template has outside its blocks would never be printed.
    private func checkOnlyBlocks(_ nodes: [Node]) throws(Diagnostic) {
        for node in nodes {
            let offset: Int? =
                switch node {
                case .block: nil
                case .text(let range): range.first { !source.bytes[$0].isWhitespace }
                case .output(let path, _): path.offset
                case .parentBlock(let offset): offset
                case .choice(let branches, _): branches[0].condition.offset
                case .loop(let loop): loop.variable.offset
                case .wordings(let bodies): bodies[0].keyword.offset
                case .include(let name): name.offset
                }
            if let offset {
                throw Diagnostic("a template that extends another prints only its blocks; this is outside", at: offset)
            }
        }
    }

    /// Parses up to one of the tags `ends`, and into it as far as its keyword; `opening` is the keyword that it closes.
    private mutating func nodes(
        of opening: Name?, until ends: [String]
    ) throws(Diagnostic) -> (nodes: [Node], end: Name) {
        var nodes: [Node] = []
        while true {
            let token = tokens.next()
            switch token.kind {
            case .text(let range): nodes.append(.text(range))
            case .outputStart: nodes.append(try output())
            case .tagStart:
                let keyword = try tokens.name("the name of a tag")
                if ends.contains(keyword.text) { return (nodes, keyword) }
                switch keyword.text {
                case "if": nodes.append(try choice(keyword))
                case "for": nodes.append(try loop(keyword))
                case "block": nodes.append(try block(keyword))
                case "include": nodes.append(.include(try templateName()))
                case "extends": try extends(keyword, isFirst: opening == nil && nodes.allSatisfy(isWhitespace))
                case "elif", "else", "endif", "endfor", "endblock", "endraw":
                    throw Self.misplaced(keyword, in: opening, expected: ends)
                case languages.first: nodes.append(try wordings(keyword))
                case let text where isLanguage(text): throw misplacedLanguage(keyword, in: opening, expected: ends)
                default: throw Diagnostic("unknown tag \"\(keyword.text)\"", at: keyword.offset)
                }
            default:
                // The lexer closes what it opens, so that nothing but the end of the file is left.
                guard let opening else { return (nodes, Name(text: "", offset: token.offset)) }
                throw Diagnostic("\"\(opening.text)\" is never closed by {% end\(opening.text) %}", at: opening.offset)
            }
        }
    }

    private func isWhitespace(_ node: Node) -> Bool {
        guard case .text(let range) = node else { return false }
        return source.bytes[range].allSatisfy(\.isWhitespace)
    }

    private static func misplaced(_ keyword: Name, in opening: Name?, expected: [String]) -> Diagnostic {
        guard let opening else { return Diagnostic("\"\(keyword.text)\" closes nothing", at: keyword.offset) }
        let choices = expected.map { "\"\($0)\"" }.joined(separator: " or ")
        return Diagnostic(
            "\"\(keyword.text)\" inside \"\(opening.text)\", where \(choices) is expected", at: keyword.offset)
    }

    // MARK: Tags

    private mutating func output() throws(Diagnostic) -> Node {
        let path = try tokens.path()
        if tokens.skip(.openParenthesis) {
            guard path.text == "super" else { throw Diagnostic("unknown function \"\(path.text)\"", at: path.offset) }
            try tokens.expect(.closeParenthesis, "\")\"")
            try tokens.expect(.outputEnd, "\"}}\"")
            return .parentBlock(offset: path.offset)
        }
        var isSafe = false
        while tokens.skip(.pipe) {
            let filter = try tokens.name("the name of a filter")
            guard filter.text == "safe" else {
                throw Diagnostic("unknown filter \"\(filter.text)\"; the only one is \"safe\"", at: filter.offset)
            }
            isSafe = true
        }
        try tokens.expect(.outputEnd, "\"}}\"")
        return .output(path, isSafe: isSafe)
    }

    private mutating func choice(_ keyword: Name) throws(Diagnostic) -> Node {
        var branches: [Node.Branch] = []
        var next = keyword
        repeat {
            let condition = try tokens.condition()
            try tokens.expectTagEnd()
            let (nodes, end) = try nodes(of: keyword, until: ["elif", "else", "endif"])
            branches.append(Node.Branch(condition: condition, body: Node.Body(keyword: next, nodes: nodes)))
            next = end
        } while next.text == "elif"
        return .choice(branches, otherwise: try otherwise(after: next, of: keyword))
    }

    /// What each language says, in their order, so that none can be forgotten.
    private mutating func wordings(_ first: Name) throws(Diagnostic) -> Node {
        var bodies: [Node.Body] = []
        var keyword = first
        for next in languages.dropFirst() + ["end\(first.text)"] {
            try tokens.expectTagEnd()
            let (nodes, end) = try nodes(of: first, until: [next])
            bodies.append(Node.Body(keyword: keyword, nodes: nodes))
            keyword = end
        }
        try tokens.expectTagEnd()
        return .wordings(bodies)
    }

    private func isLanguage(_ keyword: String) -> Bool {
        languages.contains(keyword) || languages.contains { keyword == "end\($0)" }
    }

    private func misplacedLanguage(_ keyword: Name, in opening: Name?, expected: [String]) -> Diagnostic {
        if let opening, isLanguage(opening.text) { return Self.misplaced(keyword, in: opening, expected: expected) }
        return Diagnostic(
            "\"\(keyword.text)\" stands after {% \(languages[0]) %} only", at: keyword.offset)
    }

    private mutating func loop(_ keyword: Name) throws(Diagnostic) -> Node {
        let variable = try tokens.name("the name of the loop's variable")
        guard variable.text != "loop" else { throw Diagnostic("\"loop\" is the loop itself", at: variable.offset) }
        try tokens.expect(.name("in"), "\"in\"")
        let list = try tokens.path()
        try tokens.expectTagEnd()
        let (nodes, end) = try nodes(of: keyword, until: ["else", "endfor"])
        let otherwise = try self.otherwise(after: end, of: keyword)
        let body = Node.Body(keyword: keyword, nodes: nodes)
        return .loop(Node.Loop(variable: variable, list: list, body: body, otherwise: otherwise))
    }

    /// Parses what follows the keyword that ended a body: `{% else %}` and its nodes, and the end tag.
    private mutating func otherwise(after end: Name, of keyword: Name) throws(Diagnostic) -> Node.Body {
        try tokens.expectTagEnd()
        guard end.text == "else" else { return Node.Body(keyword: keyword, nodes: []) }
        let nodes = try nodes(of: keyword, until: ["end\(keyword.text)"]).nodes
        try tokens.expectTagEnd()
        return Node.Body(keyword: end, nodes: nodes)
    }

    private mutating func block(_ keyword: Name) throws(Diagnostic) -> Node {
        let name = try tokens.name("the block's name")
        guard blockNames.insert(name.text).inserted else {
            throw Diagnostic("the block \"\(name.text)\" is in this template twice", at: name.offset)
        }
        try tokens.expectTagEnd()
        let body = try nodes(of: keyword, until: ["endblock"]).nodes
        if case .name(let repeated) = tokens.current.kind {
            guard repeated == name.text else {
                throw Diagnostic(
                    "\"endblock \(repeated)\" ends the block \"\(name.text)\"", at: tokens.current.offset)
            }
            tokens.next()
        }
        try tokens.expectTagEnd()
        let block = Node.Block(name: name, body: body)
        blocks[name.text] = block
        return .block(block)
    }

    private mutating func extends(_ keyword: Name, isFirst: Bool) throws(Diagnostic) {
        guard isFirst, parent == nil else {
            throw Diagnostic("\"extends\" must come first in a template, and once", at: keyword.offset)
        }
        parent = try templateName()
    }

    private mutating func templateName() throws(Diagnostic) -> Name {
        let token = tokens.next()
        guard case .string(let name) = token.kind else {
            throw Diagnostic("expected a template's name in quotes, found \(token.description)", at: token.offset)
        }
        try tokens.expectTagEnd()
        return Name(text: name, offset: token.offset)
    }
}

extension Condition {
    fileprivate var offset: Int {
        switch self {
        case .isTrue(let path), .equal(let path, _): path.offset
        case .not(let condition), .and(let condition, _), .or(let condition, _): condition.offset
        }
    }
}
