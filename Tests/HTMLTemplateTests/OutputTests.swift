import Testing

@testable import HTMLTemplate

struct OutputTests {
    @Test(arguments: [
        OutputRow("plain text", "<p>Halo & selamat datang</p>\n", "<p>Halo & selamat datang</p>\n"),
        OutputRow("empty", "", ""),
        OutputRow("text", "({{ title }})", "(T)"),
        OutputRow("no blanks", "{{title}}", "T"),
        OutputRow("newlines inside", "{{\n  title\r\n\t}}", "T"),
        OutputRow("escaped text", "{{ markup }}", "&lt;b&gt;"),
        OutputRow("safe text", "{{ markup | safe }}", "<b>"),
        OutputRow("safe without blanks", "{{markup|safe}}", "<b>"),
        OutputRow("safe twice is safe", "{{ markup | safe | safe }}", "<b>"),
        OutputRow("escaped bytes", "{{ markup }}", "&lt;i&gt;", page: .with { $0.markup = .utf8(Array("<i>".utf8)) }),
        OutputRow("safe bytes", "{{ markup | safe }}", "<i>", page: .with { $0.markup = .utf8(Array("<i>".utf8)) }),
        OutputRow("number", "{{ count }}", "3"),
        OutputRow("zero", "{{ count }}", "0", page: .with { $0.count = 0 }),
        OutputRow("ten", "{{ count }}", "10", page: .with { $0.count = 10 }),
        OutputRow("greatest", "{{ count }}", "9223372036854775807", page: .with { $0.count = .max }),
        OutputRow("least", "{{ count }}", "-9223372036854775808", page: .with { $0.count = .min }),
        OutputRow("absent text", "[{{ subtitle }}]", "[]"),
        OutputRow("present text", "[{{ subtitle }}]", "[&amp;]", page: .with { $0.subtitle = "&" }),
        OutputRow("absent safe text", "[{{ subtitle | safe }}]", "[]"),
        OutputRow("field", "{{ room.name }}", "Lobi"),
        OutputRow("field of a field", "{{ room.owner.name }} {{ room.owner.age }}", "Ani 41"),
        OutputRow("blanks around the dot", "{{ room . name }}", "Lobi"),
        OutputRow("field of an absent record", "[{{ reply.content }}]", "[]"),
        OutputRow("field of a record in an absent one", "[{{ reply.sender.name }}]", "[]"),
        OutputRow(
            "field of a present record", "{{ reply.content }}", "ya",
            page: .with { $0.reply = TestPage.message(1, "ya") }),
        OutputRow(
            "field of an absent record in a present one", "[{{ reply.sender.name }}]", "[]",
            page: .with { $0.reply = TestPage.message(1, "ya") }),
        OutputRow("comment", "a{# {{ unknown }} {% if %} #}b", "ab"),
        OutputRow("comment over lines", "a{#\n\n#}b", "ab"),
        OutputRow("smallest comments", "a{##}b{#-#}c", "abc"),
        OutputRow("raw", "{% raw %}{{ title }}{% if %}{# #}{% endraw %}", "{{ title }}{% if %}{# #}"),
        OutputRow("raw with dashes", "a {%- raw -%} {{ {%- endraw -%} b", "a{{b"),
        OutputRow("raw holding almost its end", "{% raw %}{% endrawer %}{%endraw%}", "{% endrawer %}"),
        OutputRow("empty raw", "a{% raw %}{% endraw %}b", "ab"),
    ])
    func `prints what the template says`(_ row: OutputRow) throws { try row.check() }

    @Test func `appends to what the buffer holds`() throws {
        let template = try TemplateLibrary(sources: ["page.html": "{{ title }}"]).template(
            "page.html", for: TestPage.self)
        var out = Array("vorher ".utf8)
        template.render(TestPage(), into: &out)
        template.render(TestPage(), into: &out)
        #expect(String(decoding: out, as: UTF8.self) == "vorher TT")
    }

    @Test func `prints output many times larger than its fixed text`() throws {
        let template = try TemplateLibrary(sources: ["page.html": "{{ title }}"]).template(
            "page.html", for: TestPage.self)
        let text = String(repeating: "é<", count: 50_000)
        let out = template.render(.with { $0.title = .text(text) })
        #expect(out == Array(String(repeating: "é&lt;", count: 50_000).utf8))
    }
}
