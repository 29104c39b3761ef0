import HTMLTemplate
import Testing

/// What can be printed nowhere, and parts of a page that do not fit together.
struct PlaceErrorTests {
    /// A template and where in it is a value that cannot be printed, as the message says for which reason.
    private static func row(
        _ name: String, _ template: String, _ path: String = "title", at column: Int, _ place: String, _ reason: String
    ) -> ErrorRow {
        ErrorRow(name, "<p>\n\(template)", at: 2, column, "\"\(path)\" cannot be printed \(place): \(reason)")
    }

    private static let nothing = "nothing can be escaped for that place"
    private static let attribute = "it might become an attribute"
    private static let start =
        "the URL must begin with \"/\" and a name, \"?\" or \"#\" before it, or be of the kind \"url\""
    private static let elsewhere =
        "the URL may lead elsewhere; it must begin with \"/\" and a name, \"?\" or \"#\" in all branches"

    @Test(arguments: [
        row("tag", "<{{ title }}>", at: 5, "right after \"<\"", "it might become a tag"),
        row("end tag", "</{{ title }}>", at: 6, "right after \"</\"", "it might become a tag"),
        row("number for a tag", "<h{{ count }}>", "count", at: 6, "inside the tag <h>", attribute),
        row("in a tag", "<div {{ title }}>", at: 9, "inside the tag <div>", attribute),
        row("after a name", "<div a{{ title }}>", at: 10, "inside the tag <div>", attribute),
        row("after a slash", "<div /{{ title }}>", at: 10, "inside the tag <div>", attribute),
        row("after a value", "<div a=\"b\"{{ title }}>", at: 14, "inside the tag <div>", attribute),
        row("in an end tag", "</div {{ title }}>", at: 10, "inside the tag </div>", attribute),
        row("after an end of rawtext", "<style></style {{ title }}>", at: 19, "inside the tag </style>", attribute),
        row("number in a tag", "<div {{ count }}>", "count", at: 9, "inside the tag <div>", attribute),
        row(
            "unquoted", "<a title={{ title }}>", at: 13, "in the value of \"title\"",
            "a value needs quotes around it: title=\"{{ … }}\""),
        row(
            "within unquoted", "<a title=b{{ title }}>", at: 14, "in the value of \"title\"",
            "a value needs quotes around it: title=\"…\""),
        row("script", "<script>{{ title }}</script>", at: 12, "inside <script>", nothing),
        row("string in a script", "<SCRIPT a=\"b\">x = \"{{ title }}\"", at: 23, "inside <script>", nothing),
        row("script closed like a void element", "<script/>{{ title }}", at: 13, "inside <script>", nothing),
        row("style", "<style>{{ count }}", "count", at: 11, "inside <style>", nothing),
        row("other rawtext", "<iframe>{{ title }}", at: 12, "inside <iframe>", nothing),
        row("plain text", "<plaintext></plaintext>{{ title }}", at: 27, "inside <plaintext>", nothing),
        row("comment", "<!-- {{ title }} -->", at: 9, "inside a comment or \"<!\"", nothing),
        row("comment that seems to end", "<!-- -- > ->{{ title }}", at: 16, "inside a comment or \"<!\"", nothing),
        row("doctype", "<!DOCTYPE {{ title }}>", at: 14, "inside a comment or \"<!\"", nothing),
        row("begin of a comment", "<!-{{ title }}-->", at: 7, "inside a comment or \"<!\"", nothing),
        row("processing instruction", "<?{{ title }}>", at: 6, "inside a comment or \"<!\"", nothing),
        row(
            "end of a text area", "<textarea></textarea{{ title }}", at: 24, "inside <textarea>",
            "it might become a part of the end tag"),
        row(
            "less-than sign in a title", "<title><{{ title }}", at: 12, "inside <title>",
            "it might become a part of the end tag"),
        row(
            "event handler", "<a onclick=\"f('{{ title }}')\">", at: 19, "in the value of \"onclick\"", "it is a script"
        ),
        row("any handler", "<a ONNEW='{{ count }}'>", "count", at: 14, "in the value of \"onnew\"", "it is a script"),
        row("style attribute", "<a style=\"color: {{ title }}\">", at: 21, "in the value of \"style\"", "it is CSS"),
        row(
            "srcdoc", "<iframe srcdoc=\"{{ title }}\">", at: 20, "in the value of \"srcdoc\"",
            "it is a document of its own, whose markup escaping does not stop"),
        row(
            "type", "<script type=\"{{ title }}\">", at: 18, "in the value of \"type\"",
            "it decides what the element is or may do"),
        row(
            "other namespace", "<a xlink:to=\"{{ title }}\">", at: 17, "in the value of \"xlink:to\"",
            "it decides what the element is or may do"),
        row(
            "animated link", "<set attributeName=\"href\" to=\"{{ title }}\">", at: 34, "in the value of \"to\"",
            "it decides what the element is or may do"),
        row("href", "<a href=\"{{ title }}\">", at: 13, "in the value of \"href\"", start),
        row("optional text", "<a href=\"{{ subtitle }}\">", "subtitle", at: 13, "in the value of \"href\"", start),
        row("after a number", "<a href=\"{{ count }}{{ title }}\">", at: 24, "in the value of \"href\"", start),
        row("src", "<img SRC='{{ title }}'>", at: 14, "in the value of \"src\"", start),
        row("action", "<form action=\"{{ title }}\">", at: 18, "in the value of \"action\"", start),
        row("formaction", "<button formaction=\"{{ title }}\">", at: 24, "in the value of \"formaction\"", start),
        row("poster", "<video poster=\"{{ title }}\">", at: 19, "in the value of \"poster\"", start),
        row("cite", "<q cite=\"{{ title }}\">", at: 13, "in the value of \"cite\"", start),
        row("data of an object", "<object data=\"{{ title }}\">", at: 18, "in the value of \"data\"", start),
        row("link of a drawing", "<a xlink:href=\"{{ title }}\">", at: 19, "in the value of \"xlink:href\"", start),
        row(
            "slash alone", "<a href=\"/{{ title }}\">", at: 14, "in the value of \"href\"",
            "with \"/\" alone before it, it might name another host"),
        row(
            "slash and a number", "<a href=\"/{{ count }}{{ title }}\">", at: 25, "in the value of \"href\"",
            "with \"/\" alone before it, it might name another host"),
        row("two slashes", "<a href=\"//{{ title }}\">", at: 15, "in the value of \"href\"", elsewhere),
        row("slash and backslash", "<a href=\"/\\{{ title }}\">", at: 15, "in the value of \"href\"", elsewhere),
        row("slash and tab", "<a href=\"/\t{{ title }}\">", at: 15, "in the value of \"href\"", elsewhere),
        row("slash and reference", "<a href=\"/&#47;{{ title }}\">", at: 19, "in the value of \"href\"", elsewhere),
        row(
            "slash, number, slash", "<a href=\"/{{ count }}/{{ title }}\">", at: 26, "in the value of \"href\"",
            elsewhere),
        row("white space", "<a href=\" {{ title }}\">", at: 14, "in the value of \"href\"", elsewhere),
        row("scheme", "<a href=\"javascript:{{ count }}\">", "count", at: 24, "in the value of \"href\"", elsewhere),
        row("host", "<a href=\"https://a.{{ title }}\">", at: 23, "in the value of \"href\"", elsewhere),
        row("relative path", "<a href=\"rooms/{{ title }}\">", at: 19, "in the value of \"href\"", elsewhere),
        row(
            "text after a URL", "<a href=\"{{ link }}{{ title }}\">", at: 23, "in the value of \"href\"",
            "after a URL a text needs \"?\" or \"#\" before it"),
        row(
            "host's end after a URL", "<a href=\"{{ link }}.{{ title }}\">", at: 24, "in the value of \"href\"",
            elsewhere),
        row(
            "branches that begin differently", "<a href=\"{% if isOpen %}/a{% endif %}{{ title }}\">", at: 41,
            "in the value of \"href\"", elsewhere),
        row(
            "branch with a slash alone", "<a href=\"{% if isOpen %}/a{% else %}/{% endif %}{{ title }}\">", at: 52,
            "in the value of \"href\"", "with \"/\" alone before it, it might name another host"),
        row(
            "list of images", "<img srcset=\"/a {{ title }}\">", at: 20, "in the value of \"srcset\"",
            "it holds several URLs, and a text might add one"),
        row(
            "pings", "<a ping=\"/a/{{ link }}\">", "link", at: 16, "in the value of \"ping\"",
            "it holds several URLs, and a text might add one"),
    ])
    func `a value that escaping does not keep what it is is an error`(_ row: ErrorRow) { row.check() }

