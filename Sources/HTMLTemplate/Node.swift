/// A part of a parsed template; its names are not resolved yet.
indirect enum Node: Sendable {
    /// Bytes of the source to print as they are.
    case text(Range<Int>)
    /// `{{ path }}`, or `{{ path | safe }}`.
    case output(Path, isSafe: Bool)
    /// `{{ super() }}`.
    case parentBlock(offset: Int)
    /// `{% if %}` and each `{% elif %}`, then `{% else %}`.
    case choice([Branch], otherwise: Body)
    case loop(Loop)
    /// `{% id %}` and each other language's tag, in the order of the library's languages.
    case wordings([Body])
    /// `{% include "name" %}`.
    case include(Name)
    case block(Block)

    /// What stands between two tags.
    struct Body: Sendable {
        /// The keyword before it: `if`, `elif`, `else`, `for`, a language; that of the whole when there is no `{% else %}`.
        let keyword: Name
        let nodes: [Node]
    }

    struct Branch: Sendable {
        let condition: Condition
        let body: Body
    }

    /// `{% for variable in list %}`, with what is printed when the list is empty.
    struct Loop: Sendable {
        let variable: Name
        let list: Path
        let body: Body
        let otherwise: Body
    }

    struct Block: Sendable {
        let name: Name
        let body: [Node]
    }
}

/// A word of a template and where it is.
struct Name: Sendable {
    let text: String
    let offset: Int
}

/// A dotted name, `room.name`; it has at least one part.
struct Path: Sendable {
    let parts: [Name]

    var text: String { parts.map(\.text).joined(separator: ".") }
    var offset: Int { parts[0].offset }
}

/// What `{% if %}` asks.
indirect enum Condition: Sendable {
    case isTrue(Path)
    case equal(Path, Literal)
    case not(Condition)
    case and(Condition, Condition)
    case or(Condition, Condition)
}

enum Literal: Sendable {
    case string(String)
    case integer(Int64)
}

/// A template as parsed, before it is known what page it is part of.
struct ParsedTemplate: Sendable {
    let source: TemplateSource
    /// The template it extends; the name is the string's content, the offset the string's.
    let parent: Name?
    let nodes: [Node]
    /// Its blocks, also those inside others, by name.
    let blocks: [String: Node.Block]
}
