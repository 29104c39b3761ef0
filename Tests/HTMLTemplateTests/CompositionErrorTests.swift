import HTMLTemplate
import Testing

struct CompositionErrorTests {
    static let base = "{% block title %}{% endblock %}{% block main %}{% endblock %}"

    @Test(arguments: [
        ErrorRow("missing", "a\n{% include \"x.html\" %}", at: 2, 12, "there is no template \"x.html\""),
        ErrorRow(
            "missing in a branch never taken", "{% if isFull %}{% include \"x.html\" %}{% endif %}", at: 1, 27,
            "there is no template \"x.html\""),
        ErrorRow(
            "missing in an include", "\n{% include \"a.html\" %}", with: ["a.html": "{% include 'x.html' %}"], at: 1,
            12, in: "a.html",
            "there is no template \"x.html\"", trace: ["included from page.html:2:12"]),
        ErrorRow(
            "two includes deep", "{% include \"a.html\" %}",
            with: ["a.html": "\n {% include 'b.html' %}", "b.html": "{{ isOpen }}"],
            at: 1, 4, in: "b.html", "\"isOpen\" is a flag and cannot be printed",
            trace: ["included from a.html:2:13", "included from page.html:1:12"]),
        ErrorRow(
            "not parsed", "{% include \"a.html\" %}", with: ["a.html": "{{ "], at: 1, 1, in: "a.html",
            "\"{{\" is never closed by \"}}\"",
            trace: ["included from page.html:1:12"]),
        ErrorRow(
            "variable that only one includer has",
            "{% for m in messages %}{% include 'a.html' %}{% endfor %}{% include 'a.html' %}",
            with: ["a.html": "{{ m.id }}"], at: 1, 4, in: "a.html",
            "unknown name \"m\"; known here: \(ErrorTests.names)",
            trace: ["included from page.html:1:69"]),
        ErrorRow("itself", "{% include 'page.html' %}", at: 1, 12, "a template includes itself: page.html → page.html"),
        ErrorRow(
            "in a circle", "{% include 'a.html' %}",
            with: ["a.html": "{% include 'b.html' %}", "b.html": "\n{% include 'a.html' %}"], at: 2,
            12, in: "b.html", "a template includes itself: a.html → b.html → a.html",
            trace: ["included from a.html:1:12", "included from page.html:1:12"]),
        ErrorRow(
            "circle through extends", "{% extends 'base.html' %}", with: ["base.html": "{% include 'page.html' %}"],
            at: 1, 12,
            in: "base.html", "a template includes itself: page.html → page.html", trace: ["extended by page.html:1:12"]),
        ErrorRow(
            "circle of an included template's base", "{% include 'a.html' %}",
            with: ["a.html": "{% extends 'base.html' %}", "base.html": "{% include 'a.html' %}"], at: 1, 12,
            in: "base.html",
            "a template includes itself: a.html → a.html",
            trace: ["extended by a.html:1:12", "included from page.html:1:12"]),
    ])
    func `a wrong include is an error`(_ row: ErrorRow) { row.check() }

    @Test(arguments: [
        ErrorRow("missing", "{% extends 'x.html' %}", at: 1, 12, "there is no template \"x.html\""),
        ErrorRow("itself", "{% extends 'page.html' %}", at: 1, 12, "a template extends itself: page.html → page.html"),
        ErrorRow(
            "in a circle", "{% extends 'a.html' %}",
            with: ["a.html": "{% extends 'b.html' %}", "b.html": "{% extends 'a.html' %}"],
            at: 1, 12, in: "b.html", "a template extends itself: page.html → a.html → b.html → a.html",
            trace: ["extended by a.html:1:12", "extended by page.html:1:12"]),
        ErrorRow(
            "after text", "a{% extends 'base.html' %}", at: 1, 5, "\"extends\" must come first in a template, and once"),
        ErrorRow(
            "after an output", "{{ title }}{% extends 'base.html' %}", at: 1, 15,
            "\"extends\" must come first in a template, and once"),
        ErrorRow(
            "twice", "{% extends 'a.html' %}{% extends 'a.html' %}", at: 1, 26,
            "\"extends\" must come first in a template, and once"),
        ErrorRow(
            "inside a condition", "{% if title %}{% extends 'a.html' %}{% endif %}", at: 1, 18,
            "\"extends\" must come first in a template, and once"),
        ErrorRow(
            "base not parsed", "{% extends 'base.html' %}", with: ["base.html": "{% if %}"], at: 1, 7, in: "base.html",
            "expected a name, found \"%}\"", trace: ["extended by page.html:1:12"]),
        ErrorRow(
            "error in the base", "{# #}{% extends 'base.html' %}", with: ["base.html": "\n{{ usr }}"], at: 2, 4,
            in: "base.html",
            "unknown name \"usr\"; known here: \(ErrorTests.names)", trace: ["extended by page.html:1:17"]),
        ErrorRow(
            "error in a replaced block", "{% extends 'base.html' %}\n{% block main %}{{ usr }}{% endblock %}",
            with: ["base.html": base],
            at: 2, 20, "unknown name \"usr\"; known here: \(ErrorTests.names)"),
        ErrorRow(
            "error in a block reached by super", "{% extends 'a.html' %}{% block main %}{{ super() }}{% endblock %}",
            with: ["a.html": "{% block main %}{{ usr }}{% endblock %}"], at: 1, 20, in: "a.html",
            "unknown name \"usr\"; known here: \(ErrorTests.names)", trace: ["extended by page.html:1:12"]),
        ErrorRow(
            "text outside of blocks", "{% extends 'base.html' %}\n\n  halo{% block main %}{% endblock %}",
            with: ["base.html": base], at: 3, 3,
            "a template that extends another prints only its blocks; this is outside"),
        ErrorRow(
            "output outside of blocks", "{% extends 'base.html' %}{{ title }}", with: ["base.html": base], at: 1, 29,
            "a template that extends another prints only its blocks; this is outside"),
        ErrorRow(
            "condition outside of blocks", "{% extends 'base.html' %}{% if not (title) %}{% endif %}",
            with: ["base.html": base], at: 1, 37,
            "a template that extends another prints only its blocks; this is outside"),
        ErrorRow(
            "loop outside of blocks", "{% extends 'base.html' %}{% for m in messages %}{% endfor %}",
            with: ["base.html": base], at: 1, 33,
            "a template that extends another prints only its blocks; this is outside"),
        ErrorRow(
            "include outside of blocks", "{% extends 'base.html' %}{% include 'base.html' %}",
            with: ["base.html": base], at: 1, 37,
            "a template that extends another prints only its blocks; this is outside"),
    ])
    func `a wrong extends is an error`(_ row: ErrorRow) { row.check() }

