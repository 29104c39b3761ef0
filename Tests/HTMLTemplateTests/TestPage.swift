import HTMLTemplate
import Testing

/// A context with a name of every kind.
struct TestPage: TemplateContext {
    static let user: TemplateShape = ["name": .text, "age": .number, "nick": .optionalText]
    static let tag: TemplateShape = ["label": .text]
    static let message: TemplateShape = [
        "id": .number, "content": .text, "own": .flag, "sender": .optionalRecord(user), "tags": .list(tag),
    ]
    static let room: TemplateShape = ["name": .text, "owner": .record(user), "members": .list(user)]
    static let shape: TemplateShape = [
        "title": .text, "count": .number, "isOpen": .flag, "subtitle": .optionalText, "messages": .list(message),
        "room": .record(room), "reply": .optionalRecord(message), "isFull": .flag, "markup": .text,
        "link": .url,
    ]

    var title = TemplateValue.text("T")
    var count: Int64 = 3
    var isOpen = true
    var subtitle = TemplateValue.none
    var messages: [TemplateRecord] = []
    var reply = TemplateValue.none
    var isFull = false
    var markup = TemplateValue.text("<b>")
    var link: TemplateURL = "/a?b=1&c"

    var record: TemplateRecord {
        let room = TemplateRecord([
            .text("Lobi"), .record(Self.user("Ani", age: 41)), .list([Self.user("Ani", age: 41), Self.user("Budi")]),
        ])
        return TemplateRecord([
            title, .number(count), .flag(isOpen), subtitle, .list(messages), .record(room), reply, .flag(isFull),
            markup, .url(link),
        ])
    }

    static func user(_ name: String, age: Int64 = 0) -> TemplateRecord {
        TemplateRecord([.text(name), .number(age), .none])
    }

    static func message(_ id: Int64, _ content: String, from sender: String? = nil, tags: [String] = [])
        -> TemplateRecord
    {
        TemplateRecord([
            .number(id), .text(content), .flag(id == 1), sender.map { .record(user($0)) } ?? .none,
            .list(tags.map { TemplateRecord([.text($0)]) }),
        ])
    }

    static func with(_ change: (inout TestPage) -> Void) -> TestPage {
        var page = TestPage()
        change(&page)
        return page
    }

    static func messages(_ messages: TemplateRecord...) -> TestPage { with { $0.messages = messages } }
}

/// Templates, the first of them the page, and what they print.
struct OutputRow: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let template: String
    let expected: String
    var page = TestPage()
    var others: [String: String] = [:]

    init(
        _ name: String, _ template: String, _ expected: String, page: TestPage = TestPage(),
        with others: [String: String] = [:]
    ) {
        testDescription = name
        self.template = template
        self.expected = expected
        self.page = page
        self.others = others
    }

    func check() throws {
        let library = TemplateLibrary(sources: others.merging(["page.html": template]) { $1 })
        let output = try library.template("page.html", for: TestPage.self).render(page)
        #expect(String(decoding: output, as: UTF8.self) == expected)
    }
}

/// Templates, the first of them the page, and the error that they are.
struct ErrorRow: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let template: String
    let others: [String: String]
    let file: String
    let line: Int
    let column: Int
    let message: String
    let trace: [String]

    init(
        _ name: String, _ template: String, with others: [String: String] = [:], at line: Int, _ column: Int,
        in file: String = "page.html", _ message: String, trace: [String] = []
    ) {
        testDescription = name
        self.template = template
        self.others = others
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.trace = trace
    }

    func check() {
        let library = TemplateLibrary(sources: others.merging(["page.html": template]) { $1 })
        let error = #expect(throws: TemplateError.self) {
            _ = try library.template("page.html", for: TestPage.self)
        }
        guard let error else { return }
        #expect(error.file == file)
        #expect(error.line == line)
        #expect(error.column == column)
        #expect(error.message == message)
        #expect(error.trace.map(\.description) == trace)
    }
}
