import HTMLTemplate
import Testing

/// What can be printed where.
struct PlaceTests {
    @Test(arguments: [
        OutputRow("between tags", "<p>{{ title }}</p>", "<p>T</p>"),
        OutputRow("value in double quotes", "<p title=\"{{ title }}\">", "<p title=\"T\">"),
        OutputRow("value in single quotes", "<p title = '{{ title }}'>", "<p title = 'T'>"),
        OutputRow("value beside the other quote", "<p title=\"it's {{ title }}\">", "<p title=\"it's T\">"),
        OutputRow("value with what looks like tags", "<p title=\"<script>{{ title }}\">", "<p title=\"<script>T\">"),
        OutputRow("data attribute", "<p data-href=\"{{ title }}\">", "<p data-href=\"T\">"),
        OutputRow("second attribute", "<p hidden id=x title=\"{{ title }}\"/>", "<p hidden id=x title=\"T\"/>"),
        OutputRow("text of a title", "<title>{{ title }} – <b> </titl></title>", "<title>T – <b> </titl></title>"),
        OutputRow("text area", "<textarea>\n{{ title }}</TEXTAREA >{{ count }}", "<textarea>\nT</TEXTAREA >3"),
        OutputRow("title in a drawing", "<svg><title>{{ title }}</title></svg>", "<svg><title>T</title></svg>"),
        OutputRow("after a script", "<script src=\"/a.js\"></script>{{ title }}", "<script src=\"/a.js\"></script>T"),
        OutputRow(
            "after what a script says", "<script>if (a</ script>b) '<p title='</scripting</SCRIPT\n>{{ title }}",
            "<script>if (a</ script>b) '<p title='</scripting</SCRIPT\n>T"),
        OutputRow("after a style", "<style>a{b:c}</style>{{ title }}", "<style>a{b:c}</style>T"),
        OutputRow("after a comment", "<!-- <a b=\" --> {{ title }}", "<!-- <a b=\" --> T"),
        OutputRow("after comments that end early", "<!-->{{ title }}<!--->{{ title }}", "<!-->T<!--->T"),
        OutputRow("after comments that end oddly", "<!--a--!>{{ title }}<!--b--->{{ title }}", "<!--a--!>T<!--b--->T"),
        OutputRow("after what is no comment", "<!DOCTYPE html>{{ title }}<?a?>{{ title }}", "<!DOCTYPE html>T<?a?>T"),
        OutputRow("after an empty end tag", "</>{{ title }}</3>{{ title }}", "</>T</3>T"),
        OutputRow("less-than sign that is text", "1 < 2 <3 {{ title }}", "1 < 2 <3 T"),
        OutputRow("noscript", "<noscript><b>{{ title }}</b></noscript>", "<noscript><b>T</b></noscript>"),
        OutputRow(
            "meta", "<meta name=\"description\" content=\"{{ title }}\">", "<meta name=\"description\" content=\"T\">"),
        OutputRow("path with an end", "<a href=\"/room/{{ count }}/{{ title }}\">", "<a href=\"/room/3/T\">"),
        OutputRow("number after a slash", "<a href=\"/{{ count }}\">", "<a href=\"/3\">"),
        OutputRow("number alone", "<a href=\"{{ count }}\">", "<a href=\"3\">"),
        OutputRow("query", "<a href=\"?q={{ title }}\">", "<a href=\"?q=T\">"),
        OutputRow("fragment", "<a href=\"#{{ title }}\">", "<a href=\"#T\">"),
        OutputRow("URL", "<a href=\"{{ link }}\">", "<a href=\"/a?b=1&amp;c\">"),
        OutputRow("URL with a fragment", "<img src='{{ link }}#{{ title }}'>", "<img src='/a?b=1&amp;c#T'>"),
        OutputRow("URL in a query", "<a href=\"/login?next={{ link }}\">", "<a href=\"/login?next=/a?b=1&amp;c\">"),
        OutputRow("URL as text", "<p title=\"{{ link }}\">{{ link }}", "<p title=\"/a?b=1&amp;c\">/a?b=1&amp;c"),
        OutputRow("number in a list of URLs", "<img srcset=\"/a?{{ count }} 2x\">", "<img srcset=\"/a?3 2x\">"),
        OutputRow("foreign URL without a value", "<a href=\"https://swift.org/\">", "<a href=\"https://swift.org/\">"),
        OutputRow("safe between tags", "<div>{{ markup | safe }}</div>", "<div><b></div>"),
    ])
    func `a value is printed where escaping keeps it what it is`(_ row: OutputRow) throws { try row.check() }

