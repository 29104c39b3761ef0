import HTMLTemplate
import Testing

struct CompositionTests {
    static let base = "<title>{% block title %}Obrolan{% endblock %}</title>{% block main %}-{% endblock main %}"

    @Test(arguments: [
        OutputRow("base by itself", base, "<title>Obrolan</title>-"),
        OutputRow(
            "nothing replaced", "{% extends \"base.html\" %}", "<title>Obrolan</title>-", with: ["base.html": base]),
        OutputRow(
            "one block replaced", "{% extends 'base.html' %}\n{% block main %}{{ title }}{% endblock %}\n",
            "<title>Obrolan</title>T", with: ["base.html": base]),
        OutputRow(
            "both, in another order",
            "{% extends 'base.html' %}{% block main %}M{% endblock %} {% block title %}N{% endblock %}",
            "<title>N</title>M", with: ["base.html": base]),
        OutputRow(
            "comment before extends", "{# page #}\n\n{% extends 'base.html' %}{# end #}", "<title>Obrolan</title>-",
            with: ["base.html": base]),
        OutputRow(
            "super", "{% extends 'base.html' %}{% block title %}{{ title }} - {{ super() }}{% endblock %}",
            "<title>T - Obrolan</title>-", with: ["base.html": base]),
        OutputRow(
            "super twice", "{% extends 'base.html' %}{% block title %}{{ super() }}{{ super( ) }}{% endblock %}",
            "<title>ObrolanObrolan</title>-", with: ["base.html": base]),
        OutputRow(
            "three levels with super in each",
            "{% extends 'middle.html' %}{% block title %}3{{ super() }}{% endblock %}", "<title>32Obrolan</title>-",
            with: [
                "base.html": base,
                "middle.html": "{% extends 'base.html' %}{% block title %}2{{ super() }}{% endblock %}",
            ]),
        OutputRow(
            "super past a level without the block",
            "{% extends 'middle.html' %}{% block title %}3{{ super() }}{% endblock %}", "<title>3Obrolan</title>M",
            with: ["base.html": base, "middle.html": "{% extends 'base.html' %}{% block main %}M{% endblock %}"]),
        OutputRow(
            "block made in the middle", "{% extends 'middle.html' %}{% block side %}S{% endblock %}",
            "<title>Obrolan</title>[S]",
            with: [
                "base.html": base,
                "middle.html":
                    "{% extends 'base.html' %}{% block main %}[{% block side %}{% endblock %}]{% endblock %}",
            ]),
        OutputRow(
            "inner block replaced", "{% extends 'base.html' %}{% block inner %}I{% endblock %}", "(I)",
            with: ["base.html": "{% block outer %}({% block inner %}{% endblock %}){% endblock %}"]),
        OutputRow(
            "inner block reached by super",
            "{% extends 'base.html' %}{% block outer %}[{{ super() }}]{% endblock %}{% block inner %}I{% endblock %}",
            "[(I)]",
            with: ["base.html": "{% block outer %}({% block inner %}{% endblock %}){% endblock %}"]),
        OutputRow(
            "block in a loop sees its variable", "{% extends 'base.html' %}{% block item %}{{ u.name }}{% endblock %}",
            "Ani,Budi,",
            with: ["base.html": "{% for u in room.members %}{% block item %}{% endblock %},{% endfor %}"]),
        OutputRow(
            "block in a condition", "{% extends 'base.html' %}{% block a %}A{% endblock %}", "[]",
            with: ["base.html": "[{% if isFull %}{% block a %}{% endblock %}{% endif %}]"]),
    ])
    func `blocks replace those of the extended template`(_ row: OutputRow) throws { try row.check() }

    @Test(arguments: [
        OutputRow("text", "[{% include \"a.html\" %}]", "[A]", with: ["a.html": "A"]),
        OutputRow("page's names", "{% include \"a.html\" %}", "T", with: ["a.html": "{{ title }}"]),
        OutputRow(
            "loop's names", "{% for u in room.members %}{% include \"components/u.html\" %}{% endfor %}", "1Ani2Budi",
            with: ["components/u.html": "{{ loop.index }}{{ u.name }}"]),
        OutputRow(
            "twice, in scopes of different depth",
            "{% for u in room.members %}{% include \"t.html\" %}{% endfor %}{% include \"t.html\" %}", "TTT",
            with: ["t.html": "{{ title }}"]),
        OutputRow(
            "include in an include", "{% include \"a.html\" %}", "T",
            with: ["a.html": "{% include 'b.html' %}", "b.html": "{{ title }}"]),
        OutputRow(
            "include in a block", "{% extends 'base.html' %}{% block main %}{% include 'a.html' %}{% endblock %}",
            "<title>Obrolan</title>A", with: ["base.html": base, "a.html": "A"]),
        OutputRow(
            "included template with inheritance of its own",
            "{% block title %}page{% endblock %}:{% include 'card.html' %}", "page:<title>card</title>-",
            with: ["base.html": base, "card.html": "{% extends 'base.html' %}{% block title %}card{% endblock %}"]),
        OutputRow(
            "newline after the tag", "a\n  {% include 'a.html' %}\nb\n", "a\nA\nb\n", with: ["a.html": "A\n"]),
        OutputRow(
            "included template that ends a line", "{% include 'a.html' %}{% include 'a.html' %}", "AA",
            with: ["a.html": "A"]),
    ])
    func `an include sees the scope around it`(_ row: OutputRow) throws { try row.check() }
}
