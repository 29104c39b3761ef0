/// Compiles a page: puts its includes and inherited templates together and turns all of it into one program.
struct Compiler {
    typealias Templates = [String: Result<ParsedTemplate, TemplateError>]

    private let templates: Templates
    /// The place of the page's language among the library's.
    private let language: Int
    private var program: Program
    private var resolver: Resolver
    /// The template families being compiled, each included from the one before.
    private var families: [TemplateFamily] = []
    /// Where in HTML the next instruction prints.
    private var html = HTMLPlace()

    /// Where nodes come from: the template, as its level in the innermost family, and the block around.
    private struct Place {
        let level: Int
        let block: String?
    }

    private init(_ templates: Templates, shape: TemplateShape, language: Int) {
        self.templates = templates
        self.language = language
        program = Program()
        resolver = Resolver(shape: shape)
    }

    static func compile(
        _ name: String, from templates: Templates, shape: TemplateShape, language: Int
    ) throws(TemplateError) -> Program {
        guard let page = templates[name] else { throw TemplateError(file: name, message: "there is no such template") }
        var compiler = Compiler(templates, shape: shape, language: language)
        try compiler.compile(try page.get(), includedFrom: [])
        return compiler.program
    }

    // MARK: Templates and blocks

    private var family: TemplateFamily {
        get { families[families.count - 1] }
        set { families[families.count - 1] = newValue }
    }

    private mutating func compile(
        _ template: ParsedTemplate, includedFrom trace: [TemplateError.Reference]
    ) throws(TemplateError) {
        families.append(try TemplateFamily(of: template, from: templates, includedFrom: trace))
        let begin = html
        try compile(family.root.nodes, at: Place(level: family.rootLevel, block: nil))
        try checkEnd(since: begin, of: "the template", at: family.root.source.lastVisible, level: family.rootLevel)
        try family.checkBlocksPrinted()
        families.removeLast()
    }

    private mutating func compileInclude(_ name: Name, at place: Place) throws(TemplateError) {
        let active = families.map { $0.members[0].source.name }
        if let first = active.firstIndex(of: name.text) {
            let names = active[first...] + [name.text]
            let message = "a template includes itself: \(names.joined(separator: " → "))"
            throw family.error(Diagnostic(message, at: name.offset), level: place.level)
        }
        let template = try family.find(name, named: .include, in: templates, level: place.level)
        try compile(template, includedFrom: family.trace(to: name.offset, level: place.level, as: .include))
    }

    private mutating func compile(_ block: Node.Block, at place: Place) throws(TemplateError) {
        let name = block.name.text
        guard family.openBlock(name) else {
            throw family.error(
                Diagnostic("the block \"\(name)\" is inside itself", at: block.name.offset), level: place.level)
        }
        try compileBlock(name, from: 0, usedAt: block.name, level: place.level)
        family.closeBlock()
    }

    private mutating func compileParentBlock(offset: Int, at place: Place) throws(TemplateError) {
        guard let name = place.block else {
            throw family.error(Diagnostic("\"super()\" is outside of any block", at: offset), level: place.level)
        }
        try compileBlock(
            name, from: place.level + 1, usedAt: Name(text: name, offset: offset), level: place.level)
    }

    /// Compiles the block as the first member of the family from `first` on has it.
    private mutating func compileBlock(
        _ name: String, from first: Int, usedAt use: Name, level: Int
    ) throws(TemplateError) {
        guard let definer = family.level(ofBlock: name, from: first),
            let block = family.members[definer].blocks[name]
        else { throw family.noParentBlock(use, level: level) }
        let begin = html
        try compile(block.body, at: Place(level: definer, block: name))
        try checkEnd(since: begin, of: "the block \"\(name)\"", at: block.name.offset, level: definer)
    }

    // MARK: Nodes

    private mutating func compile(_ nodes: [Node], at place: Place) throws(TemplateError) {
        for node in nodes {
            switch node {
            case .text(let range): try compileText(range, at: place)
            case .output(let path, let isSafe): try compileOutput(path, isSafe: isSafe, at: place)
            case .choice(let branches, let otherwise): try compileChoice(branches, otherwise: otherwise, at: place)
            case .loop(let loop): try compileLoop(loop, at: place)
            case .wordings(let bodies): try compile(bodies[language].nodes, at: place)
            case .include(let name): try compileInclude(name, at: place)
            case .block(let block): try compile(block, at: place)
            case .parentBlock(let offset): try compileParentBlock(offset: offset, at: place)
            }
        }
    }

    private mutating func compileText(_ range: Range<Int>, at place: Place) throws(TemplateError) {
        let bytes = family.members[place.level].source.bytes
        do {
            try html.read(range, of: bytes)
        } catch {
            throw family.error(error, level: place.level)
        }
        program.appendLiteral(bytes[range])
    }

