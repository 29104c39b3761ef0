/// Finds the names of a template in the scopes around them, and checks that their kinds fit their use.
struct Resolver {
    /// What a path stands for.
    enum Operand {
        case field(Lookup, TemplateKind)
        case loopIndex, loopFirst, loopLast
    }

    /// A record whose fields can be reached: the page's own, which has no name, or that of a loop's variable.
    private struct Scope {
        let variable: String?
        let shape: TemplateShape
    }

    private var scopes: [Scope]

    init(shape: TemplateShape) { scopes = [Scope(variable: nil, shape: shape)] }

    mutating func openLoop(variable: Name, over shape: TemplateShape) {
        scopes.append(Scope(variable: variable.text, shape: shape))
    }

    mutating func closeLoop() { scopes.removeLast() }

    /// Resolves `path`; the inner slots of what it finds go into `program`.
    func resolve(_ path: Path, in program: inout Program) throws(Diagnostic) -> Operand {
        let first = path.parts[0]
        if let depth = scopes.lastIndex(where: { $0.variable == first.text }) {
            return try resolve(path.parts.dropFirst(), of: first, in: scopes[depth].shape, depth: depth, &program)
        }
        if first.text == "loop", scopes.count > 1 { return try resolveLoop(path) }
        guard scopes[0].shape.slot(of: first.text) != nil else {
            let names = scopes.dropFirst().compactMap(\.variable) + [scopes[0].shape.names]
            throw Diagnostic(
                "unknown name \"\(first.text)\"; known here: \(names.joined(separator: ", "))", at: first.offset)
        }
        return try resolve(path.parts[...], of: first, in: scopes[0].shape, depth: 0, &program)
    }

    private func resolveLoop(_ path: Path) throws(Diagnostic) -> Operand {
        switch path.text {
        case "loop.index": return .loopIndex
        case "loop.first": return .loopFirst
        case "loop.last": return .loopLast
        default:
            throw Diagnostic(
                "unknown \"\(path.text)\"; there are loop.index, loop.first and loop.last", at: path.offset)
        }
    }

    /// Follows `names` from a record of `shape`, which is what `owner` names.
    private func resolve(
        _ names: ArraySlice<Name>, of owner: Name, in shape: TemplateShape, depth: Int, _ program: inout Program
    ) throws(Diagnostic) -> Operand {
        var slots: [Int] = []
        var owner = owner
        var kind = TemplateKind.record(shape)
        var sharing = TemplateSharing.shared
        for name in names {
            let fields: TemplateShape
            switch kind {
            case .record(let shape), .optionalRecord(let shape): fields = shape
            default: throw Diagnostic("\"\(owner.text)\" is \(kind) and has no fields", at: name.offset)
            }
            guard let slot = fields.slot(of: name.text) else {
                throw Diagnostic(
                    "\"\(owner.text)\" has no field \"\(name.text)\"; it has: \(fields.names)", at: name.offset)
            }
            slots.append(slot)
            kind = fields.fields[slot].kind
            sharing = fields.fields[slot].sharing
            owner = name
        }
        if case .record(let shape) = kind {
            throw Diagnostic("\"\(owner.text)\" is a record; name one of its fields: \(shape.names)", at: owner.offset)
        }
        let inner = program.addInnerSlots(Array(slots.dropFirst()))
        let lookup = Lookup(
            depth: depth, slot: slots[0], innerStart: inner.start, innerEnd: inner.end, sharing: sharing)
        return .field(lookup, kind)
    }
}

// MARK: Uses

extension Resolver {
    /// The instruction that prints `path`.
    func output(_ path: Path, isSafe: Bool, in program: inout Program) throws(Diagnostic) -> Instruction {
        switch try resolve(path, in: &program) {
        case .field(let lookup, .text), .field(let lookup, .optionalText):
            return isSafe ? .safe(lookup) : .escaped(lookup)
        case .field(_, .number) where isSafe, .loopIndex where isSafe:
            throw Diagnostic("\"\(path.text)\" is a number; \"safe\" is for text", at: path.offset)
        case .field(_, .url) where isSafe:
            throw Diagnostic("\"\(path.text)\" is a URL; \"safe\" is for text", at: path.offset)
        case .field(let lookup, .number): return .number(lookup)
        case .field(let lookup, .url): return .url(lookup)
        case .loopIndex: return .loopIndex
        case .field(_, let kind):
            throw Diagnostic("\"\(path.text)\" is \(kind) and cannot be printed", at: path.offset)
        case .loopFirst, .loopLast:
            throw Diagnostic("\"\(path.text)\" is a flag and cannot be printed", at: path.offset)
        }
    }

    /// The test whether `path` is true.
    func truth(of path: Path, in program: inout Program) throws(Diagnostic) -> Test {
        switch try resolve(path, in: &program) {
        case .field(let lookup, .optionalText), .field(let lookup, .optionalRecord): return .isPresent(lookup)
        // There, unless the record around it is not.
        case .field(let lookup, .url): return .isPresent(lookup)
        case .field(let lookup, _): return .isTrue(lookup)
        case .loopFirst: return .isFirstRound
        case .loopLast: return .isLastRound
        case .loopIndex: throw Diagnostic("\"loop.index\" is always true; compare it", at: path.offset)
        }
    }

    /// The test whether `path` is `literal`.
    func equality(of path: Path, and literal: Literal, in program: inout Program) throws(Diagnostic) -> Test {
        let operand = try resolve(path, in: &program)
        switch (operand, literal) {
        case (.field(let lookup, .text), .string(let text)), (.field(let lookup, .optionalText), .string(let text)):
            let range = program.addText(text.utf8)
            return .isText(lookup, start: range.start, end: range.end)
        case (.field(let lookup, .number), .integer(let number)): return .isNumber(lookup, number)
        case (.loopIndex, .integer(let number)): return .isRound(number)
        default:
            let kind: TemplateKind =
                switch operand {
                case .field(_, let kind): kind
                case .loopIndex: .number
                case .loopFirst, .loopLast: .flag
                }
            let other = if case .string = literal { "a string" } else { "an integer" }
            throw Diagnostic("\"\(path.text)\" is \(kind) and cannot equal \(other)", at: path.offset)
        }
    }

    /// Where the records of the list `path` are, and their shape.
    func list(_ path: Path, in program: inout Program) throws(Diagnostic) -> (lookup: Lookup, shape: TemplateShape) {
        let kind: TemplateKind
        switch try resolve(path, in: &program) {
        case .field(let lookup, .list(let shape)): return (lookup, shape)
        case .field(_, let other): kind = other
        case .loopIndex: kind = .number
        case .loopFirst, .loopLast: kind = .flag
        }
        throw Diagnostic("\"\(path.text)\" is \(kind), not a list to loop over", at: path.offset)
    }
}