    @Test(arguments: [
        ErrorRow(
            "twice", "{% block a %}{% endblock %}\n{% block a %}{% endblock %}", at: 2, 10,
            "the block \"a\" is in this template twice"),
        ErrorRow(
            "inside its namesake", "{% block a %}{% block a %}{% endblock %}{% endblock %}", at: 1, 23,
            "the block \"a\" is in this template twice"),
        ErrorRow("without a name", "{% block %}{% endblock %}", at: 1, 10, "expected the block's name, found \"%}\""),
        ErrorRow(
            "that no base has", "{% extends 'base.html' %}{% block titel %}{% endblock %}", with: ["base.html": base],
            at: 1, 35,
            "no template that this one extends has a block \"titel\""),
        ErrorRow(
            "that no base of the middle has", "{% extends 'a.html' %}",
            with: ["base.html": base, "a.html": "{% extends 'base.html' %}{% block x %}{% endblock %}"], at: 1, 35,
            in: "a.html",
            "no template that this one extends has a block \"x\"", trace: ["extended by page.html:1:12"]),
        ErrorRow(
            "in a block that is replaced",
            "{% extends 'a.html' %}{% block outer %}{% endblock %}{% block inner %}{% endblock %}",
            with: ["a.html": "{% block outer %}{% block inner %}{% endblock %}{% endblock %}"], at: 1, 63,
            "the block \"inner\" is never printed: the block around it is replaced"),
        ErrorRow(
            "inside itself by super",
            "{% extends 'a.html' %}{% block b %}{% block a %}{{ super() }}{% endblock %}{% endblock %}",
            with: ["a.html": "{% block a %}{% block b %}{% endblock %}{% endblock %}"], at: 1, 45,
            "the block \"a\" is inside itself"),
        ErrorRow("super outside of a block", "{{ super() }}", at: 1, 4, "\"super()\" is outside of any block"),
        ErrorRow(
            "super without a parent", "{% block a %}{{ super() }}{% endblock %}", at: 1, 17,
            "no template that this one extends has a block \"a\""),
        ErrorRow(
            "super in a base without a parent", "{% extends 'a.html' %}{% block a %}{{ super() }}{% endblock %}",
            with: ["a.html": "\n{% block a %}{{ super() }}{% endblock %}"], at: 2, 17, in: "a.html",
            "no template that this one extends has a block \"a\"", trace: ["extended by page.html:1:12"]),
        ErrorRow(
            "super with a filter", "{% block a %}{{ super() | safe }}{% endblock %}", at: 1, 25,
            "expected \"}}\", found \"|\""),
        ErrorRow(
            "super with an argument", "{% block a %}{{ super(1) }}{% endblock %}", at: 1, 23,
            "expected \")\", found an integer"),
        ErrorRow(
            "super in an include", "{% block a %}{% include 'a.html' %}{% endblock %}",
            with: ["a.html": "{{ super() }}"], at: 1, 4,
            in: "a.html", "\"super()\" is outside of any block", trace: ["included from page.html:1:25"]),
    ])
    func `a wrong block is an error`(_ row: ErrorRow) { row.check() }
}
