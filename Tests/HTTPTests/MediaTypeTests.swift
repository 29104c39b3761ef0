import HTTP
import Testing

struct MediaTypeTests {
    @Test(
        arguments: [
            Row("plain", "text/html", "text/html"),
            Row("capitals", "TEXT/HTML; Charset=UTF-8", "text/html charset=UTF-8"),
            Row(
                "form", "application/x-www-form-urlencoded;charset=utf-8",
                "application/x-www-form-urlencoded charset=utf-8"),
            Row("quoted", "a/b; c=\"d; \\\"e\\\\\"", "a/b c=d; \"e\\"),
            Row("two parameters", "a/b ; c=d ;e=f", "a/b c=d e=f"),
            Row("empty parameters", "a/b;; c=d;", "a/b c=d"),
            Row("white space around", " a/b ", "a/b"),
            Row("no slash", "text", nil),
            Row("no subtype", "text/", nil),
            Row("no type", "/html", nil),
            Row("space inside", "text /html", nil),
            Row("two types", "a/b, c/d", nil),
            Row("parameter without a value", "a/b; c", nil),
            Row("space around the equals sign", "a/b; c = d", nil),
            Row("open quote", "a/b; c=\"d", nil),
            Row("escape at the end", "a/b; c=\"d\\", nil),
            Row("control in quotes", "a/b; c=\"\u{1}\"", nil),
            Row("empty", "", nil),
        ] as [Row<String, String?>])
    func `a media type is read`(row: Row<String, String?>) {
        for type in [MediaType(row.input), MediaType(Array(row.input.utf8))] {
            let text = type.map {
                ([$0.essence] + $0.parameters.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
            }
            #expect(text == row.expected)
        }
    }

    @Test func `a charset is in lower case`() {
        #expect(MediaType("text/html; charset=UTF-8")?.charset == "utf-8")
        #expect(MediaType("text/html; charset=\"UTF-8\"")?.charset == "utf-8")
        #expect(MediaType("text/html")?.charset == nil)
        #expect(MediaType("text/html; a=B")?.parameter("a") == "B")
    }

    @Test(
        arguments: [
            Row("absent", nil, "html"),
            Row("empty", "", "html"),
            Row("nonsense", "text, q=1", "html"),
            Row("anything", "*/*", "html"),
            Row("JSON", "application/json", "json"),
            Row("JSON in capitals", "Application/JSON", "json"),
            Row("a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
            Row("JSON before anything", "application/json, text/plain, */*", "json"),
            Row("JSON is better", "text/html;q=0.5, application/json;q=0.6", "json"),
            Row("HTML is better", "text/html;q=0.6, application/json;q=0.599", "html"),
            Row("same quality", "application/json, text/html", "html"),
            Row("wildcard subtype", "application/*", "json"),
            Row("wildcard subtype of less", "text/*;q=0.3, application/json;q=0.2", "html"),
            Row("specific range beats the wildcard", "*/*, text/html;q=0.1", "json"),
            Row("specific range in either order", "text/html;q=0.1, */*", "json"),
            Row("specific zero", "text/html;q=0, */*;q=0.1", "json"),
            Row("zero for all", "*/*;q=0", nil),
            Row("neither", "image/png", nil),
            Row("prefix of a type", "text/htm", nil),
            Row("type with a wildcard is no range", "*/html", "html"),
            Row("invalid quality is ignored", "application/json;q=2, text/html;q=0.1", "html"),
            Row("quality of four digits is ignored", "application/json;q=0.9999, text/html;q=0.1", "html"),
            Row("signed quality is ignored", "application/json;q=-1, text/html;q=0.1", "html"),
            Row("quality 1.001 is ignored", "application/json;q=1.001, text/html;q=0.1", "html"),
            Row("quality 1.000", "application/json;q=1.000, text/html;q=0.9", "json"),
            Row("quality with a dot", "application/json;q=1., text/html;q=0.", "json"),
            Row("Q in capitals", "text/html;Q=0.1, application/json;Q=0.2", "json"),
            Row("parameter that is not offered", "text/html;level=1, application/json;q=0.1", "json"),
            Row("comma in a quoted parameter", "a/b;c=\"text/html, \", application/json", "json"),
            Row("empty members", ", ,application/json", "json"),
        ] as [Row<String?, String?>])
    func `the preferred media type is chosen`(row: Row<String?, String?>) {
        let offered = ["text/html", "application/json"]
        let expected = row.expected.map { $0 == "html" ? offered[0] : offered[1] }
        #expect(AcceptPreference(row.input).bestMediaType(of: offered) == expected)
        var fields = HTTPFields()
        fields[.accept] = row.input
        #expect(fields.bestMediaType(of: offered) == expected)
    }

    @Test func `parameters make a range more specific`() {
        let accept = AcceptPreference("text/html;q=0.2, text/html;Level=\"1\";q=0.9, */*;q=0.5")
        #expect(accept.bestMediaType(of: ["text/html", "text/html; level=1"]) == "text/html; level=1")
        #expect(accept.bestMediaType(of: ["text/html", "a/b"]) == "a/b")
    }

    @Test func `Accept may be on two lines`() throws {
        let fields = try fields(("Accept", "text/html;q=0.1"), ("Accept", "application/json"))
        #expect(fields.bestMediaType(of: ["text/html", "application/json"]) == "application/json")
        #expect(fields.bestMediaType(of: []) == nil)
    }
}
