import Testing

@testable import HTMLTemplate

struct ShapeTests {
    static let inner: TemplateShape = ["label": .text]

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let kind: TemplateKind
        let value: TemplateValue
        let mismatch: String?

        init(_ name: String, _ kind: TemplateKind, _ value: TemplateValue, _ mismatch: String? = nil) {
            testDescription = name
            self.kind = kind
            self.value = value
            self.mismatch = mismatch
        }
    }

    @Test(arguments: [
        Row("text", .text, .text("")), Row("text as bytes", .text, .utf8([])), Row("number", .number, .number(0)),
        Row("flag", .flag, .flag(false)), Row("present text", .optionalText, .text("")),
        Row("present bytes", .optionalText, .utf8([])), Row("absent text", .optionalText, .none),
        Row("empty list", .list(inner), .list([])), Row("list", .list(inner), .list([TemplateRecord([.text("")])])),
        Row("record", .record(inner), .record(TemplateRecord([.text("")]))),
        Row("present record", .optionalRecord(inner), .record(TemplateRecord([.text("")]))),
        Row("absent record", .optionalRecord(inner), .none),
        Row("absent for text", .text, .none, "\"a\": the shape says a text, the value is absent"),
        Row("number for text", .text, .number(1), "\"a\": the shape says a text, the value is a number"),
        Row("text for a number", .number, .text("1"), "\"a\": the shape says a number, the value is text"),
        Row("number for a flag", .flag, .number(1), "\"a\": the shape says a flag, the value is a number"),
        Row("absent list", .list(inner), .none, "\"a\": the shape says a list, the value is absent"),
        Row("absent for a record", .record(inner), .none, "\"a\": the shape says a record, the value is absent"),
        Row(
            "flag for an optional text", .optionalText, .flag(true),
            "\"a\": the shape says an optional text, the value is a flag"),
        Row(
            "list for an optional record", .optionalRecord(inner), .list([]),
            "\"a\": the shape says an optional record, the value is a list"),
        Row(
            "second record of a list", .list(inner),
            .list([TemplateRecord([.text("")]), TemplateRecord([.flag(true)])]),
            "\"a\": \"label\": the shape says a text, the value is a flag"),
        Row(
            "short record", .record(inner), .record(TemplateRecord([])),
            "\"a\": a record has 0 values, its shape 1: label"),
        Row(
            "long record", .optionalRecord(inner), .record(TemplateRecord([.text(""), .text("")])),
            "\"a\": a record has 2 values, its shape 1: label"),
    ])
    func `a value is held against the kind of its name`(_ row: Row) {
        let shape: TemplateShape = ["a": row.kind]
        #expect(shape.mismatch(with: TemplateRecord([row.value])) == row.mismatch)
    }

    struct Mistaken: TemplateContext {
        static let shape: TemplateShape = ["title": .text, "count": .number]
        var record: TemplateRecord { TemplateRecord([.number(1), .text("")]) }
    }

    #if DEBUG
        @Test func `a build for debugging stops at a record that does not match`() async throws {
            let result = try await #require(
                processExitsWith: .failure, observing: [\.standardErrorContent]
            ) {
                let template = try TemplateLibrary(sources: ["a.html": ""]).template("a.html", for: Mistaken.self)
                _ = template.render(Mistaken())
            }
            let output = String(decoding: result.standardErrorContent, as: UTF8.self)
            #expect(output.contains("\"title\": the shape says a text, the value is a number"))
        }
    #endif

    @Test func `a shape with a name twice stops the program`() async {
        await #expect(processExitsWith: .failure) {
            _ = ["a": .text, "a": .number] as TemplateShape
        }
    }
}
