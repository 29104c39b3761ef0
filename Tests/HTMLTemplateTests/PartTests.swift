import HTMLTemplate
import Testing

/// Which bytes of a page others get as well.
struct PartTests {
    private struct Row: TemplateContext {
        static let fields: TemplateFields<Row> = [.utf8("html") { $0.html }.sharedApart, .text("note") { _ in "n" }]
        let html: [UInt8]
    }

    private struct Page: TemplateContext {
        static let fields: TemplateFields<Page> = [
            .text("name") { $0.name }, .number("room") { _ in 7 }.shared, .flag("isOpen") { $0.isOpen }.shared,
            .list("rows") { $0.rows }, .record("row") { _ in Row(html: Array("<p>".utf8)) },
        ]
        var name = "alice"
        var isOpen = true
        var rows: [Row] = []
    }

    private func parts(of template: String, _ page: Page = Page()) throws -> [String] {
        let library = TemplateLibrary(sources: ["a.html": template])
        let rendered = try library.template("a.html", for: Page.self).renderInParts(page)
        #expect(rendered.parts.last.map(\.end) ?? 0 == rendered.bytes.count)
        var start = 0
        return rendered.parts.map { part in
            defer { start = part.end }
            return (part.isShared ? "+" : "-") + String(decoding: rendered.bytes[start..<part.end], as: UTF8.self)
        }
    }

    @Test func `a value is one person's unless its field says something else`() throws {
        #expect(try parts(of: "a {{ name }} b {{ room }} c") == ["+a ", "-alice", "+ b 7 c"])
        #expect(try parts(of: "{{ name }}{{ name }}", Page(name: "<")) == ["-&lt;", "-&lt;"])
        #expect(try parts(of: "a{{ name }}b", Page(name: "")) == ["+a", "+b"])
        #expect(try parts(of: "") == [])
    }

    @Test func `text between conditions is shared, whatever they ask`() throws {
        let template = "a{% if isOpen %}{{ room }}{% else %}{{ name }}{% endif %}b"
        #expect(try parts(of: template) == ["+a7b"])
        #expect(try parts(of: template, Page(isOpen: false)) == ["+a", "-alice", "+b"])
    }

    @Test func `what other pages have as well is a part by itself, in a record or a loop`() throws {
        let rows = ["<b>", "<i>"].map { Row(html: Array($0.utf8)) }
        #expect(try parts(of: "a{{ row.html | safe }}b{{ row.note }}") == ["+a", "+<p>", "+b", "-n"])
        let loop = "{% for row in rows %}{{ row.html | safe }}{% endfor %}"
        #expect(try parts(of: "a" + loop + "b", Page(rows: rows)) == ["+a", "+<b>", "+<i>", "+b"])
    }
}
