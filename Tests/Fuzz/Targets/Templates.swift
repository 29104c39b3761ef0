import HTMLTemplate

private struct Page: TemplateContext {
    static let fields: TemplateFields<Page> = [
        .text("title") { $0.value }, .number("count") { _ in 7 }, .flag("open") { $0.isFull },
        .optionalText("note") { $0.isFull ? $0.value : nil }, .url("link") { _ in "/a?b" },
        .list("items") { $0.isFull ? [Item(name: $0.value, tag: $0.value), Item(name: "x", tag: $0.value)] : [] },
    ]
    let value: String
    /// Whether what is optional is there.
    let isFull: Bool
}

private struct Item: TemplateContext {
    static let fields: TemplateFields<Item> = [
        .text("name") { $0.name }, .list("tags") { [Tag(label: $0.tag)] },
    ]
    let name: String
    let tag: String
}

private struct Tag: TemplateContext {
    static let fields: TemplateFields<Tag> = [.text("label") { $0.label }]
    let label: String
}

/// No source crashes the compiler, an error says where it is, and whatever a value is, the page has the same tags, the
/// same attributes and the same scripts, and leads to the same places.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTemplates(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let input = FuzzInput(data, size)
    let parts = input.text.split(separator: "\u{1E}", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    let sources = ["page.html": parts[0], "base.html": parts.count > 1 ? parts[1] : "", "part.html": "{{ title }}"]
    let library = TemplateLibrary(sources: sources, languages: ["id", "en"])
    do throws(TemplateError) {
        let template = try library.template("page.html", for: Page.self)
        let hostile = (parts.count > 2 ? [parts[2]] : []) + hostileValues
        for isFull in [true, false] {
            let plain = outline(of: template.render(Page(value: "x", isFull: isFull)))
            for value in hostile {
                let rendered = outline(of: template.render(Page(value: value, isFull: isFull)))
                // HTML made elsewhere is what it is.
                guard !sources.values.contains(where: { $0.contains("safe") }) else { continue }
                check(rendered == plain, "\(value) makes \(rendered) of \(plain)")
            }
        }
    } catch {
        if let line = error.line, let column = error.column, let source = sources[error.file] {
            // By bytes: a carriage return and the line feed after it are one Character.
            let lines = source.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            check((1...lines.count).contains(line) && column >= 1, "\(error)")
        }
        _ = error.description
    }
    return 0
}

private let hostileValues = [
    "<b>\"'&", " onclick=alert(1) ", "\"><script>alert(1)</script>", "'-->", "--!>",
    "</title></textarea></script></style>",
    "/evil.example/", "\\evil.example", "javascript:alert(1)", "\t/evil.example", "/title>", "!--", "&#47;", "=", "",
]

// MARK: A reading of its own

/// What a browser would make of a page, without the texts: tags, attributes, where URLs lead, and what is no text.
///
/// It shares nothing with the templates' own reading, looks ahead where that goes byte by byte, and takes apart the
/// whole page where that takes apart its pieces.
private func outline(of page: [UInt8]) -> [String] {
    var outline: [String] = []
    var rest = page[...]
    var foreign = 0
    while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
        rest = rest[(open + 1)...]
        if rest.starts(with: "!--".utf8) {
            let end = endOfComment(in: rest.dropFirst(3))
            outline.append("comment \(string(rest[..<end]))")
            rest = rest[end...]
        } else if let first = rest.first, [UInt8(ascii: "!"), UInt8(ascii: "?")].contains(first) {
            let end = rest.firstIndex(of: UInt8(ascii: ">")) ?? rest.endIndex
            outline.append("declaration \(string(rest[..<end]))")
            rest = rest[end...]
        } else if rest.first == UInt8(ascii: "/") || isLetter(rest.first) {
            let isEnd = rest.first == UInt8(ascii: "/")
            if isEnd { rest = rest.dropFirst() }
            guard isLetter(rest.first) else {
                // "</>" is nothing, "</3 >" a comment.
                let end = rest.firstIndex(of: UInt8(ascii: ">")) ?? rest.endIndex
                outline.append("no tag \(string(rest[..<end]))")
                rest = rest[end...]
                continue
            }
            let (name, isEmpty) = takeTag(from: &rest, isEnd: isEnd, into: &outline)
            if ["svg", "math"].contains(name) { foreign = max(0, foreign + (isEnd ? -1 : isEmpty ? 0 : 1)) }
            if !isEnd, foreign == 0, elementsOfText.contains(name) { takeText(of: name, from: &rest, into: &outline) }
        }
    }
    return outline
}

