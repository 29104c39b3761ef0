/// A place in HTML, as far as it decides what can be printed there: a state of the tokenizer of the HTML standard
/// (section 13.2.5), and what that state has read.
///
/// The templates themselves are trusted; they are not to be understood in one way here and in another one by a browser.
/// So what a browser reads differently in different surroundings is refused: CDATA, `<!` inside a script, and elements
/// of HTML text inside `<svg>` and `<math>`. `<noscript>` is read as what is in it: a browser with scripts takes that
/// for text, and both find its end at the same place unless a literal holds one in a comment or a value.
struct HTMLPlace: Equatable, Sendable {
    enum State: Equatable, Sendable {
        /// Between tags.
        case text
        /// In an element whose content is text up to its end tag; so many bytes of `</name` have just been read.
        case elementText(HTMLElementText, matched: Int)
        /// After `<`, after `</`.
        case tagOpen, endTagOpen
        /// After `<!`, after `<!-`.
        case declaration, declarationDash
        case comment(CommentPart)
        /// What lasts up to the next `>`: `<!DOCTYPE …>`, `<? …>`, `</3 …>`.
        case bogusComment
        case tag(HTMLTag, TagPart)
    }

    enum CommentPart: Equatable, Sendable { case start, startDash, body, dash, twoDashes, bang }

    enum TagPart: Equatable, Sendable {
        case name
        case beforeAttribute
        case afterSlash
        case attributeName(String)
        case afterAttributeName(String)
        case beforeValue(String)
        case value(HTMLAttribute, Quote)
        /// After a value in quotes; also after branches of which some have printed an attribute and others have not, or
        /// not yet all of its name: only white space, `/` or `>` reads the same after each.
        case afterAttribute

        var isBetweenAttributes: Bool {
            switch self {
            case .name, .beforeAttribute, .attributeName, .afterAttributeName, .afterAttribute: true
            case .afterSlash, .beforeValue, .value: false
            }
        }
    }

    enum Quote: Equatable, Sendable { case double, single, none }

    var state = State.text
    /// How many `<svg>` and `<math>` are open.
    var foreignDepth = 0

    /// The place after branches that end in these two; nil when what follows could not be read the same after both.
    func joined(with other: HTMLPlace) -> HTMLPlace? {
        if self == other { return self }
        guard foreignDepth == other.foreignDepth, case .tag(let tag, let part) = state,
            case .tag(let otherTag, let otherPart) = other.state, let joinedTag = tag.joined(with: otherTag)
        else { return nil }
        let joinedPart: TagPart
        switch (part, otherPart) {
        case _ where part == otherPart: joinedPart = part
        case _ where part.isBetweenAttributes && otherPart.isBetweenAttributes: joinedPart = .afterAttribute
        case (.value(let attribute, let quote), .value(let otherAttribute, let otherQuote)) where quote == otherQuote:
            guard let joinedAttribute = attribute.joined(with: otherAttribute) else { return nil }
            joinedPart = .value(joinedAttribute, quote)
        default: return nil
        }
        return HTMLPlace(state: .tag(joinedTag, joinedPart), foreignDepth: foreignDepth)
    }
}

/// A tag being read.
struct HTMLTag: Equatable, Sendable {
    /// In lower case.
    var name: String
    let isEnd: Bool
    /// It has the attribute `http-equiv`, by which `<meta content>` is an order to the browser.
    var hasHTTPEquiv = false
    /// Something has been printed in `<meta content>`.
    var hasPrintedContent = false

    func joined(with other: HTMLTag) -> HTMLTag? {
        guard name == other.name, isEnd == other.isEnd else { return nil }
        var joined = self
        joined.hasHTTPEquiv = hasHTTPEquiv || other.hasHTTPEquiv
        joined.hasPrintedContent = hasPrintedContent || other.hasPrintedContent
        return joined
    }
}

/// An element whose content holds no tags (HTML standard, section 13.2.5, states "RCDATA", "RAWTEXT" and "script data").
enum HTMLElementText: String, Sendable {
    /// Character references are read in these two, and in no other.
    case title, textarea
    case script, style, xmp, iframe, noembed, noframes, plaintext

    var readsReferences: Bool { self == .title || self == .textarea }
}

extension HTMLPlace: CustomStringConvertible {
    /// The place as an error message names it.
    var description: String {
        switch state {
        case .text: foreignDepth == 0 ? "between tags" : "inside <svg> or <math>"
        case .elementText(let element, _): "inside <\(element.rawValue)>"
        case .tagOpen: "right after \"<\""
        case .endTagOpen: "right after \"</\""
        case .declaration, .declarationDash, .comment, .bogusComment: "inside a comment or \"<!\""
        case .tag(_, .value(let attribute, _)): "in the value of \"\(attribute.name)\""
        case .tag(_, .beforeValue(let name)): "in the value of \"\(name)\""
        case .tag(let tag, _): "inside the tag <\(tag.isEnd ? "/" : "")\(tag.name)>"
        }
    }
}

extension HTMLPlace {
    /// The error that a part of a template ends here and not where it began.
    func wrongEnd(of part: String, since begin: HTMLPlace, at offset: Int) -> Diagnostic {
        Diagnostic("\(part) begins \(begin) and ends \(apart(from: begin)); it must end where it begins", at: offset)
    }

    /// The error that branches end here and in the place `other`.
    func wrongEnd(of branch: Name, other: HTMLPlace) -> Diagnostic {
        // Without an "else" the keyword is that of the whole, which may print nothing.
        let other =
            branch.text == "if" ? "\(other) and without it \(apart(from: other))" : "\(other) and \(apart(from: other))"
        return Diagnostic("the branches end in different places: \(other)", at: branch.offset)
    }

    private func apart(from other: HTMLPlace) -> String {
        description == other.description ? "at another point there" : description
    }
}
