import HTMLTemplate
import Testing

/// What each language says, beside what the others say.
struct LanguageTests {
    private static let languages = ["id", "en"]

    private func library(_ template: String, _ others: [String: String] = [:]) -> TemplateLibrary {
        TemplateLibrary(sources: others.merging(["page.html": template]) { $1 }, languages: Self.languages)
    }

    private func output(_ template: String, in language: String?, with others: [String: String] = [:]) throws -> String
    {
        let template = try library(template, others).template("page.html", for: TestPage.self, in: language)
        return String(decoding: template.render(TestPage()), as: UTF8.self)
    }

    private func error(in template: String, language: String? = nil) throws -> TemplateError {
        try #require(
            throws: TemplateError.self,
            performing: { _ = try library(template).template("page.html", for: TestPage.self, in: language) })
    }

    @Test func `a page says what its language says`() throws {
        let template =
            "<p title=\"{% id %}Judul{% en %}Title{% endid %}\">{% id %}{{ title }} ada{% en %}There is {{ title }}{% endid %}.</p>"
        #expect(try output(template, in: "id") == "<p title=\"Judul\">T ada.</p>")
        #expect(try output(template, in: "en") == "<p title=\"Title\">There is T.</p>")
        #expect(try output(template, in: nil) == output(template, in: "id"))
    }

    @Test func `so does what is included, inherited or in a branch`() throws {
        let others = [
            "base.html": "{% id %}a{% en %}b{% endid %}{% block main %}{% endblock %}",
            "c.html": "{% id %}c{% en %}d{% endid %}",
        ]
        let template = """
            {% extends "base.html" %}{% block main %}{% if isOpen %}{% id %}{% include "c.html" %}!{% en %}\
            {% include "c.html" %}?{% endid %}{% endif %}{% endblock %}
            """
        #expect(try output(template, in: "id", with: others) == "ac!")
        #expect(try output(template, in: "en", with: others) == "bd?")
    }

    @Test(arguments: [
        ("{% id %}a{% endid %}", 13, "\"endid\" inside \"id\", where \"en\" is expected"),
        ("{% id %}a{% en %}b", 4, "\"id\" is never closed by {% endid %}"),
        ("{% id %}a{% en %}b{% en %}c{% endid %}", 22, "\"en\" inside \"id\", where \"endid\" is expected"),
        ("{% en %}a{% id %}b{% endid %}", 4, "\"en\" stands after {% id %} only"),
        ("a{% endid %}", 5, "\"endid\" stands after {% id %} only"),
        ("{% if isOpen %}{% en %}{% endif %}", 19, "\"en\" stands after {% id %} only"),
        ("{% jv %}a{% endjv %}", 4, "unknown tag \"jv\""),
        ("{% id x %}a{% en %}b{% endid %}", 7, "expected \"%}\", found \"x\""),
    ])
    func `a language that is missing, or in the wrong place, is an error`(
        template: String, column: Int, message: String
    ) throws {
        let error = try error(in: template)
        #expect(error.message == message)
        #expect(error.column == column)
    }

    @Test func `what one language says wrongly is an error in a page of that language`() throws {
        let template = "<p>{% id %}a{% en %}{{ nothing }}{% endid %}"
        #expect(try library(template).template("page.html", for: TestPage.self, in: "id").render(TestPage()).count == 4)
        #expect(try error(in: template, language: "en").message.hasPrefix("unknown name \"nothing\""))
    }

    @Test func `without languages there are no such tags`() {
        let library = TemplateLibrary(sources: ["page.html": "{% id %}a{% endid %}"])
        #expect(throws: TemplateError.self) { try library.template("page.html", for: TestPage.self) }
    }
}
