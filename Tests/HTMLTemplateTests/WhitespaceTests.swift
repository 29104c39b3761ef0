import HTMLTemplate
import Testing

struct WhitespaceTests {
    @Test(arguments: [
        OutputRow("newline after a tag", "{% if isOpen %}\na\n{% endif %}\nb", "a\nb"),
        OutputRow("only one newline", "{% if isOpen %}\n\na{% endif %}", "\na"),
        OutputRow("CRLF after a tag", "{% if isOpen %}\r\na\r\n{% endif %}\r\nb", "a\r\nb"),
        OutputRow("CR alone stays", "{% if isOpen %}\ra{% endif %}", "\ra"),
        OutputRow("newline after a comment", "{# c #}\na", "a"),
        OutputRow("newline after an output stays", "{{ title }}\na", "T\na"),
        OutputRow("blanks before the newline keep it", "{% if isOpen %} \na{% endif %}", " \na"),
        OutputRow("blanks before a tag", "a\n  \t{% if isOpen %}b{% endif %}", "a\nb"),
        OutputRow("blanks before the first tag", "  {% if isOpen %}b{% endif %}", "b"),
        OutputRow("blanks before a comment", "a\n  {# c #}b", "a\nb"),
        OutputRow("blanks before an output stay", "a\n  {{ title }}", "a\n  T"),
        OutputRow("blanks after text stay", "a  {% if isOpen %}b{% endif %}", "a  b"),
        OutputRow("blanks between tags stay", "{% if isOpen %}  {% if isOpen %}a{% endif %}{% endif %}", "  a"),
        OutputRow(
            "blanks after a dropped newline go", "{% if isOpen %}\n  {% if isOpen %}a{% endif %}{% endif %}", "a"),
        OutputRow("blanks after a comment stay", "{# c #} {% if isOpen %}a{% endif %}", " a"),
        OutputRow("dash before a tag", "a \n\t\r {%- if isOpen %}b{% endif %}", "ab"),
        OutputRow("dash after a tag", "{% if isOpen -%} \n\t\r b{% endif %}", "b"),
        OutputRow("dashes around an output", "a \n {{- title -}} \n b", "aTb"),
        OutputRow("dashes around a comment", "a \n {#- c -#} \n b", "ab"),
        OutputRow("dashes without blanks", "a {{-title-}} b", "aTb"),
        OutputRow("dash on one side", "a {{- title }} b", "aT b"),
        OutputRow("dashes beside each other", "{{ title -}} {{- title }}", "TT"),
        OutputRow("dash does not eat what is printed", "{{ title }}{{- title }}", "TT"),
        OutputRow(
            "a tidy list", "<ul>\n  {% for u in room.members %}\n  <li>{{ u.name }}</li>\n  {% endfor %}\n</ul>\n",
            "<ul>\n  <li>Ani</li>\n  <li>Budi</li>\n</ul>\n"),
        OutputRow("raw keeps its own", "{% raw %}\n  {{ }}\n  {% endraw %}\nb", "  {{ }}\nb"),
        OutputRow("other white space stays", "a\u{A0}{%- if isOpen -%}\u{A0}b{% endif %}", "a\u{A0}\u{A0}b"),
    ])
    func `white space beside tags is dropped as in Jinja2`(_ row: OutputRow) throws { try row.check() }
}
