/// The secret of one browser's session: 256 random bits. The database has only its SHA-256, which it makes itself.
package struct SessionToken: Hashable, Sendable {
    package static let byteCount = 32

    package let bytes: [UInt8]

    /// A new one.
    package init() { bytes = RandomBytes.make(count: Self.byteCount) }

    /// One that was given before; nil for another number of bytes than `byteCount`.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// In a WHERE clause: rows of `sessions` that have not expired and are of the token that `token` names.
    static func isCurrent(_ token: String) -> String { "token_hash = sha256(\(token)) AND expires_at > now()" }
}
