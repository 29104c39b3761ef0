import Testing

@testable import HTMLTemplate

/// A context with a name of every kind.
struct TestPage: TemplateContext {
    static let fields: TemplateFields<TestPage> = [
        // Text as either kind of value.
        TemplateField(name: "title", kind: .text) { $0.title },
        .number("count") { $0.count },
        .flag("isOpen") { $0.isOpen },
        .optionalText("subtitle") { $0.subtitle },
        .list("messages") { $0.messages },
        .record("room") { _ in TestRoom() },
        .optionalRecord("reply") { $0.reply },
        .flag("isFull") { $0.isFull },
        TemplateField(name: "markup", kind: .text) { $0.markup },
        .url("link") { $0.link },
    ]

    var title = TemplateValue.text("T")
    var count: Int64 = 3
    var isOpen = true
    var subtitle: String?
    var messages: [TestMessage] = []
    var reply: TestMessage?
    var isFull = false
    var markup = TemplateValue.text("<b>")
    var link: TemplateURL = "/a?b=1&c"

    static func message(_ id: Int64, _ content: String, from sender: String? = nil, tags: [String] = [])
        -> TestMessage
    {
        TestMessage(
            id: id, content: content, sender: sender.map { TestUser(name: $0) }, tags: tags.map { TestTag(label: $0) })
    }

    static func with(_ change: (inout TestPage) -> Void) -> TestPage {
        var page = TestPage()
        change(&page)
        return page
    }

    static func messages(_ messages: TestMessage...) -> TestPage { with { $0.messages = messages } }
}

struct TestUser: TemplateContext {
    static let fields: TemplateFields<TestUser> = [
        .text("name") { $0.name }, .number("age") { $0.age }, .optionalText("nick") { _ in nil },
    ]
    let name: String
    var age: Int64 = 0
}

struct TestTag: TemplateContext {
    static let fields: TemplateFields<TestTag> = [.text("label") { $0.label }]
    let label: String
}

struct TestMessage: TemplateContext {
    static let fields: TemplateFields<TestMessage> = [
        .number("id") { $0.id }, .text("content") { $0.content }, .flag("own") { $0.id == 1 },
        .optionalRecord("sender") { $0.sender }, .list("tags") { $0.tags },
    ]
    let id: Int64
    let content: String
    let sender: TestUser?
    let tags: [TestTag]
}

struct TestRoom: TemplateContext {
    static let fields: TemplateFields<TestRoom> = [
        .text("name") { _ in "Lobi" }, .record("owner") { _ in TestUser(name: "Ani", age: 41) },
        .list("members") { _ in [TestUser(name: "Ani", age: 41), TestUser(name: "Budi")] },
    ]
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
