/// Where a request comes from that a trusted proxy has sent. A reference keeps the requests, which mostly have none, small.
public final class HTTPRequestOrigin: Sendable {
    /// The numeric address of the client; nil when the proxies do not tell it.
    public let address: String?
    /// Whether the client spoke TLS.
    public let isSecure: Bool

    /// Makes an origin of what is known.
    public init(address: String?, isSecure: Bool) {
        self.address = address
        self.isSecure = isSecure
    }
}
