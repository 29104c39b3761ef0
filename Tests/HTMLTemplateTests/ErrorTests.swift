import HTMLTemplate
import Testing

struct ErrorTests {
    static let names = "title, count, isOpen, subtitle, messages, room, reply, isFull, markup, link"

    @Test(arguments: [
        ErrorRow("unknown name", "<p>\n  {{ usr }}", at: 2, 6, "unknown name \"usr\"; known here: \(names)"),
        ErrorRow(
            "column by code points", "日本e\u{301}{{ usr }}", at: 1, 8, "unknown name \"usr\"; known here: \(names)"),
        ErrorRow("line after CRLF", "a\r\nb\r\n{{ usr }}", at: 3, 4, "unknown name \"usr\"; known here: \(names)"),
        ErrorRow("name in other case", "{{ Title }}", at: 1, 4, "unknown name \"Title\"; known here: \(names)"),
        ErrorRow(
            "unknown name in a condition", "{% if not usr %}{% endif %}", at: 1, 11,
            "unknown name \"usr\"; known here: \(names)"),
        ErrorRow(
            "unknown name in the second term", "{% if title or usr %}{% endif %}", at: 1, 16,
            "unknown name \"usr\"; known here: \(names)"),
        ErrorRow(
            "unknown name in elif", "{% if title %}{% elif usr %}{% endif %}", at: 1, 23,
            "unknown name \"usr\"; known here: \(names)"),
        ErrorRow(
            "unknown name in a comparison", "{% if usr == 1 %}{% endif %}", at: 1, 7,
            "unknown name \"usr\"; known here: \(names)"),
        ErrorRow(
            "unknown list", "{% for m in usr %}{% endfor %}", at: 1, 13, "unknown name \"usr\"; known here: \(names)"),
        ErrorRow(
            "unknown name in a branch never taken", "{% if isFull and not isFull %}{{ usr }}{% endif %}", at: 1, 34,
            "unknown name \"usr\"; known here: \(names)"),
        ErrorRow(
            "unknown name in a loop", "{% for m in messages %}{{ usr }}{% endfor %}", at: 1, 27,
            "unknown name \"usr\"; known here: m, \(names)"),
        ErrorRow(
            "variable after its loop", "{% for m in messages %}{% endfor %}{{ m.id }}", at: 1, 39,
            "unknown name \"m\"; known here: \(names)"),
        ErrorRow(
            "variable in the else of its loop", "{% for m in messages %}{% else %}{{ m.id }}{% endfor %}", at: 1, 37,
            "unknown name \"m\"; known here: \(names)"),
        ErrorRow("loop outside of a loop", "{{ loop.index }}", at: 1, 4, "unknown name \"loop\"; known here: \(names)"),
        ErrorRow(
            "unknown field", "{{ room.nam }}", at: 1, 9, "\"room\" has no field \"nam\"; it has: name, owner, members"),
        ErrorRow(
            "unknown field of a field", "{{ room.owner.x }}", at: 1, 15,
            "\"owner\" has no field \"x\"; it has: name, age, nick"),
        ErrorRow(
            "unknown field of an optional record", "{{ reply.x }}", at: 1, 10,
            "\"reply\" has no field \"x\"; it has: id, content, own, sender, tags"),
        ErrorRow(
            "unknown field of a variable", "{% for u in room.members %}{{ u.x }}{% endfor %}", at: 1, 33,
            "\"u\" has no field \"x\"; it has: name, age, nick"),
        ErrorRow("field of a text", "{{ title.x }}", at: 1, 10, "\"title\" is a text and has no fields"),
        ErrorRow("field of a list", "{{ messages.id }}", at: 1, 13, "\"messages\" is a list and has no fields"),
        ErrorRow(
            "unknown field of the loop", "{% for m in messages %}{{ loop.size }}{% endfor %}", at: 1, 27,
            "unknown \"loop.size\"; there are loop.index, loop.first and loop.last"),
        ErrorRow(
            "the loop itself", "{% for m in messages %}{{ loop }}{% endfor %}", at: 1, 27,
            "unknown \"loop\"; there are loop.index, loop.first and loop.last"),
    ])
    func `an unknown name is an error`(_ row: ErrorRow) { row.check() }

