/// What the Connection field says about persistence (RFC 9110 section 7.6.1); Upgrade and all else is ignored.
struct ConnectionOptions {
    private var close = false
    private var keepAlive = false

    init(_ fields: HTTPFields) {
        fields.forEachValue(of: .connection) { value in
            for option in FieldListScanner(value) {
                if option.equalsIgnoringCase("close") { close = true }
                if option.equalsIgnoringCase("keep-alive") { keepAlive = true }
            }
        }
    }

    /// Whether the connection persists after a message of `version` (RFC 9112 section 9.3).
    func keepsAlive(in version: HTTPVersion) -> Bool {
        !close && (version == .http11 || keepAlive)
    }
}
