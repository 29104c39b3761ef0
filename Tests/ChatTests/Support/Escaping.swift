/// Text as a page has to show it, and text that would break a page that does not.
enum Escaping {
    /// By code points: for Swift `"` with an accent on it is one character, and no quote.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            default: String(scalar)
            }
        }.joined()
    }

    /// Ends attributes and elements where it is not escaped, also for who escapes by grapheme.
    static let hostile = "\"\u{301}'\u{338}<\u{338}script>alert(1)</script>&amp;\"><img src=x>"

    /// Pieces of `hostile` that no page may have.
    static let leaks = ["\"\u{301}", "'\u{338}", "<\u{338}", "<script>alert", "&amp;\"><", "<img src=x"]
}
