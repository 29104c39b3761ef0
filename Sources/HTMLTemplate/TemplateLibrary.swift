/// Templates by name, read and parsed once; pages are compiled from them at start.
///
/// The language is a part of Jinja2's, with `trim_blocks` and `lstrip_blocks`:
/// - `{{ name }}`, `{{ room.name }}`: the value, escaped; `{{ name | safe }}`: text as it is
/// - `{% if a and not (b.c or d == "x") %} … {% elif e != 3 %} … {% else %} … {% endif %}`
/// - `{% for m in messages %} … {% else %} … {% endfor %}`, with `loop.index` (from 1), `loop.first`, `loop.last`
/// - `{% include "components/message.html" %}`, which sees the names around it
/// - `{% extends "base.html" %}`, `{% block title %} … {% endblock %}`, `{{ super() }}`
/// - `{% id %}Ruang saya{% en %}My rooms{% endid %}`: what each of the library's languages says, in their order
/// - `{# comment #}`, `{% raw %} … {% endraw %}`, and `-` inside a delimiter to drop the white space beside it
///
/// A value is printed only where escaping keeps it what it is: between tags, in the text of `<title>` and `<textarea>`,
/// and in values with quotes, but for scripts, CSS and orders to the browser. A URL begins with `/` and a name, `?` or
/// `#` in the template, or is a `TemplateURL`. Branches end in the same place of the HTML; a loop's body, a block and a
/// template end where they begin, which also holds for what is included inside a value.
public struct TemplateLibrary: Sendable {
    private let templates: Compiler.Templates
    private let languages: [String]

    /// Reads every `*.html` in a directory and the directories below it, except names that begin with a dot.
    ///
    /// A template's name is its path from there, with slashes: `components/message.html`. Throws what cannot be read,
    /// and the first error that shows without knowing the page, also in a template that no page uses.
    ///
    /// - Parameter languages: the names of their tags, the first of which begins each sentence.
    public init(directory: String, languages: [String] = []) throws(TemplateError) {
        self.languages = languages
        var templates: Compiler.Templates = [:]
        for source in try TemplateDirectory.sources(in: directory) {
            templates[source.name] = .success(try Parser.parse(source, languages: languages))
        }
        self.templates = templates
    }

    /// Takes templates from memory, by name; an error in one is thrown when a page is loaded that uses it.
    public init(sources: [String: String], languages: [String] = []) {
        self.languages = languages
        var templates: Compiler.Templates = [:]
        for (name, text) in sources {
            do throws(TemplateError) {
                let source = TemplateSource(name: name, bytes: Array(text.utf8))
                templates[name] = .success(try Parser.parse(source, languages: languages))
            } catch {
                templates[name] = .failure(error)
            }
        }
        self.templates = templates
    }

    /// Compiles a page for contexts of one type.
    ///
    /// Throws when there is no template of that name, and for whatever in it, in what it includes and in what it
    /// extends does not fit the context's fields.
    ///
    /// - Parameter language: one of the library's; the first by default.
    public func template<Context: TemplateContext>(
        _ name: String, for: Context.Type, in language: String? = nil
    ) throws(TemplateError) -> Template<Context> {
        let place = language.map { languages.firstIndex(of: $0) } ?? 0
        guard let place else { preconditionFailure("\(language ?? "") is none of the library's languages") }
        let fields = Context.fields
        let program = try Compiler.compile(name, from: templates, shape: fields.shape, language: place)
        return Template(program: program, fields: fields)
    }
}
