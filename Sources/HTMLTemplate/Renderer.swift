/// Runs a program over one record.
struct Renderer {
    private struct Loop {
        let records: [TemplateRecord]
        var index = 0
    }

    private let program: Program
    /// The values of the page's own record, then those of the current record of each loop.
    private var scopes: [[TemplateValue]]
    private var loops: [Loop] = []

    init(program: Program, record: TemplateRecord) {
        self.program = program
        scopes = [record.values]
    }

    /// Appends the page, and returns its parts: of all of `out`.
    mutating func run(into out: inout [UInt8]) -> [RenderedPage.Part] {
        var parts = PageParts()
        var index = 0
        while index < program.instructions.count {
            let instruction = program.instructions[index]
            index += 1
            switch instruction {
            case .literal(let start, let end):
                program.literals.withUnsafeBufferPointer {
                    out.append(contentsOf: UnsafeBufferPointer(rebasing: $0[start..<end]))
                }
            case .escaped(let lookup): printEscaped(value(at: lookup), to: &out)
            case .safe(let lookup): printSafe(value(at: lookup), to: &out)
            case .number(let lookup):
                if case .number(let number) = value(at: lookup) { Self.append(number, to: &out) }
            case .url(let lookup):
                if case .url(let url) = value(at: lookup) { HTMLEscaping.append(url.text, to: &out) }
            case .loopIndex: Self.append(loopIndex, to: &out)
            case .part(let isShared): parts.cut(at: out.count, isShared: isShared)
            case .jump(let target): index = target
            case .branch(let test, let expected, let target):
                if holds(test) == expected { index = target }
            case .loop(let lookup, let ifEmpty):
                if case .list(let records) = value(at: lookup), let first = records.first {
                    loops.append(Loop(records: records))
                    scopes.append(first.values)
                } else {
                    index = ifEmpty
                }
            case .next(let body):
                if advanceLoop() { index = body }
            }
        }
        parts.cut(at: out.count, isShared: true)
        return parts.parts
    }

    private func value(at lookup: Lookup) -> TemplateValue {
        var value = scopes[lookup.depth][lookup.slot]
        for index in lookup.innerStart..<lookup.innerEnd {
            guard case .record(let record) = value else { return .none }
            value = record.values[program.slots[index]]
        }
        return value
    }

    // MARK: Printing

    private func printEscaped(_ value: TemplateValue, to out: inout [UInt8]) {
        switch value {
        case .text(let text): HTMLEscaping.append(text, to: &out)
        case .utf8(let bytes): bytes.withUnsafeBufferPointer { HTMLEscaping.append($0, to: &out) }
        case .number, .url, .flag, .list, .record, .none: break
        }
    }

    private func printSafe(_ value: TemplateValue, to out: inout [UInt8]) {
        switch value {
        case .text(var text): text.withUTF8 { out.append(contentsOf: $0) }
        case .utf8(let bytes): out.append(contentsOf: bytes)
        case .number, .url, .flag, .list, .record, .none: break
        }
    }

    private static func append(_ number: Int64, to out: inout [UInt8]) {
        if number < 0 { out.append(UInt8(ascii: "-")) }
        // The magnitude of the least Int64 has 19 digits.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 19) { digits in
            var start = digits.count
            var rest = number.magnitude
            repeat {
                start -= 1
                digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            out.append(contentsOf: UnsafeBufferPointer(rebasing: UnsafeBufferPointer(digits)[start...]))
        }
    }

    // MARK: Loops

    private var loopIndex: Int64 { loops.last.map { Int64($0.index + 1) } ?? 0 }

    private mutating func advanceLoop() -> Bool {
        let top = loops.count - 1
        loops[top].index += 1
        guard loops[top].index < loops[top].records.count else {
            loops.removeLast()
            scopes.removeLast()
            return false
        }
        scopes[scopes.count - 1] = loops[top].records[loops[top].index].values
        return true
    }

    // MARK: Tests

    private func holds(_ test: Test) -> Bool {
        switch test {
        case .isTrue(let lookup): isTrue(value(at: lookup))
        case .isPresent(let lookup):
            if case .none = value(at: lookup) { false } else { true }
        case .isNumber(let lookup, let number):
            if case .number(number) = value(at: lookup) { true } else { false }
        case .isText(let lookup, let start, let end): isText(value(at: lookup), program.literals[start..<end])
        case .isFirstRound: loopIndex == 1
        case .isLastRound: loops.last.map { $0.index + 1 == $0.records.count } ?? false
        case .isRound(let number): loopIndex == number
        }
    }

    private func isTrue(_ value: TemplateValue) -> Bool {
        switch value {
        case .flag(let flag): flag
        case .number(let number): number != 0
        case .text(let text): !text.utf8.isEmpty
        case .utf8(let bytes): !bytes.isEmpty
        case .list(let records): !records.isEmpty
        case .url, .record, .none: false
        }
    }

    private func isText(_ value: TemplateValue, _ expected: ArraySlice<UInt8>) -> Bool {
        switch value {
        case .text(let text): text.utf8.elementsEqual(expected)
        case .utf8(let bytes): bytes.elementsEqual(expected)
        case .number, .url, .flag, .list, .record, .none: false
        }
    }
}
