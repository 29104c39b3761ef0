/// A piece of a template as the lexer cuts it.
struct Token {
    enum Kind: Equatable {
        /// Bytes of the source to print as they are.
        case text(Range<Int>)
        /// `{{` and `}}`.
        case outputStart, outputEnd
        /// `{%` and `%}`.
        case tagStart, tagEnd
        case name(String)
        case string(String)
        case integer(Int64)
        case dot, pipe, openParenthesis, closeParenthesis, equal, notEqual
        case endOfFile
    }

    let kind: Kind
    /// The first byte in the source.
    let offset: Int

    /// The token as an error message names it.
    var description: String {
        switch kind {
        case .text: "text"
        case .outputStart: "\"{{\""
        case .outputEnd: "\"}}\""
        case .tagStart: "\"{%\""
        case .tagEnd: "\"%}\""
        case .name(let name): "\"\(name)\""
        case .string: "a string"
        case .integer: "an integer"
        case .dot: "\".\""
        case .pipe: "\"|\""
        case .openParenthesis: "\"(\""
        case .closeParenthesis: "\")\""
        case .equal: "\"==\""
        case .notEqual: "\"!=\""
        case .endOfFile: "the end of the file"
        }
    }
}
