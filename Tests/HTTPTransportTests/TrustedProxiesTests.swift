import HTTP
import NonblockingIO
import Testing

@testable import HTTPTransport

struct TrustedProxiesTests {
    private static let proxies = TrustedProxies(["10.0.0.0/8", "::1"].compactMap { IPNetwork($0) })

    @Test(arguments: [
        ("192.0.2.1", "https", "192.0.2.1", true), ("192.0.2.1", "http", "192.0.2.1", false),
        ("1.1.1.1, 192.0.2.1", "https", "192.0.2.1", true), ("1.1.1.1, 192.0.2.1, 10.0.0.7", "", "192.0.2.1", false),
        ("1.1.1.1, 192.0.2.1, 10.0.0.7", "https, http, http", "192.0.2.1", false),
        ("192.0.2.1, 10.0.0.7", "https, http", "192.0.2.1", true), ("10.0.0.8, ::1", "https", "10.0.0.8", true),
        ("1.1.1.1, unknown", "https", nil, true), ("", "https", nil, false),
    ])
    func `the client is the last one that is no trusted proxy`(
        addresses: String, protos: String, client: String?, isSecure: Bool
    ) {
        var fields = HTTPFields()
        if !addresses.isEmpty { fields.append(addresses, for: .xForwardedFor) }
        if !protos.isEmpty { fields.append(protos, for: .xForwardedProto) }
        let found = Self.proxies.origin(of: fields)
        #expect(found.address == client)
        #expect(found.isSecure == isSecure)
    }
}
