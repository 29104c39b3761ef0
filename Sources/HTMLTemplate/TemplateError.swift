/// What is wrong with a template, and where; thrown while templates are loaded, never while they are rendered.
public struct TemplateError: Error, Sendable, Equatable {
    /// A place in a template that led to the one with the error.
    public struct Reference: Sendable, Equatable, CustomStringConvertible {
        /// How the place leads there.
        public enum Relation: String, Sendable {
            /// By `{% include %}`.
            case include = "included from"
            /// By `{% extends %}`.
            case extends = "extended by"
        }

        /// How the place leads there.
        public let relation: Relation
        /// The template's name.
        public let file: String
        /// The line, from 1.
        public let line: Int
        /// The column, from 1, in code points.
        public let column: Int

        /// The reference in words: `included from room.html:12:4`.
        public var description: String { "\(relation.rawValue) \(file):\(line):\(column)" }
    }

    /// The template's name, or the path of a file or directory that could not be read.
    public let file: String
    /// The line, from 1; nil when the error concerns the whole file.
    public let line: Int?
    /// The column, from 1, in code points; nil when the error concerns the whole file.
    public let column: Int?
    /// What is wrong.
    public let message: String
    /// The line of the template; nil when the error concerns the whole file.
    public let sourceLine: String?
    /// The includes and extends that led here, innermost first.
    public internal(set) var trace: [Reference] = []

    init(file: String, message: String) {
        self.file = file
        self.message = message
        line = nil
        column = nil
        sourceLine = nil
    }

    init(_ diagnostic: Diagnostic, in source: TemplateSource, trace: [Reference] = []) {
        let position = source.position(of: diagnostic.offset)
        file = source.name
        line = position.line
        column = position.column
        message = diagnostic.message
        sourceLine = source.line(around: diagnostic.offset)
        self.trace = trace
    }
}

extension TemplateError: CustomStringConvertible {
    /// The error in several lines: place and message, the template's line with a caret below the column, the trace.
    public var description: String {
        guard let line, let column, let sourceLine else { return "\(file): \(message)" }
        // Tabs stay tabs so that the caret is below its column whatever their width.
        let indent = sourceLine.unicodeScalars.prefix(column - 1).map { $0 == "\t" ? "\t" : " " }.joined()
        let lines = ["\(file):\(line):\(column): \(message)", "    \(sourceLine)", "    \(indent)^"]
        return (lines + trace.map { "  \($0)" }).joined(separator: "\n")
    }
}

/// An error at a byte offset of the template being read; it becomes a `TemplateError` where the template is known.
struct Diagnostic: Error {
    let message: String
    let offset: Int

    init(_ message: String, at offset: Int) {
        self.message = message
        self.offset = offset
    }
}
