/// A template with those it extends, and which of its blocks have been printed so far.
struct TemplateFamily {
    /// The template itself, what it extends, and so on to the root.
    private(set) var members: [ParsedTemplate]
    /// The includes that led to the template, innermost first.
    private let includedFrom: [TemplateError.Reference]
    /// The blocks being compiled, each inside the one before.
    private var openBlocks: [String] = []
    private var printedBlocks: Set<String> = []

    init(
        of template: ParsedTemplate, from templates: Compiler.Templates, includedFrom: [TemplateError.Reference]
    ) throws(TemplateError) {
        members = [template]
        self.includedFrom = includedFrom
        while let parent = root.parent {
            guard !members.contains(where: { $0.source.name == parent.text }) else {
                let names = members.map(\.source.name) + [parent.text]
                throw error(
                    Diagnostic("a template extends itself: \(names.joined(separator: " → "))", at: parent.offset),
                    level: rootLevel)
            }
            members.append(try find(parent, named: .extends, in: templates, level: rootLevel))
        }
        try checkBlocksOverride()
    }

    var rootLevel: Int { members.count - 1 }
    var root: ParsedTemplate { members[rootLevel] }

    /// Looks up a template that the member at `level` names.
    func find(
        _ name: Name, named relation: TemplateError.Reference.Relation, in templates: Compiler.Templates, level: Int
    ) throws(TemplateError) -> ParsedTemplate {
        switch templates[name.text] {
        case nil: throw error(Diagnostic("there is no template \"\(name.text)\"", at: name.offset), level: level)
        case .success(let template): return template
        case .failure(var error):
            error.trace = trace(to: name.offset, level: level, as: relation)
            throw error
        }
    }

    // MARK: Blocks

    /// The member nearest to the page that has the block, from `level` on.
    func level(ofBlock name: String, from level: Int = 0) -> Int? {
        members[level...].firstIndex { $0.blocks[name] != nil }
    }

    /// Notes that a block is being printed; false when it is inside itself.
    mutating func openBlock(_ name: String) -> Bool {
        guard !openBlocks.contains(name) else { return false }
        openBlocks.append(name)
        printedBlocks.insert(name)
        return true
    }

    mutating func closeBlock() { openBlocks.removeLast() }

    private func checkBlocksOverride() throws(TemplateError) {
        for level in 0..<rootLevel {
            for case .block(let block) in members[level].nodes
            where self.level(ofBlock: block.name.text, from: level + 1) == nil {
                throw noParentBlock(block.name, level: level)
            }
        }
    }

    /// Checks that every block of the template is printed: one may be there only inside another that was replaced.
    func checkBlocksPrinted() throws(TemplateError) {
        let names = members[0].blocks.values.map(\.name).sorted { $0.offset < $1.offset }
        if let name = names.first(where: { !printedBlocks.contains($0.text) }) {
            let message = "the block \"\(name.text)\" is never printed: the block around it is replaced"
            throw error(Diagnostic(message, at: name.offset), level: 0)
        }
    }

    func noParentBlock(_ name: Name, level: Int) -> TemplateError {
        error(
            Diagnostic("no template that this one extends has a block \"\(name.text)\"", at: name.offset), level: level)
    }

    // MARK: Errors

    func error(_ diagnostic: Diagnostic, level: Int) -> TemplateError {
        TemplateError(diagnostic, in: members[level].source, trace: trace(level: level))
    }

    /// The way to a template that the member at `level` names at `offset`.
    func trace(
        to offset: Int, level: Int, as relation: TemplateError.Reference.Relation
    ) -> [TemplateError.Reference] {
        let source = members[level].source
        let position = source.position(of: offset)
        let reference = TemplateError.Reference(
            relation: relation, file: source.name, line: position.line, column: position.column)
        return [reference] + trace(level: level)
    }

    /// The way to the member at `level`.
    private func trace(level: Int) -> [TemplateError.Reference] {
        guard level > 0, let parent = members[level - 1].parent else { return includedFrom }
        return trace(to: parent.offset, level: level - 1, as: .extends)
    }
}
