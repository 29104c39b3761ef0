import HTTP
import Testing

@testable import Chat

struct OriginCheckTests {
    struct Row: CustomTestStringConvertible {
        let testDescription: String
        let fields: [(HTTPFieldName, String)]
        let isAllowed: Bool

        init(_ name: String, _ fields: [(HTTPFieldName, String)], _ isAllowed: Bool) {
            (testDescription, self.fields, self.isAllowed) = (name, fields, isAllowed)
        }
    }

    static let rows = [
        Row("a program that says nothing", [], true),
        Row("same origin", [(.secFetchSite, "same-origin")], true),
        Row("typed", [(.secFetchSite, "none")], true),
        Row("another site", [(.secFetchSite, "cross-site")], false),
        Row("a sister site", [(.secFetchSite, "same-site")], false),
        Row("a value to come", [(.secFetchSite, "other")], false),
        Row("an empty value", [(.secFetchSite, "")], false),
        Row("own origin", [(.origin, "http://chat.example")], true),
        Row("own origin behind TLS", [(.origin, "https://chat.example")], true),
        Row("own origin in capitals", [(.origin, "http://CHAT.example")], true),
        Row("foreign origin", [(.origin, "http://evil.example")], false),
        Row("another port", [(.origin, "http://chat.example:8080")], false),
        Row("ours as a prefix", [(.origin, "http://chat.example.evil.example")], false),
        Row("ours as a suffix", [(.origin, "http://evilchat.example")], false),
        Row("ours as user information", [(.origin, "http://chat.example@evil.example")], false),
        Row("null", [(.origin, "null")], false),
        Row("no URL", [(.origin, "chat.example")], false),
        Row("own referer", [(.referer, "http://chat.example/room/7?a#b")], true),
        Row("own referer without a path", [(.referer, "http://chat.example?a")], true),
        Row("foreign referer", [(.referer, "http://evil.example/chat.example")], false),
        Row(
            "what the browser says of the site counts first",
            [(.secFetchSite, "cross-site"), (.origin, "http://chat.example")], false),
        Row(
            "the origin counts before the referer",
            [(.origin, "http://evil.example"), (.referer, "http://chat.example/")], false),
    ]

    @Test(arguments: rows) func `a request may change something unless another site made it`(_ row: Row) throws {
        var fields = HTTPFields()
        fields[.host] = "chat.example"
        for (name, value) in row.fields { fields[name] = value }
        #expect(OriginCheck.allows(try HTTPRequest(.post, "/logout", fields: fields)) == row.isAllowed)
    }

    @Test func `without a host no origin is ours`() throws {
        var fields = HTTPFields()
        fields[.origin] = "http://"
        #expect(!OriginCheck.allows(try HTTPRequest(.post, "/logout", fields: fields)))
    }
}
