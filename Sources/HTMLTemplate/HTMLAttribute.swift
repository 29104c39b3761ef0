/// An attribute, and how far its value has been read.
struct HTMLAttribute: Equatable, Sendable {
    /// What a browser does with the value.
    enum Kind: Sendable {
        case text
        /// A URL that is fetched, or gone to.
        case url
        /// Several of those, between white space or commas.
        case urlList
        /// A script: an event handler.
        case script
        case css
        /// A document inside the attribute.
        case html
        /// Words by which the element is another, or may do more.
        case order
    }

    /// What a URL begins with so far, which decides where it can lead.
    enum URLStart: Sendable {
        case nothing
        /// `/`: with another slash after it, and with a backslash, the name of another host would follow.
        case slash
        /// `/x`, `?` or `#`: whatever follows stays on this site.
        case ownSite
        /// A checked URL, complete but for a query or a fragment.
        case checked
        /// Anything else, or not the same in all branches.
        case other
    }

    /// In lower case.
    let name: String
    let kind: Kind
    private(set) var start = URLStart.nothing

    init(_ name: String, in tag: HTMLTag) {
        self.name = name
        kind = Self.kind(of: name, in: tag.name)
    }

    /// The attribute after one more byte of the template in its value.
    func extended(by byte: UInt8) -> HTMLAttribute {
        guard kind == .url else { return self }
        var extended = self
        let isQueryOrFragment = byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
        switch start {
        case .nothing where byte == UInt8(ascii: "/"): extended.start = .slash
        case .nothing, .checked: extended.start = isQueryOrFragment ? .ownSite : .other
        case .slash: extended.start = byte.isOfPathSegment || isQueryOrFragment ? .ownSite : .other
        case .ownSite, .other: break
        }
        return extended
    }

    /// The attribute after a checked URL was printed in its value.
    func extendedByURL() -> HTMLAttribute {
        guard kind == .url, start == .nothing else { return self }
        var extended = self
        extended.start = .checked
        return extended
    }

    func joined(with other: HTMLAttribute) -> HTMLAttribute? {
        guard name == other.name, kind == other.kind else { return nil }
        var joined = self
        switch (start, other.start) {
        case _ where start == other.start: break
        case (.slash, .ownSite), (.ownSite, .slash): joined.start = .slash
        default: joined.start = .other
        }
        return joined
    }

    // MARK: What attributes are

    /// By the HTML standard's index of attributes, SVG, and what browsers have kept of older ones.
    private static func kind(of name: String, in tag: String) -> Kind {
        if name.hasPrefix("on") { return .script }
        if animations.contains(tag), ["from", "to", "by", "values", "attributename"].contains(name) { return .order }
        switch name {
        case "style": return .css
        case "srcdoc": return .html
        case "srcset", "imagesrcset", "ping", "attributionsrc", "archive", "itemtype": return .urlList
        case "data" where tag == "object", "value" where tag == "param": return .url
        case _ where urls.contains(name): return .url
        case _ where orders.contains(name): return .order
        // Of another namespace: what it means depends on the element.
        case _ where name.contains(":") && name != "xml:lang": return .order
        default: return .text
        }
    }

    private static let animations: Set = ["animate", "animatemotion", "animatetransform", "animatecolor", "set"]
    private static let urls: Set = [
        "href", "src", "action", "formaction", "poster", "cite", "background", "longdesc", "lowsrc", "dynsrc", "usemap",
        "profile", "manifest", "codebase", "classid", "code", "icon", "itemid", "xlink:href", "xml:base",
    ]
    private static let orders: Set = [
        "http-equiv", "rel", "type", "language", "sandbox", "allow", "nonce", "integrity", "is",
        "shadowrootmode",
    ]
}

extension UInt8 {
    /// A byte that the name after a slash may begin with: no other slash, nothing that a browser takes for one or leaves
    /// out (URL standard, section 4.4), and no character reference to those.
    fileprivate var isOfPathSegment: Bool {
        self > UInt8(ascii: " ") && ![UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "&"), 0x7F].contains(self)
    }
}
