extension HTMLPlace {
    /// Goes on over the bytes of a template that are in `range`.
    ///
    /// Throws at what browsers read differently in different surroundings.
    mutating func read(_ range: Range<Int>, of bytes: [UInt8]) throws(Diagnostic) {
        for offset in range { try read(bytes[offset], at: offset) }
    }

    private mutating func read(_ byte: UInt8, at offset: Int) throws(Diagnostic) {
        switch state {
        case .text:
            if byte == UInt8(ascii: "<") { state = .tagOpen }
        case .elementText(let element, let matched):
            try readElementText(element, matched: matched, byte, at: offset)
        case .tagOpen:
            switch byte {
            case UInt8(ascii: "!"): state = .declaration
            case UInt8(ascii: "/"): state = .endTagOpen
            case UInt8(ascii: "?"): state = .bogusComment
            case UInt8(ascii: "<"): break
            default: state = byte.isLetter ? .tag(HTMLTag(name: byte.lowercased, isEnd: false), .name) : .text
            }
        case .endTagOpen:
            switch byte {
            case UInt8(ascii: ">"): state = .text
            default: state = byte.isLetter ? .tag(HTMLTag(name: byte.lowercased, isEnd: true), .name) : .bogusComment
            }
        case .declaration:
            switch byte {
            case UInt8(ascii: "-"): state = .declarationDash
            case UInt8(ascii: ">"): state = .text
            case UInt8(ascii: "["):
                throw Diagnostic("\"<![\" is a section inside <svg> and <math>, and a comment elsewhere", at: offset)
            default: state = .bogusComment
            }
        case .declarationDash:
            switch byte {
            case UInt8(ascii: "-"): state = .comment(.start)
            case UInt8(ascii: ">"): state = .text
            default: state = .bogusComment
            }
        case .comment(let part): state = Self.state(after: byte, in: part)
        case .bogusComment:
            if byte == UInt8(ascii: ">") { state = .text }
        case .tag(let tag, let part): try read(byte, at: offset, in: part, of: tag)
        }
    }

    private static func state(after byte: UInt8, in part: CommentPart) -> State {
        switch (part, byte) {
        case (.start, UInt8(ascii: ">")), (.startDash, UInt8(ascii: ">")), (.twoDashes, UInt8(ascii: ">")),
            (.bang, UInt8(ascii: ">")):
            .text
        case (.start, UInt8(ascii: "-")): .comment(.startDash)
        case (.startDash, UInt8(ascii: "-")), (.dash, UInt8(ascii: "-")), (.twoDashes, UInt8(ascii: "-")):
            .comment(.twoDashes)
        case (.body, UInt8(ascii: "-")), (.bang, UInt8(ascii: "-")): .comment(.dash)
        case (.twoDashes, UInt8(ascii: "!")): .comment(.bang)
        default: .comment(.body)
        }
    }

    private mutating func readElementText(
        _ element: HTMLElementText, matched: Int, _ byte: UInt8, at offset: Int
    ) throws(Diagnostic) {
        let end = "</\(element.rawValue)".utf8
        if matched == end.count {
            let part: TagPart? =
                switch byte {
                case UInt8(ascii: "/"): .afterSlash
                case UInt8(ascii: ">"): .beforeAttribute
                default: byte.isHTMLSpace ? .beforeAttribute : nil
                }
            if let part, element != .plaintext {
                let tag = HTMLTag(name: element.rawValue, isEnd: true)
                state = byte == UInt8(ascii: ">") ? .text : .tag(tag, part)
                return
            }
        } else if byte.lowercasedByte == end[end.index(end.startIndex, offsetBy: matched)] {
            state = .elementText(element, matched: matched + 1)
            return
        } else if element == .script, matched == 1, byte == UInt8(ascii: "!") {
            throw Diagnostic("\"<!\" inside <script> may hide the end of the script", at: offset)
        }
        state = .elementText(element, matched: byte == UInt8(ascii: "<") ? 1 : 0)
    }

    // MARK: Inside a tag