    private mutating func compileOutput(_ path: Path, isSafe: Bool, at place: Place) throws(TemplateError) {
        do {
            let instruction = try resolver.output(path, isSafe: isSafe, in: &program)
            try html.print(instruction.printed, path)
            switch instruction.sharing {
            case .shared: program.append(instruction)
            case .personal, .sharedApart:
                program.append(.part(isShared: instruction.sharing == .sharedApart))
                program.append(instruction)
                program.append(.part(isShared: true))
            }
        } catch {
            throw family.error(error, level: place.level)
        }
    }

    private mutating func compileChoice(
        _ branches: [Node.Branch], otherwise: Node.Body, at place: Place
    ) throws(TemplateError) {
        var exits: [Int] = []
        let begin = html
        var end: HTMLPlace?
        for branch in branches {
            let skips: [Int]
            do {
                skips = try compileJumps(branch.condition, when: false)
            } catch {
                throw family.error(error, level: place.level)
            }
            html = begin
            try compile(branch.body.nodes, at: place)
            try joinEnd(of: branch.body, with: &end, level: place.level)
            exits.append(program.appendForward(.jump(0)))
            program.setTarget(of: skips)
        }
        html = begin
        try compile(otherwise.nodes, at: place)
        try joinEnd(of: otherwise, with: &end, level: place.level)
        program.setTarget(of: exits)
    }

    private mutating func compileLoop(_ loop: Node.Loop, at place: Place) throws(TemplateError) {
        let list: (lookup: Lookup, shape: TemplateShape)
        do {
            list = try resolver.list(loop.list, in: &program)
        } catch {
            throw family.error(error, level: place.level)
        }
        let start = program.appendForward(.loop(list.lookup, ifEmpty: 0))
        let body = program.appendTarget()
        resolver.openLoop(variable: loop.variable, over: list.shape)
        let begin = html
        try compile(loop.body.nodes, at: place)
        // The next round begins where this one has ended, and must be read the same.
        guard html == begin else {
            throw family.error(
                html.wrongEnd(of: "\"for\"", since: begin, at: loop.body.keyword.offset), level: place.level)
        }
        resolver.closeLoop()
        program.append(.next(body: body))
        let exit = program.appendForward(.jump(0))
        program.setTarget(of: [start])
        try compile(loop.otherwise.nodes, at: place)
        var end: HTMLPlace? = begin
        try joinEnd(of: loop.otherwise, with: &end, level: place.level)
        program.setTarget(of: [exit])
    }

    // MARK: Places in HTML

    /// Throws unless `html` is where `part` began; between the attributes of one tag counts as one place.
    private func checkEnd(
        since begin: HTMLPlace, of part: String, at offset: Int, level: Int
    ) throws(TemplateError) {
        if begin.joined(with: html) == nil {
            throw family.error(html.wrongEnd(of: part, since: begin, at: offset), level: level)
        }
    }

    /// Goes on after `body` and the branches before it, which have ended in `end`.
    private mutating func joinEnd(
        of body: Node.Body, with end: inout HTMLPlace?, level: Int
    ) throws(TemplateError) {
        if let earlier = end {
            guard let joined = earlier.joined(with: html) else {
                throw family.error(html.wrongEnd(of: body.keyword, other: earlier), level: level)
            }
            html = joined
        }
        end = html
    }

    // MARK: Conditions

    /// Compiles `condition` to branches that are taken when it comes out as `expected`; otherwise the program goes on
    /// at the next instruction. Returns the branches whose target is still to be set.
    private mutating func compileJumps(_ condition: Condition, when expected: Bool) throws(Diagnostic) -> [Int] {
        switch condition {
        case .isTrue(let path):
            let test = try resolver.truth(of: path, in: &program)
            return [program.appendForward(.branch(test, expected: expected, target: 0))]
        case .equal(let path, let literal):
            let test = try resolver.equality(of: path, and: literal, in: &program)
            return [program.appendForward(.branch(test, expected: expected, target: 0))]
        case .not(let condition): return try compileJumps(condition, when: !expected)
        case .and(let first, let second): return try compileJumps(first, second, decidedBy: false, when: expected)
        case .or(let first, let second): return try compileJumps(first, second, decidedBy: true, when: expected)
        }
    }

    /// Compiles `and`, which is decided by a first condition that is false, or `or`, decided by one that is true.
    private mutating func compileJumps(
        _ first: Condition, _ second: Condition, decidedBy decisive: Bool, when expected: Bool
    ) throws(Diagnostic) -> [Int] {
        let decided = try compileJumps(first, when: decisive)
        let rest = try compileJumps(second, when: expected)
        if expected == decisive { return decided + rest }
        program.setTarget(of: decided)
        return rest
    }
}