private let elementsOfText = [
    "title", "textarea", "script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext",
]

private func endOfComment(in rest: ArraySlice<UInt8>) -> Int {
    for end in ["->", ">"] where rest.starts(with: end.utf8) { return rest.startIndex + end.utf8.count }
    for index in rest.indices {
        for end in ["-->", "--!>"] where rest[index...].starts(with: end.utf8) { return index + end.utf8.count }
    }
    return rest.endIndex
}

private func takeTag(
    from rest: inout ArraySlice<UInt8>, isEnd: Bool, into outline: inout [String]
) -> (name: String, isEmpty: Bool) {
    let name = take(from: &rest) { !isSpace($0) && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ">") }.lowercased()
    outline.append((isEnd ? "/" : "") + name)
    while true {
        let between = take(from: &rest) { isSpace($0) || $0 == UInt8(ascii: "/") }
        guard let first = rest.first, first != UInt8(ascii: ">") else {
            rest = rest.dropFirst()
            return (name, between.hasSuffix("/"))
        }
        rest = rest.dropFirst()
        let more = take(from: &rest) { !isSpace($0) && !"/>=".utf8.contains($0) }
        let attribute = (string([first]) + more).lowercased()
        var value = ""
        var ahead = rest.drop(while: isSpace)
        if ahead.first == UInt8(ascii: "=") {
            ahead = ahead.dropFirst().drop(while: isSpace)
            if let quote = ahead.first, [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(quote) {
                ahead = ahead.dropFirst()
                value = take(from: &ahead) { $0 != quote }
                ahead = ahead.dropFirst()
            } else {
                value = take(from: &ahead) { !isSpace($0) && $0 != UInt8(ascii: ">") }
            }
            rest = ahead
        }
        outline.append("\(name) \(attribute): \(meaning(of: value, in: attribute))")
    }
}

private func takeText(of name: String, from rest: inout ArraySlice<UInt8>, into outline: inout [String]) {
    let whole = rest
    let end = rest.indices.first { index in
        let tag = rest[index...].prefix(name.utf8.count + 2)
        guard string(tag).lowercased() == "</\(name)", name != "plaintext" else { return false }
        guard let after = rest[tag.endIndex...].first else { return false }
        return isSpace(after) || after == UInt8(ascii: "/") || after == UInt8(ascii: ">")
    }
    rest = rest[(end ?? rest.endIndex)...]
    if !["title", "textarea"].contains(name) { outline.append(string(whole[..<rest.startIndex])) }
}

/// What of an attribute's value may not change: all of a script or style, and of a URL whose it is.
private func meaning(of value: String, in attribute: String) -> String {
    if attribute.hasPrefix("on") || ["style", "srcdoc", "type", "rel", "srcset", "ping"].contains(attribute) {
        return value
    }
    guard ["href", "src", "action", "formaction", "poster", "cite", "xlink:href"].contains(attribute) else { return "" }
    // Of the references those matter that the page's own escaping makes, and those to a slash.
    var url = value
    for (reference, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
        url = replace(reference, by: character, in: url)
    }
    let bytes = Array(url.utf8.drop { $0 <= 0x20 }).filter { ![0x09, 0x0A, 0x0D].contains($0) }
    let slashes = bytes.prefix { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }.count
    if slashes > 1 { return "host" }
    if slashes == 1 { return "path" }
    let scheme = bytes.prefix { !"/?#".utf8.contains($0) }
    return scheme.contains(UInt8(ascii: ":")) && isLetter(scheme.first) ? string(scheme) : "relative"
}

private func replace(_ part: String, by other: String, in text: String) -> String {
    let part = Array(part.utf8)
    var rest = Array(text.utf8)[...]
    var replaced: [UInt8] = []
    while let first = rest.first {
        if rest.starts(with: part) {
            replaced += other.utf8
            rest = rest.dropFirst(part.count)
        } else {
            replaced.append(first)
            rest = rest.dropFirst()
        }
    }
    return string(replaced)
}

private func take(from rest: inout ArraySlice<UInt8>, while isTaken: (UInt8) -> Bool) -> String {
    let taken = rest.prefix(while: isTaken)
    rest = rest[taken.endIndex...]
    return string(taken)
}

private func string(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

private func isSpace(_ byte: UInt8) -> Bool { [0x09, 0x0A, 0x0C, 0x0D, 0x20].contains(byte) }

private func isLetter(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return (0x61...0x7A).contains(byte | 0x20)
}
