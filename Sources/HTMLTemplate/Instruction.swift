/// One step of a compiled page. Every case is plain data, so that running a step neither allocates nor counts references.
enum Instruction {
    /// Prints a part of the program's fixed text.
    case literal(start: Int, end: Int)
    /// Prints a text escaped, a text as it is, a number, or a checked URL escaped; and no value of another kind, since
    /// that might not fit the place.
    case escaped(Lookup)
    case safe(Lookup)
    case number(Lookup)
    case url(Lookup)
    /// Prints the number of the current round of the innermost loop.
    case loopIndex
    /// Begins another part of the page.
    case part(isShared: Bool)
    /// Goes on at another instruction.
    case jump(Int)
    /// Goes on at another instruction if the test comes out as expected.
    case branch(Test, expected: Bool, target: Int)
    /// Opens a loop's scope with its first record, or goes on at another instruction if there is none.
    case loop(Lookup, ifEmpty: Int)
    /// Goes back to the loop's body with the next record, or closes its scope after the last.
    case next(body: Int)
}

/// Where a value is: the scope, the slot in its record, and the slots in the records inside that.
struct Lookup {
    /// 0 is the page's own record, then the records of the loops around, outermost first.
    let depth: Int
    let slot: Int
    /// Further slots, as a part of the program's `slots`: start and end.
    let innerStart: Int
    let innerEnd: Int
    /// Who else gets what it is printed as.
    let sharing: TemplateSharing
}

/// What a branch asks.
enum Test {
    /// A flag that is set, a number other than zero, a text or list that is not empty.
    case isTrue(Lookup)
    /// An optional that is there.
    case isPresent(Lookup)
    case isNumber(Lookup, Int64)
    /// Equal byte by byte to a part of the program's fixed text.
    case isText(Lookup, start: Int, end: Int)
    /// The innermost loop is in its first round, its last, or the one of that number.
    case isFirstRound
    case isLastRound
    case isRound(Int64)
}

extension Instruction {
    /// Who else gets what an instruction prints.
    var sharing: TemplateSharing {
        switch self {
        case .escaped(let lookup), .safe(let lookup), .number(let lookup), .url(let lookup): lookup.sharing
        case .loopIndex, .literal, .part, .jump, .branch, .loop, .next: .shared
        }
    }

    /// What an instruction that prints a value prints.
    var printed: HTMLPlace.Printed {
        switch self {
        case .safe: .html
        case .number, .loopIndex: .number
        case .url: .url
        case .escaped, .literal, .part, .jump, .branch, .loop, .next: .text
        }
    }
}
