import HTMLTemplate
import Testing

struct LibraryTests {
    @Test func `reads every HTML file below a directory by its path`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("page.html", "{% include \"components/message.html\" %}{% include 'a/b/c.html' %}")
        try directory.write("components/message.html", "[{{ title }}]")
        try directory.write("a/b/c.html", String(repeating: "é", count: 100_000))
        try directory.write("empty.html", "")
        let library = try TemplateLibrary(directory: directory.path)
        let output = try library.template("page.html", for: TestPage.self).render(TestPage())
        #expect(output == Array(("[T]" + String(repeating: "é", count: 100_000)).utf8))
        #expect(try library.template("empty.html", for: TestPage.self).render(TestPage()).isEmpty)
    }

    @Test func `leaves files alone that are no templates`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("page.html~", "{% bad %}")
        try directory.write(".#page.html", "{% bad %}")
        try directory.write(".git/page.html", "{% bad %}")
        try directory.write("notes.txt", "{% bad %}")
        try directory.write("page.html", "{{ title }}")
        let library = try TemplateLibrary(directory: directory.path)
        #expect(try library.template("page.html", for: TestPage.self).render(TestPage()) == [0x54])
        #expect(throws: TemplateError.self) { _ = try library.template("notes.txt", for: TestPage.self) }
    }

    @Test func `an error in a template that no page uses is thrown`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("a/unused.html", "\n{% bad %}")
        let error = #expect(throws: TemplateError.self) { _ = try TemplateLibrary(directory: directory.path) }
        #expect(error?.file == "a/unused.html")
        #expect(error?.line == 2)
    }

    @Test func `a directory that is not there is an error with its path and the reason`() throws {
        let path = try TemporaryDirectory().path + "/missing"
        let error = #expect(throws: TemplateError.self) { _ = try TemplateLibrary(directory: path) }
        #expect(error?.description == "\(path): cannot open the directory: No such file or directory")
        #expect(error?.line == nil)
    }

    @Test func `a file in place of the directory is an error`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("page.html", "")
        let path = directory.path + "/page.html"
        let error = #expect(throws: TemplateError.self) { _ = try TemplateLibrary(directory: path) }
        #expect(error?.description == "\(path): cannot open the directory: Not a directory")
    }

    @Test func `a link to nowhere is an error with its path`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/page.html"
        directory.link("page.html", to: "nowhere")
        let error = #expect(throws: TemplateError.self) { _ = try TemplateLibrary(directory: directory.path) }
        #expect(error?.description == "\(path): cannot look at the file: No such file or directory")
    }

    @Test func `one library makes pages for contexts of several types`() throws {
        struct Other: TemplateContext {
            static let fields: TemplateFields<Other> = [.flag("extra") { _ in true }, .text("title") { _ in "other" }]
        }
        let library = TemplateLibrary(sources: ["page.html": "{{ title }}", "count.html": "{{ count }}"])
        #expect(try library.template("page.html", for: Other.self).render(Other()) == Array("other".utf8))
        #expect(try library.template("page.html", for: TestPage.self).render(TestPage()) == [0x54])
        #expect(throws: TemplateError.self) { _ = try library.template("count.html", for: Other.self) }
    }
}
