/// RFC 9112 section 3: method, single space, target, single space, version.
enum RequestLineRows {
    static let rows: [ConformanceRow] = [
        line("plain request line", "9112 3", "GET / HTTP/1.1", .answered("GET / @h")),
        line("version 1.0", "9112 2.3", "GET / HTTP/1.0", .answeredLast("GET / @h")),
        line("version 1.2 is taken for 1.1", "9110 2.5", "GET / HTTP/1.2", .answered("GET / @h")),
        line("version 1.9 is taken for 1.1", "9110 2.5", "GET / HTTP/1.9", .answered("GET / @h")),
        line("version 2.0", "9110 15.6.6", "GET / HTTP/2.0", .refused(505)),
        line("version 3.0", "9110 15.6.6", "GET / HTTP/3.0", .refused(505)),
        line("version 0.9 spelt out", "9110 15.6.6", "GET / HTTP/0.9", .refused(505)),
        line("the preface of HTTP/2", "9110 15.6.6", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .refused(505)),
        line("simple request of HTTP/0.9", "9112 3", "GET /", .refused(400)),
        line("version in small letters", "9112 2.3", "GET / http/1.1", .refused(400)),
        line("version in mixed letters", "9112 2.3", "GET / Http/1.1", .refused(400)),
        line("version without a minor", "9112 2.3", "GET / HTTP/1", .refused(400)),
        line("version without digits", "9112 2.3", "GET / HTTP/", .refused(400)),
        line("version with a two-digit minor", "9112 2.3", "GET / HTTP/1.10", .refused(400)),
        line("version with a two-digit major", "9112 2.3", "GET / HTTP/11.1", .refused(400)),
        line("version with a leading zero", "9112 2.3", "GET / HTTP/01.1", .refused(400)),
        line("version with a comma", "9112 2.3", "GET / HTTP/1,1", .refused(400)),
        line("version with a letter", "9112 2.3", "GET / HTTP/1.x", .refused(400)),
        line("version of another protocol", "9112 2.3", "GET / RTSP/1.0", .refused(400)),
        line("version with a space inside", "9112 2.3", "GET / HTTP /1.1", .refused(400)),
        line("words instead of a version", "9112 3", "GET / and more", .refused(400)),
        line("method in small letters is another method", "9110 9.1", "get / HTTP/1.1", .responses([.status(501)])),
        line("method in mixed letters is another method", "9110 9.1", "Get / HTTP/1.1", .responses([.status(501)])),
        line(
            "method of every token character", "9110 9.1", "!#$%&'*+-.^_`|~09Az / HTTP/1.1",
            .responses([.status(501)])),
        line("method with a parenthesis", "9110 5.6.2", "G(T / HTTP/1.1", .refused(400)),
        line("method with a slash", "9110 5.6.2", "G/T / HTTP/1.1", .refused(400)),
        line("method with a colon", "9110 5.6.2", "GET: / HTTP/1.1", .refused(400)),
        line("method with a NUL", "9110 5.6.2", "G\u{0}T / HTTP/1.1", .refused(400)),
        line("method with DEL", "9110 5.6.2", "G\u{7F}T / HTTP/1.1", .refused(400)),
        line("method with a byte that is not ASCII", "9110 5.6.2", "G\u{C4}T / HTTP/1.1", .refused(400)),
        line("method in quotes", "9110 5.6.2", "\"GET\" / HTTP/1.1", .refused(400)),
        line("no method", "9112 3", " / HTTP/1.1", .refused(400)),
        line("no target", "9112 3", "GET HTTP/1.1", .refused(400)),
        line("no target between two spaces", "9112 3", "GET  HTTP/1.1", .refused(400)),
        line("method alone", "9112 3", "GET", .refused(400)),
        line("four words", "9112 3", "GET / x HTTP/1.1", .refused(400)),
        line("tab after the method, strict by choice", "9112 3", "GET\t/ HTTP/1.1", .refused(400)),
        line("tab before the version, strict by choice", "9112 3", "GET /\tHTTP/1.1", .refused(400)),
        line("two spaces after the method, strict by choice", "9112 3", "GET  / HTTP/1.1", .refused(400)),
        line("two spaces before the version, strict by choice", "9112 3", "GET /  HTTP/1.1", .refused(400)),
        line("space after the version, strict by choice", "9112 3", "GET / HTTP/1.1 ", .refused(400)),
        line("tab after the version, strict by choice", "9112 3", "GET / HTTP/1.1\t", .refused(400)),
        line("space before the method", "9112 3", " GET / HTTP/1.1", .refused(400)),
        line("vertical tab after the method, strict by choice", "9112 3", "GET\u{B}/ HTTP/1.1", .refused(400)),
        line("form feed before the version, strict by choice", "9112 3", "GET /\u{C}HTTP/1.1", .refused(400)),
        line("bare CR as white space, strict by choice", "9112 2.2", "GET\r/ HTTP/1.1", .refused(400)),
        line("bare CR before the CRLF", "9112 2.2", "GET / HTTP/1.1\r", .refused(400)),
        line("NUL after the version", "9112 3", "GET / HTTP/1.1\u{0}", .refused(400)),
        line("an empty line before the request", "9112 2.2", "\r\nGET / HTTP/1.1", .answered("GET / @h")),
        line("two empty lines before it, refused by choice", "9112 2.2", "\r\n\r\nGET / HTTP/1.1", .refused(400)),
        line("bare LF before the request, refused by choice", "9112 2.2", "\nGET / HTTP/1.1", .refused(400)),
        line("bare CR before the request", "9112 2.2", "\rGET / HTTP/1.1", .refused(400)),
        line("byte order mark", "9112 2.2", "\u{EF}\u{BB}\u{BF}GET / HTTP/1.1", .refused(400)),
        row("bare LF ends the lines, refused by choice", "9112 2.2", "GET / HTTP/1.1\nHost: h\n\n", .refused(400)),
        row("CR alone ends the lines", "9112 2.2", "GET / HTTP/1.1\rHost: h\r\r", .refused(400)),
        row("LF CR ends the lines", "9112 2.2", "GET / HTTP/1.1\n\rHost: h\n\r\n\r", .refused(400)),
        row("TLS client hello", "9112 3", "\u{16}\u{3}\u{1}\u{0}\u{5}\u{1}\u{0}\u{0}\u{1}\u{3}", .refused(400)),
        row("a response", "9112 2.1", "HTTP/1.1 200 OK\r\nHost: h\r\n\r\n", .refused(400)),
        row("an SMTP greeting", "9112 3", "EHLO example.com\r\n", .refused(400)),
        row("nothing but NULs", "9112 3", "\u{0}\u{0}\u{0}\u{0}\r\n\r\n", .refused(400)),
    ]

    private static func row(
        _ name: String, _ section: String, _ sent: String, _ expected: ConformanceExpectation
    ) -> ConformanceRow { ConformanceRow(name, section, sent, expected) }

    /// A request whose only field is Host.
    private static func line(
        _ name: String, _ section: String, _ line: String, _ expected: ConformanceExpectation
    ) -> ConformanceRow { ConformanceRow(name, section, "\(line)\r\nHost: h\r\n\r\n", expected) }
}