    @Test(arguments: [
        OutputRow("attribute or none", "<a{% if isFull %} b{% endif %} c>", "<a c>"),
        OutputRow("value or none", "<a{% if isOpen %} b=\"c\"{% endif %}>", "<a b=\"c\">"),
        OutputRow("several", "<a b{% if isOpen %} c{% endif %}{% if isFull %} d{% endif %}/>", "<a b c/>"),
        OutputRow("after white space", "<a {% if isOpen %}b=\"c\"{% else %}d{% endif %} e>", "<a b=\"c\" e>"),
        OutputRow("with white space after", "<a {% if isFull %}b=\"c\" {% endif %}e>", "<a e>"),
        OutputRow("part of a value", "<a b=\"c{% if isOpen %} {{ title }}{% endif %}\">", "<a b=\"c T\">"),
        OutputRow(
            "beginning of a URL", "<a href=\"{% if isOpen %}/a{% else %}/{% endif %}\">", "<a href=\"/a\">"),
        OutputRow(
            "path in each", "<a href=\"{% if isOpen %}/a{% else %}?{% endif %}{{ title }}\">", "<a href=\"/aT\">"),
        OutputRow("whole tags", "{% if isOpen %}<a b=\"c\">{% else %}<i>{% endif %}{{ title }}", "<a b=\"c\">T"),
        OutputRow(
            "loop in a value", "<a b=\"{% for m in room.members %}{{ m.name }},{% endfor %}\">", "<a b=\"Ani,Budi,\">"),
        OutputRow(
            "include in a value", "<a b=\"{% include 'a.html' %}\">", "<a b=\"T\">", with: ["a.html": "{{ title }}"]),
        OutputRow(
            "include in a tag", "<a{% include 'a.html' %}>", "<a b=\"T\">", with: ["a.html": " b=\"{{ title }}\""]),
        OutputRow(
            "block in a value", "{% extends 'a.html' %}{% block b %}{{ super() }}{{ title }}{% endblock %}",
            "<a b=\"cT\">",
            with: ["a.html": "<a b=\"{% block b %}c{% endblock %}\">"]),
        OutputRow(
            "block in a path", "{% extends 'a.html' %}{% block b %}{{ title }}{% endblock %}", "<a href=\"/x/T\">",
            with: ["a.html": "<a href=\"/x/{% block b %}{% endblock %}\">"]),
    ])
    func `parts that end where they begin are put together`(_ row: OutputRow) throws { try row.check() }

    @Test(arguments: [
        ("/", true), ("/dashboard", true), ("/room/7?at=41#newest", true), ("/%2F", true), ("", false), ("a", false),
        ("//evil.example", false), ("/\\evil.example", false), ("/a\\b", false), ("/\t/evil.example", false),
        (" /a", false), ("/a b", false), ("/é", false), ("/a\"", false), ("/a<", false), ("/a\0", false),
        ("javascript:alert(1)", false), ("https://a.example/", false), ("?a", false),
    ])
    func `a path stays on this site`(_ text: String, isPath: Bool) {
        #expect(TemplateURL(path: text)?.text == (isPath ? text : nil))
    }

    @Test(arguments: [
        ("https://chat.example/join/7", true), ("http://127.0.0.1:8080", true), ("http://[::1]/", true),
        ("https://", false), ("https:///a", false), ("https:/a.example", false), ("HTTPS://a.example", false),
        ("javascript://a.example/%0aalert(1)", false), ("data:text/html,a", false), ("//a.example", false),
        ("https://a.example/ b", false), ("https://\\a.example", false), ("/a", false), ("", false),
    ])
    func `an address of the web is no script`(_ text: String, isAddress: Bool) {
        #expect(TemplateURL(web: text)?.text == (isAddress ? text : nil))
    }

    @Test func `a literal that is no path stops the program`() async {
        await #expect(processExitsWith: .failure) { _ = "javascript:alert(1)" as TemplateURL }
    }
}
