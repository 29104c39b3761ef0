/// A protocol version that the parser accepts; any 1.x above 1.0 is treated as 1.1 (RFC 9110 section 2.5).
public enum HTTPVersion: Sendable {
    /// HTTP/1.0.
    case http10
    /// HTTP/1.1 and every later 1.x.
    case http11
}