    @Test(arguments: [
        ErrorRow("list printed", "{{ messages }}", at: 1, 4, "\"messages\" is a list and cannot be printed"),
        ErrorRow("flag printed", "{{ isOpen }}", at: 1, 4, "\"isOpen\" is a flag and cannot be printed"),
        ErrorRow(
            "record printed", "{{ room }}", at: 1, 4,
            "\"room\" is a record; name one of its fields: name, owner, members"),
        ErrorRow(
            "inner record printed", "{{ room.owner }}", at: 1, 9,
            "\"owner\" is a record; name one of its fields: name, age, nick"),
        ErrorRow(
            "optional record printed", "{{ reply }}", at: 1, 4, "\"reply\" is an optional record and cannot be printed"),
        ErrorRow(
            "variable printed", "{% for u in room.members %}{{ u }}{% endfor %}", at: 1, 31,
            "\"u\" is a record; name one of its fields: name, age, nick"),
        ErrorRow(
            "loop.first printed", "{% for u in room.members %}{{ loop.first }}{% endfor %}", at: 1, 31,
            "\"loop.first\" is a flag and cannot be printed"),
        ErrorRow("safe number", "{{ count | safe }}", at: 1, 4, "\"count\" is a number; \"safe\" is for text"),
        ErrorRow(
            "safe loop.index", "{% for u in room.members %}{{ loop.index | safe }}{% endfor %}", at: 1, 31,
            "\"loop.index\" is a number; \"safe\" is for text"),
        ErrorRow(
            "loop over a text", "{% for m in title %}{% endfor %}", at: 1, 13,
            "\"title\" is a text, not a list to loop over"),
        ErrorRow(
            "loop over an optional record", "{% for m in reply %}{% endfor %}", at: 1, 13,
            "\"reply\" is an optional record, not a list to loop over"),
        ErrorRow(
            "loop over loop.index", "{% for m in messages %}{% for n in loop.index %}{% endfor %}{% endfor %}", at: 1,
            36, "\"loop.index\" is a number, not a list to loop over"),
        ErrorRow(
            "loop over loop.last", "{% for m in messages %}{% for n in loop.last %}{% endfor %}{% endfor %}", at: 1, 36,
            "\"loop.last\" is a flag, not a list to loop over"),
        ErrorRow(
            "condition on a record", "{% if room %}{% endif %}", at: 1, 7,
            "\"room\" is a record; name one of its fields: name, owner, members"),
        ErrorRow(
            "condition on loop.index", "{% for m in messages %}{% if loop.index %}{% endif %}{% endfor %}", at: 1, 30,
            "\"loop.index\" is always true; compare it"),
        ErrorRow(
            "text compared with an integer", "{% if title == 1 %}{% endif %}", at: 1, 7,
            "\"title\" is a text and cannot equal an integer"),
        ErrorRow(
            "number compared with a string", "{% if count != '1' %}{% endif %}", at: 1, 7,
            "\"count\" is a number and cannot equal a string"),
        ErrorRow(
            "flag compared", "{% if isOpen == 1 %}{% endif %}", at: 1, 7,
            "\"isOpen\" is a flag and cannot equal an integer"),
        ErrorRow(
            "list compared", "{% if messages == '' %}{% endif %}", at: 1, 7,
            "\"messages\" is a list and cannot equal a string"),
        ErrorRow(
            "loop.index compared with a string",
            "{% for m in messages %}{% if loop.index == '' %}{% endif %}{% endfor %}", at: 1, 30,
            "\"loop.index\" is a number and cannot equal a string"),
        ErrorRow(
            "loop.first compared", "{% for m in messages %}{% if loop.first == 1 %}{% endif %}{% endfor %}", at: 1, 30,
            "\"loop.first\" is a flag and cannot equal an integer"),
    ])
    func `a name used against its kind is an error`(_ row: ErrorRow) { row.check() }

