extension HTMLPlace {
    /// What is printed, as far as it matters to the place.
    enum Printed {
        /// Text, escaped.
        case text
        /// HTML made elsewhere, as it is.
        case html
        /// Digits, perhaps after a minus sign.
        case number
        /// A checked URL, escaped.
        case url
    }

    /// Goes on over something that is printed.
    ///
    /// Throws, at `path`, where escaping does not keep a value from becoming something else.
    mutating func print(_ printed: Printed, _ path: Path) throws(Diagnostic) {
        if printed == .html, state != .text {
            throw refusal(of: path, "\"safe\" prints HTML as it is, which can only stand between tags")
        }
        switch state {
        case .text: break
        case .elementText(let element, let matched):
            guard element.readsReferences else { throw refusal(of: path, "nothing can be escaped for that place") }
            guard matched == 0 else { throw refusal(of: path, "it might become a part of the end tag") }
        case .tagOpen, .endTagOpen: throw refusal(of: path, "it might become a tag")
        case .declaration, .declarationDash, .comment, .bogusComment:
            throw refusal(of: path, "nothing can be escaped for that place")
        case .tag(_, .beforeValue(let name)):
            throw refusal(of: path, "a value needs quotes around it: \(name)=\"{{ … }}\"")
        case .tag(_, .value(let attribute, .none)):
            throw refusal(of: path, "a value needs quotes around it: \(attribute.name)=\"…\"")
        case .tag(var tag, .value(let attribute, let quote)):
            if let reason = attribute.reasonNotToPrint(printed) { throw refusal(of: path, reason) }
            if tag.name == "meta", attribute.name == "content" {
                tag.hasPrintedContent = true
                try tag.checkContent(at: path.offset)
            }
            state = .tag(tag, .value(printed == .url ? attribute.extendedByURL() : attribute, quote))
        case .tag: throw refusal(of: path, "it might become an attribute")
        }
    }

    private func refusal(of path: Path, _ reason: String) -> Diagnostic {
        Diagnostic("\"\(path.text)\" cannot be printed \(self): \(reason)", at: path.offset)
    }
}

extension HTMLAttribute {
    fileprivate func reasonNotToPrint(_ printed: HTMLPlace.Printed) -> String? {
        switch kind {
        case .text: nil
        case .script: "it is a script"
        case .css: "it is CSS"
        case .html: "it is a document of its own, whose markup escaping does not stop"
        case .order: "it decides what the element is or may do"
        case .urlList: printed == .number ? nil : "it holds several URLs, and a text might add one"
        case .url: reasonNotToPrintInURL(printed)
        }
    }

    private func reasonNotToPrintInURL(_ printed: HTMLPlace.Printed) -> String? {
        switch (start, printed) {
        case (.ownSite, _), (.nothing, .url), (.nothing, .number), (.slash, .number): nil
        case (.nothing, _):
            "the URL must begin with \"/\" and a name, \"?\" or \"#\" before it, or be of the kind \"url\""
        case (.slash, _): "with \"/\" alone before it, it might name another host"
        case (.checked, _): "after a URL a text needs \"?\" or \"#\" before it"
        case (.other, _):
            "the URL may lead elsewhere; it must begin with \"/\" and a name, \"?\" or \"#\" in all branches"
        }
    }
}
