import HTTP
import Testing

struct RequestLineTests {
    @Test(arguments: [
        Row("origin form", "GET /a/b?c=d&e HTTP/1.1", "GET /a/b?c=d&e 1.1 keep"),
        Row("empty query", "GET /a? HTTP/1.1", "GET /a? 1.1 keep"),
        Row("question mark in a query", "GET /a?b?c HTTP/1.1", "GET /a?b?c 1.1 keep"),
        Row("two slashes at the start", "GET //a HTTP/1.1", "GET //a 1.1 keep"),
        Row("percent-encoding stays", "GET /%41%2f?%20 HTTP/1.1", "GET /%41%2f?%20 1.1 keep"),
        Row("every character of a path", "GET /az09-._~!$&'()*+,;=:@ HTTP/1.1", "GET /az09-._~!$&'()*+,;=:@ 1.1 keep"),
        Row("brackets in a query", "GET /?a[]=1 HTTP/1.1", "GET /?a[]=1 1.1 keep"),
        Row("absolute form", "GET http://h/p?q HTTP/1.1", "GET http://h/p?q 1.1 keep"),
        Row("scheme in capitals", "GET HTTP://h/ HTTP/1.1", "GET HTTP://h/ 1.1 keep"),
        Row("absolute form without a path", "GET http://h HTTP/1.1", "GET http://h/ 1.1 keep"),
        Row("absolute form with only a query", "GET http://h?q HTTP/1.1", "GET http://h/?q 1.1 keep"),
        Row("absolute form of an IPv6 address", "GET http://[::1]:80/ HTTP/1.1", "GET http://[::1]:80/ 1.1 keep"),
        Row("authority form", "CONNECT h:443 HTTP/1.1", "CONNECT h:443 1.1 keep"),
        Row("asterisk form", "OPTIONS * HTTP/1.1", "OPTIONS * 1.1 keep"),
        Row("OPTIONS of a path", "OPTIONS /a HTTP/1.1", "OPTIONS /a 1.1 keep"),
        Row("OPTIONS of a whole server by its URI", "OPTIONS http://h HTTP/1.1", "OPTIONS http://h 1.1 keep"),
        Row("unknown method", "BREW /pot HTTP/1.1", "BREW /pot 1.1 keep"),
        Row("method in small letters is another", "get / HTTP/1.1", "get / 1.1 keep"),
        Row("method of odd token characters", "!#$%&'*+-.^_`|~ / HTTP/1.1", "!#$%&'*+-.^_`|~ / 1.1 keep"),
        Row("HTTP 1.0", "GET / HTTP/1.0", "GET / 1.0 close"),
        Row("HTTP 1.2 is treated as 1.1", "GET / HTTP/1.2", "GET / 1.1 keep"),
        Row("HTTP 1.9 is treated as 1.1", "GET / HTTP/1.9", "GET / 1.1 keep"),
        Row("one empty line before", "\r\nGET / HTTP/1.1", "GET / 1.1 keep"),
    ])
    func `a valid request line is read`(row: Row<String, String>) {
        let outcome = parse("\(row.input)\r\nHost: h\r\n\r\n")
        let host = outcome.requests.first.map { $0.contains("Host=") || $0.contains("host=") }
        #expect(outcome.error == nil)
        #expect(host == true)
        #expect(outcome.requests.map { String($0.prefix(row.expected.count)) } == [row.expected])
        #expect(outcome.isIdle)
    }

