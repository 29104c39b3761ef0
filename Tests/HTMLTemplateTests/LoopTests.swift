import HTMLTemplate
import Testing

struct LoopTests {
    static let three = TestPage.messages(
        TestPage.message(1, "a", from: "Ani", tags: ["x", "y"]), TestPage.message(2, "<"),
        TestPage.message(3, "c", tags: ["z"]))

    @Test(arguments: [
        OutputRow(
            "records", "{% for m in messages %}{{ m.id }}{{ m.content }};{% endfor %}", "1a;2&lt;;3c;", page: three),
        OutputRow("no record", "[{% for m in messages %}x{% endfor %}]", "[]"),
        OutputRow("else of an empty list", "{% for m in messages %}x{% else %}-{{ title }}{% endfor %}", "-T"),
        OutputRow("else of a list", "{% for m in messages %}x{% else %}-{% endfor %}.", "xxx.", page: three),
        OutputRow("list in a record", "{% for u in room.members %}{{ u.name }} {% endfor %}", "Ani Budi "),
        OutputRow("list in an absent record", "{% for t in reply.tags %}x{% else %}-{% endfor %}", "-"),
        OutputRow(
            "optional field", "{% for m in messages %}[{{ m.sender.name }}]{% endfor %}", "[Ani][][]", page: three),
        OutputRow(
            "list in a loop",
            "{% for m in messages %}({% for t in m.tags %}{{ m.id }}{{ t.label }}{% else %}-{% endfor %})"
                + "{% endfor %}", "(1x1y)(-)(3z)", page: three),
        OutputRow(
            "page's names in a loop", "{% for m in messages %}{{ title }}{{ room.owner.name }}{% endfor %}",
            "TAniTAniTAni",
            page: three),
        OutputRow(
            "variable that hides a name", "{% for title in messages %}{{ title.id }}{% endfor %}{{ title }}", "123T",
            page: three),
        OutputRow(
            "variable that hides a variable",
            "{% for m in messages %}{% for m in m.tags %}{{ m.label }}{% endfor %}{{ m.id }}{% endfor %}", "xy12z3",
            page: three),
        OutputRow(
            "loop.index", "{% for m in messages %}{{ loop.index }}{% endfor %}", "123", page: three),
        OutputRow(
            "loop.first and loop.last",
            "{% for m in messages %}{% if loop.first %}[{% endif %}{{ m.id }}{% if not loop.last %},{% else %}]{% endif %}"
                + "{% endfor %}", "[1,2,3]", page: three),
        OutputRow(
            "both at once", "{% for m in messages %}{% if loop.first and loop.last %}only{% endif %}{% endfor %}",
            "only",
            page: .messages(TestPage.message(1, "a"))),
        OutputRow(
            "loop.index compared",
            "{% for m in messages %}{% if loop.index == 2 %}two{% elif loop.index != 3 %}one{% endif %}{% endfor %}",
            "onetwo",
            page: three),
        OutputRow(
            "loop of the outer loop after the inner",
            "{% for m in messages %}{% for t in m.tags %}{{ loop.index }}{% else %}e{{ loop.index }}{% endfor %}:"
                + "{{ loop.index }} {% endfor %}", "12:1 e2:2 1:3 ", page: three),
        OutputRow(
            "two loops in a row", "{% for m in messages %}a{% endfor %}{% for m in messages %}b{% endfor %}", "aaabbb",
            page: three),
        OutputRow(
            "condition on a field", "{% for m in messages %}{% if m.own %}o{% else %}x{% endif %}{% endfor %}", "oxx",
            page: three),
        OutputRow(
            "text that begins and ends a body", "a{% for m in messages %}b{{ m.id }}c{% endfor %}d", "ab1cb2cb3cd",
            page: three),
    ])
    func `a loop prints its body for each record`(_ row: OutputRow) throws { try row.check() }
}
