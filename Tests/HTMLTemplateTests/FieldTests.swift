import HTMLTemplate
import Testing

struct FieldTests {
    private struct Part: TemplateContext {
        static let fields: TemplateFields<Part> = [.text("title") { $0.title }, .optionalUTF8("note") { $0.note }]
        var title = "a part's"
        var note: [UInt8]?
    }

    private struct Whole: TemplateContext {
        static let fields: TemplateFields<Whole> = .of(Part.self) { $0.part } + [.number("count") { $0.count }]
        var part = Part()
        var count: Int64 = 7
    }

    @Test func `the fields of a part are the whole's`() throws {
        let library = TemplateLibrary(sources: ["a.html": "{{ title }} {{ count }}{% if note %} {{ note }}{% endif %}"])
        let template = try library.template("a.html", for: Whole.self)
        #expect(String(decoding: template.render(Whole()), as: UTF8.self) == "a part&#39;s 7")
        let noted = Whole(part: Part(title: "b", note: Array("<".utf8)), count: -1)
        #expect(String(decoding: template.render(noted), as: UTF8.self) == "b -1 &lt;")
    }

    @Test func `a name that stands twice stops the program`() async {
        await #expect(processExitsWith: .failure) {
            _ = [.text("a") { _ in "" }, .number("a") { _ in 1 }] as TemplateFields<Int>
        }
    }

    @Test func `a name that a part and the whole have stops the program`() async {
        await #expect(processExitsWith: .failure) {
            _ = TemplateFields<Int>.of(Part.self) { _ in Part() } + [.text("title") { _ in "" }]
        }
    }
}