    @Test(arguments: [
        Row("empty method", " / HTTP/1.1\r\n", HTTPParseError.invalidRequestLine),
        Row("only a method", "GET\r\n", .invalidRequestLine),
        Row("HTTP 0.9 simple request", "GET /\r\n", .invalidRequestLine),
        Row("two spaces before the target", "GET  / HTTP/1.1\r\n", .invalidRequestLine),
        Row("two spaces before the version", "GET /  HTTP/1.1\r\n", .invalidVersion),
        Row("space after the version", "GET / HTTP/1.1 \r\n", .invalidVersion),
        Row("tab between the elements", "GET\t/ HTTP/1.1\r\n", .invalidMethod),
        Row("two empty lines before", "\r\n\r\nGET / HTTP/1.1\r\n", .invalidRequestLine),
        Row("bare LF before", "\nGET / HTTP/1.1\r\n", .bareLineFeed),
        Row("bare CR before", "\rGET / HTTP/1.1\r\n", .bareCarriageReturn),
        Row("method with a parenthesis", "G(T / HTTP/1.1\r\n", .invalidMethod),
        Row("method with a control", "G\u{0}T / HTTP/1.1\r\n", .invalidMethod),
        Row("method of 33 bytes", "\(String(repeating: "M", count: 33)) / HTTP/1.1\r\n", .methodTooLong),
        Row("fragment", "GET /a#b HTTP/1.1\r\n", .invalidTarget),
        Row("control in the target", "GET /a\u{1}b HTTP/1.1\r\n", .invalidTarget),
        Row("NUL in the target", "GET /a\u{0}b HTTP/1.1\r\n", .invalidTarget),
        Row("DEL in the target", "GET /a\u{7F}b HTTP/1.1\r\n", .invalidTarget),
        Row("tab in the target", "GET /a\tb HTTP/1.1\r\n", .invalidTarget),
        Row("UTF-8 in the target", "GET /é HTTP/1.1\r\n", .invalidTarget),
        Row("quote in the target", "GET /\" HTTP/1.1\r\n", .invalidTarget),
        Row("less-than in the target", "GET /< HTTP/1.1\r\n", .invalidTarget),
        Row("greater-than in the target", "GET /> HTTP/1.1\r\n", .invalidTarget),
        Row("backslash in the target", "GET /\\ HTTP/1.1\r\n", .invalidTarget),
        Row("caret in the target", "GET /^ HTTP/1.1\r\n", .invalidTarget),
        Row("backtick in the target", "GET /` HTTP/1.1\r\n", .invalidTarget),
        Row("opening brace in the target", "GET /{ HTTP/1.1\r\n", .invalidTarget),
        Row("bar in the target", "GET /| HTTP/1.1\r\n", .invalidTarget),
        Row("closing brace in the target", "GET /} HTTP/1.1\r\n", .invalidTarget),
        Row("percent without digits", "GET /%zz HTTP/1.1\r\n", .invalidTarget),
        Row("percent with one digit", "GET /%4 HTTP/1.1\r\n", .invalidTarget),
        Row("percent at the end of the query", "GET /?a=% HTTP/1.1\r\n", .invalidTarget),
        Row("target without a slash", "GET a/b HTTP/1.1\r\n", .invalidTargetForm),
        Row("asterisk for GET", "GET * HTTP/1.1\r\n", .invalidTargetForm),
        Row("asterisk and more", "OPTIONS *a HTTP/1.1\r\n", .invalidTargetForm),
        Row("authority for GET", "GET h:80 HTTP/1.1\r\n", .invalidTargetForm),
        Row("path for CONNECT", "CONNECT / HTTP/1.1\r\n", .invalidTargetForm),
        Row("URI for CONNECT", "CONNECT http://h/ HTTP/1.1\r\n", .invalidTarget),
        Row("CONNECT without a port", "CONNECT h HTTP/1.1\r\n", .invalidTarget),
        Row("CONNECT with an empty port", "CONNECT h: HTTP/1.1\r\n", .invalidTarget),
        Row("CONNECT to port 0", "CONNECT h:0 HTTP/1.1\r\n", .invalidTarget),
        Row("CONNECT to port 65536", "CONNECT h:65536 HTTP/1.1\r\n", .invalidTarget),
        Row("scheme of TLS", "GET https://h:443/ HTTP/1.1\r\n", .unsecuredTarget),
        Row("other scheme", "GET ftp://h/ HTTP/1.1\r\n", .invalidTargetForm),
        Row("URI without a host", "GET http:///p HTTP/1.1\r\n", .invalidTarget),
        Row("URI with userinfo", "GET http://u:p@h/ HTTP/1.1\r\n", .invalidTarget),
        Row("URI with a bad port", "GET http://h:8a/ HTTP/1.1\r\n", .invalidTarget),
        Row("version in small letters", "GET / http/1.1\r\n", .invalidVersion),
        Row("version without a minor", "GET / HTTP/1\r\n", .invalidVersion),
        Row("version with two digits", "GET / HTTP/1.10\r\n", .invalidVersion),
        Row("version with a leading zero", "GET / HTTP/01.1\r\n", .invalidVersion),
        Row("version of another protocol", "GET / RTSP/1.0\r\n", .invalidVersion),
        Row("HTTP 2.0", "GET / HTTP/2.0\r\n", .unsupportedVersion),
        Row("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .unsupportedVersion),
        Row("HTTP 0.9 with a version", "GET / HTTP/0.9\r\n", .unsupportedVersion),
        Row("LF after the version", "GET / HTTP/1.1\nHost: h\n\n", .bareLineFeed),
        Row("LF after the method", "GET\n", .bareLineFeed),
        Row("LF after the target", "GET /\n", .bareLineFeed),
        Row("CR without LF after the version", "GET / HTTP/1.1\rHost", .bareCarriageReturn),
        Row("TLS client hello", "\u{16}\u{3}\u{1}\u{2}", .invalidMethod),
    ])
    func `an invalid request line is refused`(row: Row<String, HTTPParseError>) {
        let outcome = parse(row.input)
        #expect(outcome.error == row.expected)
        #expect(outcome.requests == [])
    }

    @Test func `a target may be as long as the limit and no longer`() {
        var limits = HTTPLimits()
        limits.maxTargetLength = 8
        #expect(parse("GET /2345678 HTTP/1.1\r\nHost: h\r\n\r\n", limits: limits).requests.count == 1)
        #expect(parse("GET /23456789 HTTP/1.1\r\nHost: h\r\n\r\n", limits: limits).error == .targetTooLong)
        #expect(parse("GET /2345678#", limits: limits).error == .invalidTarget)
        #expect(HTTPLimits().maxTargetLength == 8192)
        let longest = String(repeating: "a", count: 8191)
        #expect(parse("GET /\(longest) HTTP/1.1\r\nHost: h\r\n\r\n").requests.count == 1)
        #expect(parse("GET /\(longest)a HTTP/1.1\r\nHost: h\r\n\r\n").error == .targetTooLong)
    }

    @Test func `a method may be as long as the limit`() {
        let longest = String(repeating: "M", count: 32)
        #expect(parse("\(longest) / HTTP/1.1\r\nHost: h\r\n\r\n").requests.count == 1)
    }

    @Test func `a target is taken apart`() throws {
        let origin = try HTTPTarget("/a%20b?c=d")
        #expect(origin.form == .origin && origin.path == "/a%20b" && origin.query == "c=d")
        #expect(origin.authority == nil)
        let absolute = try HTTPTarget("http://h:81?q")
        #expect(absolute.form == .absolute && absolute.path == "/" && absolute.query == "q")
        #expect(absolute.authority == "h:81")
        let tunnel = try HTTPTarget("h:443", method: .connect)
        #expect(tunnel.form == .authority && tunnel.authority == "h:443" && tunnel.path == "/")
        #expect(try HTTPTarget("*", method: .options).form == .asterisk)
        #expect(try HTTPTarget("http://h", method: .options).path == "*")
        #expect(throws: HTTPParseError.invalidTarget) { try HTTPTarget("") }
        #expect(throws: HTTPParseError.invalidTarget) { try HTTPTarget("/a b") }
        #expect(try HTTPRequest(.post, "/x?y").target.description == "/x?y")
        #expect(HTTPRequest().target.description == "/")
    }
}
