/// RFC 9112 section 3.2 and RFC 9110 section 7.2: exactly one valid Host.
enum HostRows {
    static let rows: [ConformanceRow] = [
        host("name", "Host: example.com", .answered("GET / @example.com")),
        host("name and port", "Host: example.com:8080", .answered("GET / @example.com:8080")),
        host("empty port", "Host: h:", .answered("GET / @h:")),
        host("IPv4", "Host: 127.0.0.1:80", .answered("GET / @127.0.0.1:80")),
        host("IPv6", "Host: [::1]", .answered("GET / @[::1]")),
        host("IPv6 and port", "Host: [2001:db8::1]:8080", .answered("GET / @[2001:db8::1]:8080")),
        host("IPv6 that ends in IPv4", "Host: [::ffff:1.2.3.4]", .answered("GET / @[::ffff:1.2.3.4]")),
        host("address of a future version", "Host: [v1.a:b]", .answered("GET / @[v1.a:b]")),
        host("percent-encoded name", "Host: %41bc", .answered("GET / @%41bc")),
        host("sub-delimiters", "Host: a_b,c~d!", .answered("GET / @a_b,c~d!")),
        host("white space around it", "Host: \t h \t", .answered("GET / @h")),
        host("field name in capitals", "HOST: h", .answered("GET / @h")),
        host("empty value", "Host:", .answered("GET / @")),
        host("none", "Other: h", .refused(400)),
        host("two", "Host: a\r\nHost: b", .refused(400)),
        host("two equal", "Host: a\r\nHost: a", .refused(400)),
        host("two, one in capitals", "host: a\r\nHOST: a", .refused(400)),
        host("two, one empty", "Host: a\r\nHost:", .refused(400)),
        host("userinfo", "Host: u@h", .refused(400)),
        host("userinfo with a password", "Host: u:p@h", .refused(400)),
        host("port without a host", "Host: :80", .refused(400)),
        host("port with a letter", "Host: h:8x", .refused(400)),
        host("port with a sign", "Host: h:-8", .refused(400)),
        host("two ports", "Host: h:80:80", .refused(400)),
        host("slash", "Host: h/", .refused(400)),
        host("URI", "Host: http://h", .refused(400)),
        host("question mark", "Host: h?", .refused(400)),
        host("hash", "Host: h#", .refused(400)),
        host("space inside", "Host: a b", .refused(400)),
        host("tab inside", "Host: a\tb", .refused(400)),
        host("backslash", "Host: h\\", .refused(400)),
        host("angle brackets", "Host: <h>", .refused(400)),
        host("quotes", "Host: \"h\"", .refused(400)),
        host("byte that is not ASCII", "Host: h\u{E9}", .refused(400)),
        host("percent without digits", "Host: h%zz", .refused(400)),
        host("IPv6 without brackets", "Host: ::1", .refused(400)),
        host("IPv6 without its end", "Host: [::1", .refused(400)),
        host("IPv6 and junk", "Host: [::1]x", .refused(400)),
        host("IPv6 of nothing", "Host: []", .refused(400)),
        host("IPv6 with two gaps", "Host: [1::2::3]", .refused(400)),
        host("IPv6 with nine groups", "Host: [1:2:3:4:5:6:7:8:9]", .refused(400)),
        host("IPv6 with five digits", "Host: [12345::]", .refused(400)),
        host("IPv6 with a zone", "Host: [fe80::1%25eth0]", .refused(400)),
        host("IPv6 with a bad IPv4 end", "Host: [::1.2.3.256]", .refused(400)),
        row("Host: none in HTTP/1.0", "9112 3.2", "GET / HTTP/1.0\r\n\r\n", .answeredLast("GET / @")),
        row("Host: none in HTTP/1.2", "9112 3.2", "GET / HTTP/1.2\r\n\r\n", .refused(400)),
        row("Host: none beside a URI", "9112 3.2", "GET http://a/ HTTP/1.1\r\n\r\n", .refused(400)),
        row("Host: two in HTTP/1.0", "9112 3.2", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", .refused(400)),
        row("Host: invalid in HTTP/1.0", "9112 3.2", "GET / HTTP/1.0\r\nHost: a b\r\n\r\n", .refused(400)),
        row("Host: invalid beside a URI", "9112 3.2", "GET http://a/ HTTP/1.1\r\nHost: a b\r\n\r\n", .refused(400)),
        row(
            "Host: empty beside a URI, ignored", "9112 3.2.2", "GET http://a/ HTTP/1.1\r\nHost:\r\n\r\n",
            .answered("GET http://a/ @a")),
        row(
            "Host: after other fields", "9110 7.2", "GET / HTTP/1.1\r\nEcho: a\r\nHost: h\r\n\r\n",
            .answered("GET / @h {a}")),
    ]

    private static func row(
        _ name: String, _ section: String, _ sent: String, _ expected: ConformanceExpectation
    ) -> ConformanceRow { ConformanceRow(name, section, sent, expected) }

    /// A request with these lines only.
    private static func host(
        _ name: String, _ lines: String, _ expected: ConformanceExpectation
    ) -> ConformanceRow { row("Host: \(name)", "9112 3.2", "GET / HTTP/1.1\r\n\(lines)\r\n\r\n", expected) }
}
