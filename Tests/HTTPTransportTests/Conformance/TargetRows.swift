/// RFC 9112 section 3.2: the four forms of a request target.
enum TargetRows {
    static let rows: [ConformanceRow] = [
        get("origin form with a query", "9112 3.2.1", "/a/b?c=d&e", .answered("GET /a/b?c=d&e @h")),
        get("origin form with an empty query", "9112 3.2.1", "/a?", .answered("GET /a? @h")),
        get("origin form with two slashes at the start", "9112 3.2.1", "//a", .answered("GET //a @h")),
        get("origin form that looks like a URI inside", "9112 3.2.1", "/http://x/", .answered("GET /http://x/ @h")),
        get("question mark within a query", "9112 3.2.1", "/a?b?c", .answered("GET /a?b?c @h")),
        get(
            "every character of a path", "9112 3.2.1", "/az09-._~!$&'()*+,;=:@",
            .answered("GET /az09-._~!$&'()*+,;=:@ @h")),
        get(
            "every character of a query", "9112 3.2.1", "/?az-._~!$&'()*+,;=:@/?",
            .answered(
                "GET /?az-._~!$&'()*+,;=:@/? @h")),
        get("percent-encoding is kept", "9112 3.2.1", "/%41%2f%2F?%20", .answered("GET /%41%2f%2F?%20 @h")),
        get("percent-encoded NUL and CRLF are but text", "9112 3.2.1", "/%00%0d%0a", .answered("GET /%00%0d%0a @h")),
        get("dot segments are kept", "9112 3.2.1", "/a/../b/./c", .answered("GET /a/../b/./c @h")),
        get("absolute form", "9112 3.2.2", "http://h/p?q", .answered("GET http://h/p?q @h")),
        get("absolute form counts, not Host", "9112 3.2.2", "http://other/p", .answered("GET http://other/p @other")),
        get("absolute form with a port", "9112 3.2.2", "http://a:81/", .answered("GET http://a:81/ @a:81")),
        get("absolute form of IPv6", "9112 3.2.2", "http://[::1]:80/", .answered("GET http://[::1]:80/ @[::1]:80")),
        get("absolute form without a path means /", "9112 3.2.2", "http://a", .answered("GET http://a/ @a")),
        get("absolute form with only a query", "9112 3.2.2", "http://a?q", .answered("GET http://a/?q @a")),
        get("absolute form of https, which does not come over TLS", "9110 7.4", "https://a/", .refused(421)),
        get("https in capitals", "9110 7.4", "HTTPS://a:443/", .refused(421)),
        get("scheme in capitals", "9110 4.2.3", "HTTP://a/", .answered("GET HTTP://a/ @a")),
        line("absolute form in HTTP/1.0", "9112 3.2.2", "GET http://a/ HTTP/1.0", .answeredLast("GET http://a/ @a")),
        get("absolute form without a host", "9110 4.2.1", "http:///p", .refused(400)),
        get("absolute form without anything", "9110 4.2.1", "http://", .refused(400)),
        get("absolute form with a port only", "9110 4.2.1", "http://:80/", .refused(400)),
        get("absolute form with userinfo", "9110 4.2.4", "http://u:p@h/", .refused(400)),
        get("absolute form with a bad port", "9112 3.2.2", "http://h:8a/", .refused(400)),
        get("absolute form with a bad host", "9112 3.2.2", "http://h[/", .refused(400)),
        get("absolute form with one slash", "9112 3.2.2", "http:/h/", .refused(400)),
        get("another scheme, refused by choice", "9112 3.2.2", "ftp://h/", .refused(400)),
        get("authority form for GET", "9112 3.2.3", "h:80", .refused(400)),
        line("authority form", "9112 3.2.3", "CONNECT h:443 HTTP/1.1", .responses([.status(405)])),
        line("path for CONNECT", "9112 3.2.3", "CONNECT / HTTP/1.1", .refused(400)),
        line("URI for CONNECT", "9112 3.2.3", "CONNECT http://h/ HTTP/1.1", .refused(400)),
        line("CONNECT without a port", "9110 9.3.6", "CONNECT h HTTP/1.1", .refused(400)),
        line("CONNECT with an empty port", "9110 9.3.6", "CONNECT h: HTTP/1.1", .refused(400)),
        line("CONNECT to port 0", "9110 9.3.6", "CONNECT h:0 HTTP/1.1", .refused(400)),
        line("CONNECT to port 65536", "9110 9.3.6", "CONNECT h:65536 HTTP/1.1", .refused(400)),
        line("CONNECT with userinfo", "9112 3.2.3", "CONNECT u@h:443 HTTP/1.1", .refused(400)),
        line("asterisk form", "9112 3.2.4", "OPTIONS * HTTP/1.1", .responses([.status(204)])),
        line("OPTIONS of a URI without a path", "9112 3.2.4", "OPTIONS http://h HTTP/1.1", .responses([allowAll])),
        line("asterisk for GET", "9112 3.2.4", "GET * HTTP/1.1", .refused(400)),
        line("asterisk for POST", "9112 3.2.4", "POST * HTTP/1.1", .refused(400)),
        line("asterisk for TRACE", "9112 3.2.4", "TRACE * HTTP/1.1", .refused(400)),
        line("asterisk and more", "9112 3.2.4", "OPTIONS *a HTTP/1.1", .refused(400)),
        line("asterisk with a query", "9112 3.2.4", "OPTIONS *?a HTTP/1.1", .refused(400)),
        get("relative path", "9112 3.2", "a/b", .refused(400)),
        get("query alone", "9112 3.2", "?a", .refused(400)),
        get("fragment", "9112 3.2", "/a#b", .refused(400)),
        get("fragment of an absolute form", "9112 3.2", "http://h/#b", .refused(400)),
        get("percent without digits", "9112 3.2", "/%zz", .refused(400)),
        get("percent with one digit", "9112 3.2", "/%4", .refused(400)),
        get("percent with a digit and a letter", "9112 3.2", "/%4g", .refused(400)),
        get("percent at the end of a query", "9112 3.2", "/?a=%", .refused(400)),
        get("percent twice", "9112 3.2", "/%%41", .refused(400)),
        get("NUL in the target", "9112 3.2", "/a\u{0}b", .refused(400)),
        get("control in the target", "9112 3.2", "/a\u{1}b", .refused(400)),
        get("DEL in the target", "9112 3.2", "/a\u{7F}", .refused(400)),
        get("tab in the target", "9112 3.2", "/a\tb", .refused(400)),
        get("space in the target", "9112 3.2", "/a b", .refused(400)),
        get("bare LF in the target", "9112 2.2", "/a\nb", .refused(400)),
        get("UTF-8 in the target", "9112 3.2", "/\u{C3}\u{A9}", .refused(400)),
        get("byte FF in the target", "9112 3.2", "/\u{FF}", .refused(400)),
        get("quote in the target", "9112 3.2", "/\"", .refused(400)),
        get("angle brackets in the target", "9112 3.2", "/<a>", .refused(400)),
        get("backslash in the target", "9112 3.2", "/a\\b", .refused(400)),
        get("caret in the target", "9112 3.2", "/^", .refused(400)),
        get("backtick in the target", "9112 3.2", "/`", .refused(400)),
        get("braces in the target", "9112 3.2", "/{a}", .refused(400)),
        get("bar in the target", "9112 3.2", "/a|b", .refused(400)),
    ]

    private static let allowAll: ConformanceExpectation.Answer = .status(
        204, ["allow": "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"])

    private static func get(
        _ name: String, _ section: String, _ target: String, _ expected: ConformanceExpectation
    ) -> ConformanceRow { line(name, section, "GET \(target) HTTP/1.1", expected) }

    private static func line(
        _ name: String, _ section: String, _ line: String, _ expected: ConformanceExpectation
    ) -> ConformanceRow { ConformanceRow(name, section, "\(line)\r\nHost: h\r\n\r\n", expected) }
}