    @Test(arguments: [
        ErrorRow(
            "in a value", "<p title=\"{{ markup | safe }}\">", at: 1, 14,
            "\"markup\" cannot be printed in the value of \"title\": \"safe\" prints HTML as it is, which can only stand "
                + "between tags"),
        ErrorRow(
            "in a title", "<title>{{ markup | safe }}</title>", at: 1, 11,
            "\"markup\" cannot be printed inside <title>: \"safe\" prints HTML as it is, which can only stand "
                + "between tags"),
        ErrorRow(
            "in a script", "<script>{{ markup | safe }}</script>", at: 1, 12,
            "\"markup\" cannot be printed inside <script>: \"safe\" prints HTML as it is, which can only stand "
                + "between tags"),
        ErrorRow("URL", "{{ link | safe }}", at: 1, 4, "\"link\" is a URL; \"safe\" is for text"),
        ErrorRow(
            "URL with a string", "{% if link == '/' %}{% endif %}", at: 1, 7,
            "\"link\" is a URL and cannot equal a string"),
    ])
    func `safe where it makes no sense is an error`(_ row: ErrorRow) { row.check() }

    @Test(arguments: [
        ErrorRow(
            "refresh", "<meta http-equiv=\"refresh\" content=\"0; {{ title }}\">", at: 1, 43,
            "something is printed in the \"content\" of a <meta> with \"http-equiv\""),
        ErrorRow(
            "refresh after its content", "<meta content=\"0; {{ title }}\" http-equiv=\"refresh\">", at: 1, 43,
            "something is printed in the \"content\" of a <meta> with \"http-equiv\""),
        ErrorRow(
            "begin of a comment in a script", "<script>\n<!--</script>", at: 2, 2,
            "\"<!\" inside <script> may hide the end of the script"),
        ErrorRow(
            "CDATA", "<svg><![CDATA[", at: 1, 8, "\"<![\" is a section inside <svg> and <math>, and a comment elsewhere"
        ),
        ErrorRow(
            "style in a drawing", "<svg><style>", at: 1, 12,
            "<style> inside <svg> or <math> is read in another way than elsewhere"),
        ErrorRow(
            "attributes without white space", "<a b=\"c\"d>", at: 1, 9,
            "after an attribute white space, \"/\" or \">\" must come before anything else"),
        ErrorRow(
            "branches without white space", "<a{% if isOpen %} b{% endif %}{% if isOpen %}c{% endif %}>", at: 1, 46,
            "after an attribute white space, \"/\" or \">\" must come before anything else"),
        ErrorRow(
            "value of what a branch has named", "<a{% if isOpen %} onclick{% endif %}=\"\">", at: 1, 37,
            "after an attribute white space, \"/\" or \">\" must come before anything else"),
    ])
    func `what browsers read in more than one way is an error`(_ row: ErrorRow) { row.check() }

