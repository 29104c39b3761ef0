import HTTP
import Testing

struct ForwardedFieldsTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let fields: [(HTTPFieldName, String)]
        /// The address, or `-`, with `s` for TLS, `p` for none and nothing when it is not told.
        let hops: [String]

        init(_ name: String, _ fields: [(HTTPFieldName, String)], _ hops: [String]) {
            testDescription = name
            self.fields = fields
            self.hops = hops
        }
    }

    private static let rows = [
        Row("none", [], []),
        Row("one of RFC 7239", [(.forwarded, "for=192.0.2.43")], ["192.0.2.43"]),
        Row("all parameters", [(.forwarded, "For=192.0.2.43;Proto=HTTPS;by=203.0.113.60;host=h")], ["192.0.2.43 s"]),
        Row(
            "several in a line", [(.forwarded, "for=192.0.2.43, for=198.51.100.17;proto=http")],
            ["192.0.2.43", "198.51.100.17 p"]),
        Row("several lines", [(.forwarded, "for=1.1.1.1"), (.forwarded, "for=2.2.2.2")], ["1.1.1.1", "2.2.2.2"]),
        Row("IPv6 with a port", [(.forwarded, "for=\"[2001:db8::1]:4711\"")], ["2001:db8::1"]),
        Row("IPv4 with a port", [(.forwarded, "for=\"192.0.2.43:47011\"")], ["192.0.2.43"]),
        Row("unknown and hidden", [(.forwarded, "for=unknown, for=_hidden")], ["-", "-"]),
        Row("without for", [(.forwarded, "proto=https")], ["- s"]),
        Row("malformed", [(.forwarded, "for=1.1.1.1, for=\"2")], []),
        Row("malformed parameter", [(.forwarded, "for:1.1.1.1")], []),
        Row(
            "X-Forwarded-For", [(.xForwardedFor, "192.0.2.43, 2001:db8::1, [2001:db8::2]:80")],
            ["192.0.2.43", "2001:db8::1", "2001:db8::2"]),
        Row(
            "one proto for all", [(.xForwardedFor, "1.1.1.1, 2.2.2.2"), (.xForwardedProto, "https")],
            ["1.1.1.1 s", "2.2.2.2 s"]),
        Row(
            "a proto for each", [(.xForwardedFor, "1.1.1.1, 2.2.2.2"), (.xForwardedProto, "https, http")],
            ["1.1.1.1 s", "2.2.2.2 p"]),
        Row("no address", [(.xForwardedFor, "localhost, <script>, 1.1.1.1:x:")], ["-", "-", "-"]),
        Row("both kinds", [(.forwarded, "for=1.1.1.1"), (.xForwardedFor, "2.2.2.2")], []),
    ]

    @Test(arguments: rows)
    func `the hops are those that the proxies have told`(row: Row) {
        var fields = HTTPFields()
        for (name, value) in row.fields { fields.append(value, for: name) }
        let hops = ForwardedFields(fields).hops.map { hop in
            (hop.address ?? "-") + (hop.isSecure.map { $0 ? " s" : " p" } ?? "")
        }
        #expect(hops == row.hops)
    }
}
