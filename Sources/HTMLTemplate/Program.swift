/// A compiled page: its instructions and what they refer to.
struct Program: Sendable {
    private(set) var instructions: [Instruction] = []
    /// The fixed text of all instructions, one after the other.
    private(set) var literals: [UInt8] = []
    /// The inner slots of all lookups, one after the other.
    private(set) var slots: [Int] = []
    /// Instructions before this one may be jumped over, so that text that follows must not join theirs.
    private var lastTarget = 0

    /// Appends the page, and returns its parts.
    @discardableResult func render(_ record: TemplateRecord, into out: inout [UInt8]) -> [RenderedPage.Part] {
        var renderer = Renderer(program: self, record: record)
        return renderer.run(into: &out)
    }

    // MARK: Building

    mutating func append(_ instruction: Instruction) { instructions.append(instruction) }

    mutating func appendLiteral(_ bytes: some Collection<UInt8>) {
        guard !bytes.isEmpty else { return }
        let text = addText(bytes)
        if instructions.count > lastTarget, case .literal(let start, text.start) = instructions.last {
            instructions[instructions.count - 1] = .literal(start: start, end: text.end)
        } else {
            instructions.append(.literal(start: text.start, end: text.end))
        }
    }

    mutating func addText(_ bytes: some Collection<UInt8>) -> (start: Int, end: Int) {
        let start = literals.count
        literals.append(contentsOf: bytes)
        return (start, literals.count)
    }

    mutating func addInnerSlots(_ inner: [Int]) -> (start: Int, end: Int) {
        let start = slots.count
        slots.append(contentsOf: inner)
        return (start, slots.count)
    }

    /// Appends an instruction whose target is not known yet, and returns its index for `setTarget`.
    mutating func appendForward(_ instruction: Instruction) -> Int {
        instructions.append(instruction)
        return instructions.count - 1
    }

    /// Returns the index of the next instruction, for jumps back to it.
    mutating func appendTarget() -> Int {
        lastTarget = instructions.count
        return lastTarget
    }

    /// Makes the instructions at `indices` go to the next instruction to be appended.
    mutating func setTarget(of indices: [Int]) {
        let end = appendTarget()
        for index in indices {
            switch instructions[index] {
            case .jump: instructions[index] = .jump(end)
            case .branch(let test, let expected, _):
                instructions[index] = .branch(test, expected: expected, target: end)
            case .loop(let lookup, _): instructions[index] = .loop(lookup, ifEmpty: end)
            case .literal, .escaped, .safe, .number, .url, .loopIndex, .part, .next:
                preconditionFailure("instruction without a target")
            }
        }
    }
}