    @Test(arguments: [
        ErrorRow(
            "if", "<a b=\"{% if isOpen %}\">{% endif %}", at: 1, 10,
            "the branches end in different places: between tags and without it in the value of \"b\""),
        ErrorRow(
            "else", "{% if isOpen %}<a title=\"{% else %}\n<a alt=\"{% endif %}", at: 1, 29,
            "the branches end in different places: in the value of \"title\" and in the value of \"alt\""),
        ErrorRow(
            "elif", "{% if isOpen %}a{% elif isFull %}<!--{% else %}b{% endif %}", at: 1, 20,
            "the branches end in different places: between tags and inside a comment or \"<!\""),
        ErrorRow(
            "tags", "<{% if isOpen %}b{% else %}i{% endif %} title=\"\">", at: 1, 21,
            "the branches end in different places: inside the tag <b> and inside the tag <i>"),
        ErrorRow(
            "quotes", "<a b={% if isOpen %}\"{% else %}'{% endif %}\">", at: 1, 25,
            "the branches end in different places: in the value of \"b\" and at another point there"),
        ErrorRow(
            "script", "{% if isOpen %}<script>{% endif %}{{ title }}", at: 1, 4,
            "the branches end in different places: inside <script> and without it between tags"),
        ErrorRow(
            "drawing", "{% if isOpen %}<svg>{% endif %}", at: 1, 4,
            "the branches end in different places: inside <svg> or <math> and without it between tags"),
        ErrorRow(
            "loop", "{% for m in messages %}<p title=\"{% endfor %}", at: 1, 4,
            "\"for\" begins between tags and ends in the value of \"title\"; it must end where it begins"),
        ErrorRow(
            "loop of attributes", "<p{% for m in messages %} a{% endfor %}>", at: 1, 6,
            "\"for\" begins inside the tag <p> and ends at another point there; it must end where it begins"),
        ErrorRow(
            "loop's else", "{% for m in messages %}{% else %}<p title=\"{% endfor %}", at: 1, 27,
            "the branches end in different places: between tags and in the value of \"title\""),
        ErrorRow(
            "include", "<p title=\"{% include 'a.html' %}", with: ["a.html": "{{ title }}\">\n"], at: 1, 13,
            in: "a.html",
            "the template begins in the value of \"title\" and ends between tags; it must end where it begins",
            trace: ["included from page.html:1:22"]),
        ErrorRow(
            "block", "{% extends 'a.html' %}\n{% block b %}<b c=\"{% endblock %}",
            with: ["a.html": "{% block b %}{% endblock %}\">"], at: 2, 10,
            "the block \"b\" begins between tags and ends in the value of \"c\"; it must end where it begins"),
        ErrorRow(
            "page", "<p>\n<script>\n  a()\n", at: 3, 5,
            "the template begins between tags and ends inside <script>; it must end where it begins"),
        ErrorRow(
            "page whose base does not end", "{% extends 'a.html' %}", with: ["a.html": "<p\n"], at: 1, 2, in: "a.html",
            "the template begins between tags and ends inside the tag <p>; it must end where it begins",
            trace: ["extended by page.html:1:12"]),
    ])
    func `a part that does not end where it begins is an error`(_ row: ErrorRow) { row.check() }
}