    private mutating func read(
        _ byte: UInt8, at offset: Int, in part: TagPart, of tag: HTMLTag
    ) throws(Diagnostic) {
        var tag = tag
        switch part {
        case .value(let attribute, .double) where byte != UInt8(ascii: "\""):
            state = .tag(tag, .value(attribute.extended(by: byte), .double))
        case .value(let attribute, .single) where byte != UInt8(ascii: "'"):
            state = .tag(tag, .value(attribute.extended(by: byte), .single))
        case .value(let attribute, .none) where byte != UInt8(ascii: ">") && !byte.isHTMLSpace:
            state = .tag(tag, .value(attribute.extended(by: byte), .none))
        case .value(_, .double), .value(_, .single): state = .tag(tag, .afterAttribute)
        case .beforeValue(let name) where byte != UInt8(ascii: ">"):
            guard !byte.isHTMLSpace else { return }
            try beginValue(of: name, byte, at: offset, in: tag)
        case _ where byte == UInt8(ascii: ">"): try close(tag, isEmpty: part == .afterSlash, at: offset)
        case .value: state = .tag(tag, .beforeAttribute)
        case _ where byte == UInt8(ascii: "/"): state = .tag(tag, .afterSlash)
        case .name where !byte.isHTMLSpace:
            tag.name += byte.lowercased
            state = .tag(tag, .name)
        case .attributeName(let name) where byte.isHTMLSpace: state = .tag(tag, .afterAttributeName(name))
        case .attributeName(let name), .afterAttributeName(let name):
            if byte == UInt8(ascii: "=") {
                state = .tag(tag, .beforeValue(name))
            } else if case .attributeName = part {
                state = .tag(tag, .attributeName(name + byte.lowercased))
            } else if !byte.isHTMLSpace {
                state = .tag(tag, .attributeName(byte.lowercased))
            }
        case .afterAttribute where !byte.isHTMLSpace:
            throw Diagnostic(
                "after an attribute white space, \"/\" or \">\" must come before anything else", at: offset)
        default: state = .tag(tag, byte.isHTMLSpace ? .beforeAttribute : .attributeName(byte.lowercased))
        }
    }

    private mutating func beginValue(
        of name: String, _ byte: UInt8, at offset: Int, in tag: HTMLTag
    ) throws(Diagnostic) {
        var tag = tag
        if tag.name == "meta", name == "http-equiv" {
            tag.hasHTTPEquiv = true
            try tag.checkContent(at: offset)
        }
        let attribute = HTMLAttribute(name, in: tag)
        switch byte {
        case UInt8(ascii: "\""): state = .tag(tag, .value(attribute, .double))
        case UInt8(ascii: "'"): state = .tag(tag, .value(attribute, .single))
        default: state = .tag(tag, .value(attribute.extended(by: byte), .none))
        }
    }

    private mutating func close(_ tag: HTMLTag, isEmpty: Bool, at offset: Int) throws(Diagnostic) {
        state = .text
        if tag.name == "svg" || tag.name == "math" {
            if tag.isEnd { foreignDepth = max(0, foreignDepth - 1) } else if !isEmpty { foreignDepth += 1 }
        } else if !tag.isEnd, let element = HTMLElementText(rawValue: tag.name) {
            if foreignDepth == 0 {
                state = .elementText(element, matched: 0)
            } else if element != .title {
                throw Diagnostic(
                    "<\(tag.name)> inside <svg> or <math> is read in another way than elsewhere", at: offset)
            }
        }
    }
}

extension HTMLTag {
    /// Throws when something is printed in what `http-equiv` makes an order to the browser.
    func checkContent(at offset: Int) throws(Diagnostic) {
        guard hasHTTPEquiv, hasPrintedContent else { return }
        throw Diagnostic("something is printed in the \"content\" of a <meta> with \"http-equiv\"", at: offset)
    }
}

extension UInt8 {
    /// White space inside tags: that of the HTML standard, and CR, which it turns into LF before all else.
    var isHTMLSpace: Bool { isWhitespace || self == 0x0C }

    fileprivate var isLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercasedByte)
    }

    fileprivate var lowercasedByte: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }

    /// For names of tags and attributes; those that mean something have ASCII letters only.
    fileprivate var lowercased: String { String(UnicodeScalar(lowercasedByte)) }
}
