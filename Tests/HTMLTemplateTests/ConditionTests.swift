import Testing

@testable import HTMLTemplate

struct ConditionTests {
    static let full = TestPage.with {
        $0.subtitle = ""
        $0.messages = [TestPage.message(1, "a")]
        $0.reply = TestPage.message(0, "")
        $0.isFull = true
    }
    static let empty = TestPage.with {
        $0.title = .text("")
        $0.count = 0
        $0.isOpen = false
    }

    /// A condition over the test page, the page, and how it comes out.
    struct Row: Sendable, CustomTestStringConvertible {
        let condition: String
        let page: TestPage
        let isTrue: Bool
        var testDescription: String { "\(condition) is \(isTrue)" }

        init(_ condition: String, _ isTrue: Bool, _ page: TestPage = TestPage()) {
            self.condition = condition
            self.isTrue = isTrue
            self.page = page
        }
    }

    @Test(arguments: [
        Row("isOpen", true), Row("isOpen", false, empty), Row("not isOpen", false), Row("not not isOpen", true),
        Row("count", true), Row("count", false, empty), Row("count", true, .with { $0.count = -1 }),
        Row("title", true), Row("title", false, empty),
        Row("title", true, .with { $0.title = .utf8([65]) }), Row("title", false, .with { $0.title = .utf8([]) }),
        Row("subtitle", false), Row("subtitle", true, full), Row("not subtitle", true),
        Row("messages", false), Row("messages", true, full),
        Row("reply", false), Row("reply", true, full),
        Row("reply.sender", false), Row("reply.sender", false, full),
        Row("reply.own", false), Row("not reply.own", true), Row("reply.content", false, full),
        Row("room.name", true), Row("room.owner.age", true), Row("room.owner.nick", false), Row("room.members", true),
    ])
    func `a name is true by its kind`(_ row: Row) throws { try check(row) }

    @Test(arguments: [
        Row("title == \"T\"", true), Row("title == 'T'", true), Row("title == \"t\"", false),
        Row("title == \"TT\"", false), Row("title == \"\"", false), Row("title == \"\"", true, empty),
        Row("title != \"T\"", false), Row("title != \"x\"", true), Row("not title == \"T\"", false),
        Row("title == \"T\"", true, .with { $0.title = .utf8([0x54]) }),
        Row("title == \"it's\"", true, .with { $0.title = .text("it's") }),
        Row("title == 'it\\'s'", true, .with { $0.title = .text("it's") }),
        Row("title == \"a\\\\b\"", true, .with { $0.title = .text("a\\b") }),
        Row("title == \"%} }}\"", true, .with { $0.title = .text("%} }}") }),
        // Equal to Swift, but not the same bytes.
        Row("title == \"\u{E9}\"", false, .with { $0.title = .text("e\u{301}") }),
        Row("subtitle == \"\"", false), Row("subtitle == \"\"", true, full), Row("subtitle != \"\"", true),
        Row("count == 3", true), Row("count == 4", false), Row("count != 3", false), Row("count==3", true),
        Row("count == -3", true, .with { $0.count = -3 }),
        Row("count == 9223372036854775807", true, .with { $0.count = .max }),
        Row("count == -9223372036854775808", true, .with { $0.count = .min }),
        Row("reply.id == 0", false), Row("reply.id == 0", true, full), Row("reply.id != 0", true),
    ])
    func `a name equals a literal byte by byte`(_ row: Row) throws { try check(row) }

    @Test(arguments: [
        Row("isOpen and isFull", false), Row("isOpen and isFull", true, full), Row("isFull and isOpen", false),
        Row("isOpen or isFull", true), Row("isFull or isOpen", true), Row("isOpen or isFull", false, empty),
        Row("isOpen or isFull and isFull", true), Row("(isOpen or isFull) and isFull", false),
        Row("isFull and isFull or isOpen", true), Row("isFull and (isFull or isOpen)", false),
        Row("not isFull and isOpen", true), Row("not (isFull and isOpen)", true), Row("not (isOpen or isFull)", false),
        Row("not (not isOpen or isFull)", true), Row("not isOpen or not isFull", true),
        Row("not (isOpen and not isFull)", false), Row("isOpen and count == 3 and title == 'T' and not subtitle", true),
        Row("isFull or count == 4 or title == 'x' or subtitle", false), Row("((isOpen))", true),
    ])
    func `not binds before and, and before or`(_ row: Row) throws { try check(row) }

    private func check(_ row: Row) throws {
        try OutputRow(
            row.testDescription, "{% if \(row.condition) %}yes{% else %}no{% endif %}", row.isTrue ? "yes" : "no",
            page: row.page
        ).check()
        // Without an else, and the other way round, the jumps are others.
        try OutputRow(
            row.testDescription, "[{% if not (\(row.condition)) %}no{% endif %}]", row.isTrue ? "[]" : "[no]",
            page: row.page
        ).check()
    }

    @Test(arguments: [
        OutputRow("if", "{% if count == 3 %}a{% elif title %}b{% elif isOpen %}c{% else %}d{% endif %}", "a"),
        OutputRow("first elif", "{% if count == 1 %}a{% elif title %}b{% elif isOpen %}c{% else %}d{% endif %}", "b"),
        OutputRow("second elif", "{% if count == 1 %}a{% elif isFull %}b{% elif isOpen %}c{% else %}d{% endif %}", "c"),
        OutputRow("else", "{% if count == 1 %}a{% elif isFull %}b{% elif subtitle %}c{% else %}d{% endif %}", "d"),
        OutputRow("elif without else", "[{% if count == 1 %}a{% elif isFull %}b{% endif %}]", "[]"),
        OutputRow("nested", "{% if isOpen %}{% if isFull %}a{% else %}b{% endif %}c{% endif %}d", "bcd"),
        OutputRow("empty branches", "[{% if isFull %}{% elif isOpen %}{% else %}{% endif %}]", "[]"),
        OutputRow("text after an else that is not printed", "{% if isOpen %}a{% else %}b{% endif %}c", "ac"),
        OutputRow("text on both sides", "a{% if isFull %}b{% endif %}c{% if isOpen %}d{% endif %}e", "acde"),
    ])
    func `the first true branch is printed`(_ row: OutputRow) throws { try row.check() }
}