    @Test(arguments: [
        ErrorRow(
            "unknown filter", "{{ title | upper }}", at: 1, 12, "unknown filter \"upper\"; the only one is \"safe\""),
        ErrorRow(
            "unknown filter after safe", "{{ title | safe | e }}", at: 1, 19,
            "unknown filter \"e\"; the only one is \"safe\""),
        ErrorRow("no filter", "{{ title | }}", at: 1, 12, "expected the name of a filter, found \"}}\""),
        ErrorRow("unknown function", "{{ now() }}", at: 1, 4, "unknown function \"now\""),
        ErrorRow("unknown tag", "a\n {% set x %}", at: 2, 5, "unknown tag \"set\""),
        ErrorRow("empty tag", "{% %}", at: 1, 4, "expected the name of a tag, found \"%}\""),
        ErrorRow("tag that is a dash", "{%-%}", at: 1, 4, "expected the name of a tag, found \"%}\""),
        ErrorRow("empty output", "{{ }}", at: 1, 4, "expected a name, found \"}}\""),
        ErrorRow("string printed", "{{ 'a' }}", at: 1, 4, "expected a name, found a string"),
        ErrorRow("two names", "{{ title count }}", at: 1, 10, "expected \"}}\", found \"count\""),
        ErrorRow("dot without a field", "{{ room. }}", at: 1, 10, "expected a name after \".\", found \"}}\""),
        ErrorRow("reserved word", "{{ not }}", at: 1, 4, "expected a name, found \"not\""),
        ErrorRow("if without a condition", "{% if %}{% endif %}", at: 1, 7, "expected a name, found \"%}\""),
        ErrorRow(
            "and without a second term", "{% if title and %}{% endif %}", at: 1, 17, "expected a name, found \"%}\""),
        ErrorRow("parenthesis not closed", "{% if (title %}{% endif %}", at: 1, 14, "expected \")\", found \"%}\""),
        ErrorRow("parenthesis not opened", "{% if title) %}{% endif %}", at: 1, 12, "expected \"%}\", found \")\""),
        ErrorRow("literal first", "{% if 'T' == title %}{% endif %}", at: 1, 7, "expected a name, found a string"),
        ErrorRow(
            "names compared", "{% if title == markup %}{% endif %}", at: 1, 16,
            "expected a string or an integer, found \"markup\""),
        ErrorRow("for without in", "{% for m of messages %}{% endfor %}", at: 1, 10, "expected \"in\", found \"of\""),
        ErrorRow(
            "for with a dotted variable", "{% for m.x in messages %}{% endfor %}", at: 1, 9,
            "expected \"in\", found \".\""),
        ErrorRow(
            "variable called loop", "{% for loop in messages %}{% endfor %}", at: 1, 8, "\"loop\" is the loop itself"),
        ErrorRow(
            "include without quotes", "{% include a.html %}", at: 1, 12,
            "expected a template's name in quotes, found \"a\""),
        ErrorRow("include with more", "{% include 'a.html' ignore %}", at: 1, 21, "expected \"%}\", found \"ignore\""),
        ErrorRow(
            "else with more", "{% if title %}{% else if %}{% endif %}", at: 1, 23, "expected \"%}\", found \"if\""),
        ErrorRow("endif with more", "{% if title %}{% endif title %}", at: 1, 24, "expected \"%}\", found \"title\""),
        ErrorRow("raw with more", "{% raw x %}{% endraw %}", at: 1, 4, "unknown tag \"raw\""),
        ErrorRow("if never closed", "{{ title }}\n{% if title %}a", at: 2, 4, "\"if\" is never closed by {% endif %}"),
        ErrorRow(
            "if never closed after else", "{% if title %}a{% else %}", at: 1, 4, "\"if\" is never closed by {% endif %}"
        ),
        ErrorRow("for never closed", "{% for m in messages %}", at: 1, 4, "\"for\" is never closed by {% endfor %}"),
        ErrorRow("block never closed", "{% block a %}", at: 1, 4, "\"block\" is never closed by {% endblock %}"),
        ErrorRow(
            "inner tag never closed", "{% if title %}{% for m in messages %}{% endif %}", at: 1, 41,
            "\"endif\" inside \"for\", where \"else\" or \"endfor\" is expected"),
        ErrorRow("end tag alone", "a{% endif %}", at: 1, 5, "\"endif\" closes nothing"),
        ErrorRow("endraw alone", "{% endraw %}", at: 1, 4, "\"endraw\" closes nothing"),
        ErrorRow("else alone", "{% else %}", at: 1, 4, "\"else\" closes nothing"),
        ErrorRow(
            "else twice", "{% if title %}{% else %}{% else %}{% endif %}", at: 1, 28,
            "\"else\" inside \"if\", where \"endif\" is expected"),
        ErrorRow(
            "elif after else", "{% if title %}{% else %}{% elif title %}{% endif %}", at: 1, 28,
            "\"elif\" inside \"if\", where \"endif\" is expected"),
        ErrorRow(
            "elif in a loop", "{% for m in messages %}{% elif title %}{% endfor %}", at: 1, 27,
            "\"elif\" inside \"for\", where \"else\" or \"endfor\" is expected"),
        ErrorRow(
            "endblock of another name", "{% block a %}{% endblock b %}", at: 1, 26,
            "\"endblock b\" ends the block \"a\""),
        ErrorRow("error in an unused part", "{% block a %}{% endblock %}{% bad %}", at: 1, 31, "unknown tag \"bad\""),
    ])
    func `what is not the language is an error`(_ row: ErrorRow) { row.check() }

    @Test func `an error shows the line with a caret and the way there`() throws {
        let library = TemplateLibrary(sources: [
            "page.html": "{% extends \"base.html\" %}\n{% block main %}\n  {% include \"list.html\" %}\n{% endblock %}",
            "base.html": "{% block main %}{% endblock %}",
            "list.html": "<ul>\r\n\té <b>{{ usr }}</b>\r\n</ul>",
        ])
        let error = #expect(throws: TemplateError.self) { _ = try library.template("page.html", for: TestPage.self) }
        #expect(
            error?.description == """
                list.html:2:10: unknown name "usr"; known here: \(Self.names)
                    \té <b>{{ usr }}</b>
                    \t        ^
                  included from page.html:3:14
                """)
        #expect(error?.sourceLine == "\té <b>{{ usr }}</b>")
    }

    @Test func `a page that does not exist is an error without a position`() {
        let error = #expect(throws: TemplateError.self) {
            _ = try TemplateLibrary(sources: ["a.html": ""]).template("page.html", for: TestPage.self)
        }
        #expect(error?.description == "page.html: there is no such template")
        #expect(error?.line == nil)
    }
}
