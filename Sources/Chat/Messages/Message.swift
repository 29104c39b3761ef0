import PostgreSQL

/// A stored message.
package struct Message: Sendable {
    package let id: Int64
    /// Nil when the account is deleted.
    package let senderID: Int64?
    package let sender: String?
    /// UTF-8, as it was sent.
    package let content: [UInt8]
    /// Microseconds since 1970-01-01T00:00:00Z.
    package let createdAt: Int64
    /// What its sender called it before it was stored.
    package let clientID: UUIDBytes

    package init(id: Int64, senderID: Int64?, sender: String?, content: [UInt8], createdAt: Int64, clientID: UUIDBytes)
    {
        self.id = id
        self.senderID = senderID
        self.sender = sender
        self.content = content
        self.createdAt = createdAt
        self.clientID = clientID
    }

    /// The columns that `init(_:)` reads, of `messages` and of what `senderJoin` finds.
    static let columns = """
        messages.id, sender.id AS sender_id, sender.username AS sender, messages.content, messages.created_at,
        messages.client_id
        """

    /// After `messages` in a FROM clause: who has sent each of them. Nobody has what a deleted account has, also while
    /// the rows still point to it; so nothing but this may tell the sender of a message.
    static let senderJoin =
        "LEFT JOIN users AS sender ON sender.id = messages.sender_id AND sender.deleted_at IS NULL"

    /// Decodes `columns`; nil where a join has found no message, and then nothing is read after it.
    init?(_ row: inout PostgresColumns) throws {
        guard let id = try row.optionalInt("id") else { return nil }
        self.id = id
        senderID = try row.optionalInt("sender_id")
        sender = try row.optionalText("sender")
        content = try row.utf8("content")
        createdAt = try row.timestamp("created_at")
        clientID = UUIDBytes(try row.uuid("client_id"))
    }
}
