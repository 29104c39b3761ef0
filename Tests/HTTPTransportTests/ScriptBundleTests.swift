import HTTP
import Testing

@testable import HTTPTransport

/// Scripts by their paths below `/js/`; `a.js` is the one that begins.
private func bundle(_ scripts: KeyValuePairs<String, String>) throws -> ScriptBundle {
    let files = Dictionary(uniqueKeysWithValues: scripts.map { ("/js/" + $0, $1) })
    return try ScriptBundle(of: "/js/a.js") { path in files[path].map { Array($0.utf8) } }
}

struct ScriptBundleTests {
    @Test func `each module comes once, after those that it imports, without imports and exports`() throws {
        let joined = try bundle([
            "a.js": """
            import { one, Two } from "./b.js";
            import {
              three,
            } from "./c.js";

            one(new Two(three));
            """,
            "b.js":
                "import { three } from \"./c.js\"; // why\nexport function one() { return three; }\nexport class Two {}\n",
            "c.js": "/** Three. */\nexport const three = 3;\nexport async function four() {}\nlet five;\n",
            "unused.js": "export default 1",
        ])
        #expect(
            String(decoding: joined.content, as: UTF8.self) == """
                // /js/c.js
                /** Three. */
                const three = 3;
                async function four() {}
                let five;
                // /js/b.js
                 // why
                function one() { return three; }
                class Two {}
                // /js/a.js

                one(new Two(three));

                """)
    }

    @Test(arguments: [
        // What looks like a declaration, an import or a bracket, and is none.
        "const s = \"import { x } from 'y'; }\"; const t = 'const x = \\'{';",
        "const t = `const x = ${{ a: `}${1}{` }.a} export`;",
        "// export default\n/* import x from \"y\"; { */",
        "const r = /[/\"{]\\/(/.test(\"x\") ? 1 / 2 : 3 / (4) / 5;",
        "const f = (x) => /}/u.test(x);",
        "const C = class Named {}; const g = function named() {}; const h = async function named() {};",
        "function k() { const x = 1, y = 2; let { z } = {}; function inner() {} class Inner {} }",
        "for (const x of [1, 2]) { const y = x, z = y; }",
        "const o = { import_: 1, of: 2 }; o.import; o.export; o.var; o.class;",
        "const abc$_1 = 0x1f_ff + 1e3 + .5 + 10n;",
        "export function* gen() { yield /}/; }",
    ])
    func `what is inside of strings, templates, comments, expressions and blocks stays as it is`(_ text: String) throws
    {
        let expected = text.replacing("export function", with: "function")
        let content = try ScriptModule(Array(text.utf8), path: "/js/a.js").content
        #expect(String(decoding: content, as: UTF8.self) == expected)
    }

    @Test func `names of expressions and of blocks are no names of the top level`() throws {
        let text = """
            const C = class Named {};
            const g = function named() { let inner; };
            if (g) { const block = 1; }
            async function later() {}
            async () => {};
            export class Last extends class {} {}
            let unset
            function afterNoSemicolon() {}
            """
        let names = try ScriptModule(Array(text.utf8), path: "/js/a.js").declarations.map(\.name)
        #expect(names == ["C", "g", "later", "Last", "unset", "afterNoSemicolon"])
    }

    private static let form = "an import has to be like import { a, b } from \"./x.js\"; at the top level"
    private static let export = "an export has to stand before const, let, class, function or async function"

    @Test(arguments: [
        ("\nimport x from \"./b.js\";", 2, form), ("import * as x from \"./b.js\";", 1, form),
        ("import \"./b.js\";", 1, form), ("import { x } from \"b.js\";", 1, form),
        ("import { x } from \"../b.js\";", 1, form), ("import { x } from \"./c/b.js\";", 1, form),
        ("import { x } from \"./.b.js\";", 1, form), ("import { x } from \"./b.mjs\";", 1, form),
        ("import { x } from \"./b.js\"", 1, form), ("import { x y } from \"./b.js\";", 1, form),
        ("import { default } from \"./b.js\";", 1, form), ("import { , } from \"./b.js\";", 1, form),
        ("const x = import(\"./b.js\");", 1, form), ("x();\nimport.meta.url;", 2, form),
        ("{ import { x } from \"./b.js\"; }", 1, form),
        ("import {\n  x as y,\n} from \"./b.js\";", 2, "x must not be renamed by an import"),
        ("export default class X {}", 1, export), ("const x = 1;\n\nexport { x };", 3, export),
        ("export * from \"./b.js\";", 1, export), ("export var x = 1;", 1, export),
        ("var x = 1;", 1, "var declares a name beyond its block: use const or let"),
        ("if (1) {\n  var x = 1;\n}", 2, "var declares a name beyond its block: use const or let"),
        ("const { x } = {};", 1, "a declaration at the top level has one name"),
        ("const x = 1,\n  y = 2;", 1, "a declaration at the top level has one name, and ends with a semicolon"),
        ("f(\n[1, 2];", 1, "the bracket that opens here is not closed"),
        ("f(]\n);", 1, "no bracket is open that this one would close"),
        ("x;\n}", 2, "no bracket is open that this one would close"),
        ("const x = 'a\n';", 1, "the string does not end in its line"), ("x;\n`a${1}", 2, "the template does not end"),
        ("/* a", 1, "the comment does not end"),
        ("const x = /a\n/;", 1, "the regular expression does not end in its line"),
    ])
    func `what cannot be joined is told with its line`(_ text: String, line: Int, reason: String) {
        #expect(throws: ScriptError(path: "/js/a.js", line: line, reason: reason)) {
            try bundle(["a.js": text, "b.js": ""])
        }
    }

    @Test func `a script that is not there, or does not export the name, is told where it is imported`() {
        let missing = ScriptError(path: "/js/a.js", line: 2, reason: "there is no /js/b.js")
        #expect(throws: missing) { try bundle(["a.js": "\nimport { x } from \"./b.js\";"]) }
        for other in ["const x = 1;", "export const y = 1;", "export const y = { x: 1 };"] {
            let unexported = ScriptError(path: "/js/a.js", line: 1, reason: "/js/b.js exports no x")
            #expect(throws: unexported) { try bundle(["a.js": "import { x } from \"./b.js\";", "b.js": other]) }
        }
        #expect("\(missing)" == "/js/a.js:2: there is no /js/b.js")
    }

    @Test func `two modules must not have a name in common, also one that is not exported`() {
        let error = ScriptError(
            path: "/js/a.js", line: 3,
            reason: "x is declared at the top level of /js/b.js:2, too, and they are joined into one script: it needs "
                + "another name")
        for declaration in ["const x = 1;", "class x {}", "function x() {}", "export let x;"] {
            #expect(throws: error) {
                try bundle([
                    "a.js": "import { y } from \"./b.js\";\n\n\(declaration)", "b.js": "export const y = 1;\nlet x;",
                ])
            }
        }
    }

    @Test func `modules that import each other are told, with the way round`() {
        let scripts: KeyValuePairs = [
            "a.js": "import { b } from \"./b.js\";", "b.js": "import { c } from \"./c.js\";\nexport const b = 1;",
            "c.js": "\nimport { b } from \"./b.js\";\nexport const c = 1;",
        ]
        let circle = "scripts import each other in a circle: /js/b.js, /js/c.js, /js/b.js"
        #expect(throws: ScriptError(path: "/js/c.js", line: 2, reason: circle)) { try bundle(scripts) }
    }

    // MARK: Among the files

    @Test func `a script has all that it imports in it under its lasting name, and stays alone under its own`() throws {
        let folder = try TestFolder()
        let module = "import { one } from \"./one.js\";\n" + String(repeating: "one();\n", count: 100)
        try folder.write(module, to: "/public/main.js")
        try folder.write("export function one() {}\n", to: "/public/one.js")
        let joined = ["/main.js", "/none.js"]
        let files = try StaticFiles(directory: folder.path, joining: joined)
        let name = try #require(files.lastingName(of: "/main.js"))
        let whole = try #require(try files.response(.get, name))
        let text = String(decoding: whole.contentInMemory, as: UTF8.self)
        #expect(text.hasPrefix("// /one.js\nfunction one() {}\n// /main.js\none();\n"))
        #expect(whole.fields[.contentType] == "text/javascript; charset=utf-8")
        #expect(whole.fields[.cacheControl] == "public, max-age=31536000, immutable")
        let compressed = try #require(try files.response(.get, name, [(.acceptEncoding, "gzip")]))
        #expect(compressed.fields[.contentEncoding] == "gzip")
        #expect(compressed.shared === (try files.response(.get, name, [(.acceptEncoding, "gzip")])?.shared))
        let part = try #require(try files.response(.get, name, [(.range, "bytes=3-9")]))
        #expect(Array(part.contentInMemory) == Array("/one.js".utf8))
        let alone = try #require(try files.response(.get, "/main.js"))
        #expect(Array(alone.contentInMemory) == Array(module.utf8))
        #expect(files.lastingName(of: "/none.js") == nil)

        try folder.write("export function one() { }\n", to: "/public/one.js")
        let changed = try StaticFiles(directory: folder.path, joining: joined)
        #expect(changed.lastingName(of: "/main.js") != name)
        #expect(try changed.response(.get, name) == nil)
        try folder.write("function one() {}\n", to: "/public/one.js")
        #expect(throws: ScriptError(path: "/main.js", line: 1, reason: "/one.js exports no one")) {
            try StaticFiles(directory: folder.path, joining: joined)
        }
    }

    @Test func `the scripts of the pages can be joined`() throws {
        let folder = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/Public"
        let scripts = ["/js/chat.js", "/js/rooms.js"]
        let files = try StaticFiles(directory: folder, joining: scripts)
        for script in scripts {
            let name = try #require(files.lastingName(of: script))
            let text = String(decoding: try #require(try files.response(.get, name)).contentInMemory, as: UTF8.self)
            #expect(!text.split(separator: "\n").contains { $0.hasPrefix("import") || $0.hasPrefix("export") })
        }
    }
}
