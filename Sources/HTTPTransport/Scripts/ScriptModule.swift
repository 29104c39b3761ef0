/// A script that may be joined with others: what it takes from them, and what it declares at its top level.
///
/// Of ECMAScript's ways to import and export it has one each, `import { a, b } from "./x.js";` and `export` before a
/// declaration, so that a name is the same in all modules, and nothing has to be renamed when they are joined.
struct ScriptModule {
    struct Import: Equatable {
        /// The module's path, made from the importing one's.
        let path: String
        let names: [String]
        let line: Int
    }

    struct Declaration: Equatable {
        let name: String
        let isExported: Bool
        let line: Int
    }

    let path: String
    private(set) var imports: [Import] = []
    private(set) var declarations: [Declaration] = []
    /// The script without its imports, and without `export`.
    private(set) var content: [UInt8] = []

    private let bytes: [UInt8]
    private let tokens: [ScriptToken]

    /// - Parameters:
    ///   - bytes: the script, in UTF-8.
    ///   - path: where it is, such as `/js/chat.js`.
    init(_ bytes: [UInt8], path: String) throws(ScriptError) {
        self.path = path
        self.bytes = bytes
        tokens = try ScriptScanner.tokens(of: bytes, path: path)
        var removed: [Range<Int>] = []
        for index in tokens.indices where tokens[index].kind == .word && !isWord(".", at: index - 1) {
            switch text(index) {
            case "import": removed.append(try takeImport(index))
            case "export": removed.append(try takeExport(index))
            case "var":
                throw error(index, "var declares a name beyond its block: use const or let")
            case "const", "let", "class", "function", "async":
                try takeDeclaration(index)
            default: break
            }
        }
        var end = 0
        for range in removed {
            content += bytes[end..<range.lowerBound]
            end = range.upperBound
        }
        content += bytes[end...]
    }

    // MARK: Statements

    /// Whether a statement of the top level begins there, also where the one before has no semicolon.
    private func isStatement(_ index: Int) -> Bool {
        guard tokens[index].depth == 0 else { return false }
        guard index > 0 else { return true }
        let before = tokens[index - 1]
        return before.isMark(";") || ScriptScanner.endsValue(before, in: bytes)
    }

    private mutating func takeImport(_ index: Int) throws(ScriptError) -> Range<Int> {
        let rule = error(index, "an import has to be like import { a, b } from \"./x.js\"; at the top level")
        guard isStatement(index), isWord("{", at: index + 1) else { throw rule }
        var names: [String] = []
        var next = index + 2
        while !isWord("}", at: next) {
            guard next < tokens.count, tokens[next].kind == .word else { throw rule }
            if isWord("as", at: next + 1) { throw error(next, "\(text(next)) must not be renamed by an import") }
            if text(next) == "default" { throw rule }
            names.append(text(next))
            next += 1
            if isWord(",", at: next) { next += 1 } else if !isWord("}", at: next) { throw rule }
        }
        guard isWord("from", at: next + 1), next + 2 < tokens.count, tokens[next + 2].kind == .string,
            isWord(";", at: next + 3), let target = target(next + 2)
        else { throw rule }
        imports.append(Import(path: target, names: names, line: line(index)))
        let start = tokens[index].range.lowerBound
        let end = tokens[next + 3].range.upperBound
        // With the end of its line, if nothing else is there.
        return start..<(end < bytes.count && bytes[end] == UInt8(ascii: "\n") ? end + 1 : end)
    }

    /// What the string, in its quotes, names beside this module; nil when it is of another form.
    private func target(_ index: Int) -> String? {
        let specifier = text(index).dropFirst().dropLast()
        guard specifier.hasPrefix("./"), specifier.hasSuffix(".js") else { return nil }
        let name = specifier.dropFirst(2)
        guard !name.hasPrefix("."), !name.contains("/"), !name.contains("\\") else { return nil }
        return (path.split(separator: "/").dropLast().map { "/\($0)" } + ["/\(name)"]).joined()
    }

    private func takeExport(_ index: Int) throws(ScriptError) -> Range<Int> {
        let declares = ["const", "let", "class", "function", "async"].contains { isWord($0, at: index + 1) }
        guard isStatement(index), declares else {
            throw error(index, "an export has to stand before const, let, class, function or async function")
        }
        return tokens[index].range.lowerBound..<tokens[index + 1].range.lowerBound
    }

    private mutating func takeDeclaration(_ index: Int) throws(ScriptError) {
        let isExported = isWord("export", at: index - 1)
        guard tokens[index].depth == 0, isExported || isStatement(index) else { return }
        var next = index + 1
        switch text(index) {
        case "async":
            // Else it is an arrow function, or a name; "function" that follows would be taken for a statement of its own.
            guard isWord("function", at: next) else { return }
            return try declare(isWord("*", at: next + 1) ? next + 2 : next + 1, isExported)
        case "function":
            if isWord("async", at: index - 1) { return }
            if isWord("*", at: next) { next += 1 }
            try declare(next, isExported)
        case "class":
            try declare(next, isExported)
        default:
            try declare(next, isExported)
            let end = tokens[next...].firstIndex { $0.depth == 0 && $0.isMark(";") } ?? tokens.endIndex
            if let comma = tokens[next..<end].firstIndex(where: { $0.depth == 0 && $0.isMark(",") }) {
                throw error(comma, "a declaration at the top level has one name, and ends with a semicolon")
            }
        }
    }

    private mutating func declare(_ index: Int, _ isExported: Bool) throws(ScriptError) {
        guard index < tokens.count, tokens[index].kind == .word else {
            throw error(index - 1, "a declaration at the top level has one name")
        }
        declarations.append(Declaration(name: text(index), isExported: isExported, line: line(index)))
    }

    // MARK: Tokens

    private func text(_ index: Int) -> String { String(decoding: bytes[tokens[index].range], as: UTF8.self) }

    /// Whether that token is there and spelt so.
    private func isWord(_ spelling: String, at index: Int) -> Bool {
        tokens.indices.contains(index) && bytes[tokens[index].range].elementsEqual(spelling.utf8)
    }

    private func line(_ index: Int) -> Int { ScriptScanner.line(of: tokens[index].range.lowerBound, in: bytes) }

    private func error(_ index: Int, _ reason: String) -> ScriptError {
        ScriptError(path: path, line: line(index), reason: reason)
    }
}
