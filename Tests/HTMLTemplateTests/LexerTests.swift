import Testing

@testable import HTMLTemplate

struct LexerTests {
    /// A source and the kinds of its tokens but the last, which is the end of the file.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let source: String
        let kinds: [Token.Kind]

        init(_ name: String, _ source: String, _ kinds: [Token.Kind]) {
            testDescription = name
            self.source = source
            self.kinds = kinds
        }
    }

    @Test(arguments: [
        Row("nothing", "", []),
        Row("one brace", "{", [.text(0..<1)]),
        Row("closing brackets alone", "a }} %} #} }", [.text(0..<12)]),
        Row("braces apart", "{ { { % {a} {", [.text(0..<13)]),
        Row("brace before an output", "{a{{b}}", [.text(0..<2), .outputStart, .name("b"), .outputEnd]),
        Row("brace after an output", "{{b}}}", [.outputStart, .name("b"), .outputEnd, .text(5..<6)]),
        Row(
            "every sign", "{% ( ) . | == != %}",
            [.tagStart, .openParenthesis, .closeParenthesis, .dot, .pipe, .equal, .notEqual, .tagEnd]),
        Row("names", "{{ _a B9 c_d }}", [.outputStart, .name("_a"), .name("B9"), .name("c_d"), .outputEnd]),
        Row("integers", "{{ 0 007 -1 -}}", [.outputStart, .integer(0), .integer(7), .integer(-1), .outputEnd]),
        Row("quotes in quotes", "{{ \"it's\" '\"' }}", [.outputStart, .string("it's"), .string("\""), .outputEnd]),
        Row("escaped quotes", #"{{ "\"\\" '\'' }}"#, [.outputStart, .string("\"\\"), .string("'"), .outputEnd]),
        Row("brackets in a string", "{{ \"}} {{ %} {% #}\" }}", [.outputStart, .string("}} {{ %} {% #}"), .outputEnd]),
        Row("empty strings", "{{ \"\" '' }}", [.outputStart, .string(""), .string(""), .outputEnd]),
        Row("comment holding tags", "{# {{ {% '\" #}a", [.text(14..<15)]),
        Row("comment in a comment ends at the first end", "{# {# #} #}", [.text(8..<11)]),
        Row("raw", "{%raw%}{{{%endraw%}", [.text(7..<9)]),
        Row("raw in raw ends at the first end", "{%raw%}{%raw%}{%endraw%}", [.text(7..<14)]),
        Row("output of raw", "{{ raw }}", [.outputStart, .name("raw"), .outputEnd]),
    ])
    func `cuts a source into tokens`(_ row: Row) throws {
        let source = TemplateSource(name: "page.html", bytes: Array(row.source.utf8))
        let tokens = try Lexer.tokens(of: source)
        #expect(tokens.map(\.kind) == row.kinds + [.endOfFile])
        #expect(tokens.last?.offset == source.bytes.count)
    }

    @Test(arguments: [
        ErrorRow("output at the end", "ab\nc {{", at: 2, 3, "\"{{\" is never closed by \"}}\""),
        ErrorRow("output never closed", "{{ title }\n", at: 1, 10, "unexpected \"}\" inside a tag"),
        ErrorRow("output closed by the end", "{{ title ", at: 1, 1, "\"{{\" is never closed by \"}}\""),
        ErrorRow("output with a dash at the end", "{{-", at: 1, 1, "\"{{\" is never closed by \"}}\""),
        ErrorRow("output ending in a dash", "{{ title -", at: 1, 10, "unexpected \"-\" inside a tag"),
        ErrorRow("output in an output", "{{ {{ title }} }}", at: 1, 4, "unexpected \"{\" inside a tag"),
        ErrorRow("three braces", "{{{ title }}}", at: 1, 3, "unexpected \"{\" inside a tag"),
        ErrorRow("tag at the end", "{%", at: 1, 1, "\"{%\" is never closed by \"%}\""),
        ErrorRow("tag never closed", "a\n\n  {% if title", at: 3, 3, "\"{%\" is never closed by \"%}\""),
        ErrorRow("tag running into HTML", "{% if title\n<p>", at: 2, 1, "unexpected \"<\" inside a tag"),
        ErrorRow("comment at the end", "{#", at: 1, 1, "\"{#\" is never closed by \"#}\""),
        ErrorRow("comment never closed", "a{# }} %} #", at: 1, 2, "\"{#\" is never closed by \"#}\""),
        ErrorRow("comment whose # is its own", "{#}", at: 1, 1, "\"{#\" is never closed by \"#}\""),
        ErrorRow("raw never closed", "a{% raw %}{% endra %}", at: 1, 5, "\"raw\" is never closed by {% endraw %}"),
        ErrorRow("output closed as a tag", "{{ title %}", at: 1, 10, "expected \"}}\", found \"%}\""),
        ErrorRow("tag closed as an output", "{% if title }}", at: 1, 13, "expected \"%}\", found \"}}\""),
        ErrorRow("string never closed", "{% include \"a.html %}", at: 1, 12, "the string is not closed on its line"),
        ErrorRow(
            "string closed on the next line", "{% include \"a\n\" %}", at: 1, 12, "the string is not closed on its line"
        ),
        ErrorRow(
            "string closed by another quote", "{% include 'a\" %}", at: 1, 12, "the string is not closed on its line"),
        ErrorRow(
            "string ending in a backslash", "{% include 'a\\", at: 1, 14,
            "in a string \"\\\" stands only before a quote or itself"),
        ErrorRow(
            "unknown escape", "{% if title == 'é\\n' %}", at: 1, 18,
            "in a string \"\\\" stands only before a quote or itself"),
        ErrorRow("one equals sign", "{% if title = 'a' %}", at: 1, 13, "unexpected \"=\" inside a tag"),
        ErrorRow("exclamation mark", "{% if !title %}", at: 1, 7, "unexpected \"!\" inside a tag"),
        ErrorRow("character of several bytes", "{{ é }}", at: 1, 4, "unexpected \"é\" inside a tag"),
        ErrorRow("NUL", "{{ \0 }}", at: 1, 4, "unexpected \"\0\" inside a tag"),
        ErrorRow("name that begins with a digit", "{{ 1a }}", at: 1, 4, "\"1a\" is no 64-bit integer"),
        ErrorRow(
            "integer too great", "{% if count == 9223372036854775808 %}", at: 1, 16,
            "\"9223372036854775808\" is no 64-bit integer"),
        ErrorRow(
            "integer too small", "{% if count == -9223372036854775809 %}", at: 1, 16,
            "\"-9223372036854775809\" is no 64-bit integer"),
        ErrorRow("dash in a name", "{{ a-b }}", at: 1, 5, "\"-b\" is no 64-bit integer"),
    ])
    func `what cannot be cut is an error`(_ row: ErrorRow) { row.check() }

    @Test func `every prefix of a template is either a template or an error`() {
        let template = "a {%- if not (title == 'x\\'y') -%}{{ count | safe }}{# c #}{% raw %}{{{% endraw %}{% endif %}"
        let bytes = Array(template.utf8)
        for count in 0...bytes.count {
            let source = TemplateSource(name: "page.html", bytes: Array(bytes[..<count]))
            do {
                let tokens = try Lexer.tokens(of: source)
                #expect(tokens.last?.kind == .endOfFile)
            } catch {
                #expect((0..<count).contains(error.offset))
            }
        }
    }

    @Test func `a template that is not UTF-8 is an error where it stops being so`() {
        let source = TemplateSource(name: "page.html", bytes: Array("é\nab".utf8) + [0xC3, 0x28])
        let error = #expect(throws: TemplateError.self) { _ = try Parser.parse(source) }
        #expect(error?.line == 2)
        #expect(error?.column == 3)
        #expect(error?.message == "the template is not valid UTF-8 here")
    }
}
