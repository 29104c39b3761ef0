import Testing

@testable import HTMLTemplate

struct EscapingTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let escaped: String

        init(_ name: String, _ text: String, _ escaped: String) {
            testDescription = name
            self.text = text
            self.escaped = escaped
        }
    }

    @Test(arguments: [
        Row("nothing", "", ""),
        Row("plain", "Halo, apa kabar?", "Halo, apa kabar?"),
        Row("every special", "&<>\"'", "&amp;&lt;&gt;&quot;&#39;"),
        Row("a script", "<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
        Row("an entity", "&amp;", "&amp;amp;"),
        Row("quote with an acute", "\"\u{301}", "&quot;\u{301}"),
        Row("angle with an acute", "<\u{301}b>\u{338}", "&lt;\u{301}b&gt;\u{338}"),
        Row("apostrophe with a variation selector", "'\u{FE0F}", "&#39;\u{FE0F}"),
        Row("ampersand with a joiner", "&\u{200D}a", "&amp;\u{200D}a"),
        Row("carriage return before a quote", "\r\n\"", "\r\n&quot;"),
        Row("scripts", "日本語 עברית 👩‍👩‍👧", "日本語 עברית 👩‍👩‍👧"),
        Row("NUL", "a\0<", "a\0&lt;"),
    ])
    func `escapes by bytes`(_ row: Row) throws {
        var out = Array("x".utf8)
        HTMLEscaping.append(row.text, to: &out)
        #expect(out == Array("x\(row.escaped)".utf8))
        let template = try TemplateLibrary(sources: ["page.html": "{{ title }}"]).template(
            "page.html", for: TestPage.self)
        #expect(template.render(.with { $0.title = .text(row.text) }) == Array(row.escaped.utf8))
        #expect(template.render(.with { $0.title = .utf8(Array(row.text.utf8)) }) == Array(row.escaped.utf8))
    }

    @Test func `escapes each byte at each place alike`() {
        let references: [UInt8: String] = [0x26: "&amp;", 0x3C: "&lt;", 0x3E: "&gt;", 0x22: "&quot;", 0x27: "&#39;"]
        for byte in UInt8.min...UInt8.max {
            for count in 1...18 {
                for place in 0..<count {
                    // Neighbours one off a special byte, where a comparison of eight bytes at once could slip.
                    var bytes = [UInt8](repeating: byte ^ 1, count: count).map { references[$0] == nil ? $0 : 0x21 }
                    bytes[place] = byte
                    let expected = bytes.flatMap { references[$0].map { Array($0.utf8) } ?? [$0] }
                    var out: [UInt8] = []
                    bytes.withUnsafeBufferPointer { HTMLEscaping.append($0, to: &out) }
                    guard out == expected else {
                        Issue.record("byte \(byte) at \(place) of \(count): \(out)")
                        return
                    }
                }
            }
        }
    }
}
