import HTMLTemplate

private struct Page: TemplateContext {
    static let shape: TemplateShape = [
        "title": .text, "count": .number, "open": .flag, "note": .optionalText,
        "items": .list(["name": .text, "tags": .list(["label": .text])]),
    ]
    let value: String

    var record: TemplateRecord {
        let tags = TemplateValue.list([TemplateRecord([.text(value)])])
        return TemplateRecord([
            .text(value), .number(7), .flag(true), .none,
            .list([TemplateRecord([.text(value), tags]), TemplateRecord([.text("x"), tags])]),
        ])
    }
}

/// No source crashes the compiler, an error says where it is, and whatever a value is, it adds no markup.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTemplates(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let input = FuzzInput(data, size)
    let parts = input.text.split(separator: "\u{1E}", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    let sources = ["page.html": parts[0], "base.html": parts.count > 1 ? parts[1] : "", "part.html": "{{ title }}"]
    let value = parts.count > 2 ? parts[2] : "<b>\"'&"
    let library = TemplateLibrary(sources: sources)
    do throws(TemplateError) {
        let template = try library.template("page.html", for: Page.self)
        let rendered = template.render(Page(value: value))
        if !sources.values.contains(where: { $0.contains("safe") }) {
            // All that is left of the marks then is the template's own.
            let marks = Array("<>\"'".utf8)
            let harmless = value.utf8.map { marks.contains($0) ? UInt8(ascii: "x") : $0 }
            let plain = template.render(Page(value: String(decoding: harmless, as: UTF8.self)))
            for mark in marks {
                check(rendered.count { $0 == mark } == plain.count { $0 == mark }, "\(value) adds markup")
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
