import HTTP
import NonblockingIO

/// The proxies whose word about their clients is believed.
struct TrustedProxies: Sendable {
    private let networks: [IPNetwork]

    init(_ networks: [IPNetwork]) { self.networks = networks }

    func contains(_ address: SocketAddress) -> Bool { networks.contains { $0.contains(address) } }

    /// Where a request comes from that a trusted proxy has sent: the last address that is no trusted proxy's, nil when
    /// that is unknown; and whether the client spoke TLS, as the trusted proxy nearest to it says.
    func origin(of fields: HTTPFields) -> HTTPRequestOrigin {
        var address: String?
        var isSecure = false
        for hop in ForwardedFields(fields).hops.reversed() {
            if let word = hop.isSecure { isSecure = word }
            address = hop.address
            // What stands before an address that is not trusted, that address may have made up.
            guard let text = hop.address, let proxy = SocketAddress(host: text, port: 0), contains(proxy) else { break }
        }
        return HTTPRequestOrigin(address: address, isSecure: isSecure)
    }
}
