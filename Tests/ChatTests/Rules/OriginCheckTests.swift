import HTTP
import Testing

@testable import ChatWeb

/// The table of `OriginCheck`, by one request each.
struct OriginCheckTests {
    enum Expected { case allowed, foreign, unproven }

    struct Row: CustomTestStringConvertible {
        let testDescription: String
        let fields: [(HTTPFieldName, String)]
        let expected: Expected
        var hasSession = true
        var hasToken = false
        var host = "chat.example"

        init(_ name: String, _ fields: [(HTTPFieldName, String)], _ expected: Expected) {
            (testDescription, self.fields, self.expected) = (name, fields, expected)
        }

        init(_ name: String, host: String, origin: String, _ expected: Expected) {
            self.init(name, [(.origin, origin)], expected)
            self.host = host
        }

        init(
            _ name: String, session: Bool = true, token: Bool, _ fields: [(HTTPFieldName, String)], _ expected: Expected
        ) {
            self.init(name, fields, expected)
            (hasSession, hasToken) = (session, token)
        }
    }

    static let mozilla = (HTTPFieldName.userAgent, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101")
    static let language = (HTTPFieldName.acceptLanguage, "id,en;q=0.5")

    static let upgrade: HTTPFieldName = {
        guard let name = HTTPFieldName("Upgrade-Insecure-Requests") else { preconditionFailure("it is a token") }
        return name
    }()

    static let rows = [
        Row("a program that says nothing", [], .allowed),
        Row("a program that says its name", [(.userAgent, "curl/8.5.0"), (.accept, "*/*")], .allowed),
        Row("same origin", [(.secFetchSite, "same-origin")], .allowed),
        Row("typed", [(.secFetchSite, "none")], .allowed),
        Row("another site", [(.secFetchSite, "cross-site")], .foreign),
        Row("a sister site", [(.secFetchSite, "same-site")], .foreign),
        Row("a value to come", [(.secFetchSite, "other")], .foreign),
        Row("an empty value", [(.secFetchSite, "")], .foreign),
        Row("own origin", [(.origin, "http://chat.example")], .allowed),
        Row("own origin behind TLS", [(.origin, "https://chat.example")], .allowed),
        Row("own origin in capitals", [(.origin, "http://CHAT.example")], .allowed),
        Row("foreign origin", [(.origin, "http://evil.example")], .foreign),
        Row("another port", [(.origin, "http://chat.example:8080")], .foreign),
        Row("ours as a prefix", [(.origin, "http://chat.example.evil.example")], .foreign),
        Row("ours as a suffix", [(.origin, "http://evilchat.example")], .foreign),
        Row("ours as user information", [(.origin, "http://chat.example@evil.example")], .foreign),
        Row("no URL", [(.origin, "chat.example")], .foreign),
        Row("an extension's page", [(.origin, "moz-extension://chat.example")], .foreign),
        Row("own referer", [(.referer, "http://chat.example/room/7?a#b")], .allowed),
        Row("own referer without a path", [(.referer, "http://chat.example?a")], .allowed),
        Row("foreign referer", [(.referer, "http://evil.example/chat.example")], .foreign),
        Row(
            "what the browser says of the site counts first",
            [(.secFetchSite, "cross-site"), (.origin, "http://chat.example")], .foreign),
        Row(
            "the origin counts before the referer",
            [(.origin, "http://evil.example"), (.referer, "http://chat.example/")], .foreign),
        Row("no origin, but our referer", [(.origin, "null"), (.referer, "http://chat.example/")], .allowed),
        Row("no origin, and another's referer", [(.origin, "null"), (.referer, "http://evil.example/")], .foreign),

        Row("a page that hides where it is", [(.origin, "null")], .unproven),
        Row(
            "the same without a session: it might log in", session: false, token: false, [(.origin, "null")], .unproven),
        Row("a page of ours behind no-referrer", token: true, [(.origin, "null"), mozilla], .allowed),
        Row("a token does not make a foreign page ours", token: true, [(.origin, "http://evil.example")], .foreign),
        Row("nor against Fetch Metadata", token: true, [(.secFetchSite, "cross-site")], .foreign),
        Row("a browser that says nothing", [mozilla], .unproven),
        Row("one that is known by its languages only", [(.userAgent, "w3m/0.5.3"), language], .unproven),
        Row("one that hides its name", [(upgrade, "1")], .unproven),
        Row("one that says nothing, with the token", token: true, [mozilla, language], .allowed),
        Row("one that says nothing and has no session", session: false, token: false, [mozilla, language], .allowed),

        Row("a proxy that writes the port of TLS", host: "chat.example:443", origin: "https://chat.example", .allowed),
        Row("one that writes the port of http", host: "chat.example:80", origin: "http://chat.example", .allowed),
        Row("the port of the other scheme", host: "chat.example:80", origin: "https://chat.example", .foreign),
        Row("an unusual port", host: "chat.example:8080", origin: "http://chat.example:8080", .allowed),
        Row("an unusual port, and none", host: "chat.example:8080", origin: "http://chat.example", .foreign),
        Row("an address", host: "[::1]:8080", origin: "http://[::1]:8080", .allowed),
    ]

    @Test(arguments: rows) func `a request may change something unless another site made it`(_ row: Row) throws {
        var fields = HTTPFields()
        fields[.host] = row.host
        for (name, value) in row.fields { fields[name] = value }
        let verdict = OriginCheck.verdict(
            on: try HTTPRequest(.post, "/logout", fields: fields), hasSession: row.hasSession, hasToken: row.hasToken)
        switch verdict {
        case .allowed: #expect(row.expected == .allowed)
        case .foreign(let reason):
            #expect(row.expected == .foreign)
            #expect(row.fields.contains { reason.contains($0.0.rawValue) }, "\(reason) names the field")
        case .unproven(let reason):
            #expect(row.expected == .unproven)
            #expect(row.fields.contains { reason.contains($0.0.rawValue) }, "\(reason) names the field")
        }
    }

    @Test(arguments: ["http://", "http://x", "null://", ""]) func `without a host no origin is ours`(_ origin: String)
        throws
    {
        var fields = HTTPFields()
        fields[.origin] = origin
        let verdict = OriginCheck.verdict(
            on: try HTTPRequest(.post, "/logout", fields: fields), hasSession: true, hasToken: true)
        #expect(verdict != .allowed)
    }
}
