import PostgreSQL

/// A stored message.
struct Message: Sendable {
    let id: Int64
    /// Nil when the account is deleted.
    let senderID: Int64?
    let sender: String?
    /// UTF-8, as it was sent.
    let content: [UInt8]
    /// Microseconds since 1970-01-01T00:00:00Z.
    let createdAt: Int64
    /// What its sender called it before it was stored.
    let clientID: UUIDBytes

    init(id: Int64, senderID: Int64?, sender: String?, content: [UInt8], createdAt: Int64, clientID: UUIDBytes) {
        self.id = id
        self.senderID = senderID
        self.sender = sender
        self.content = content
        self.createdAt = createdAt
        self.clientID = clientID
    }

    /// The columns that `init(_:from:)` reads, of `messages` and of what `senderJoin` finds.
    static let columns = """
        messages.id, sender.id AS sender_id, sender.username, messages.content, messages.created_at, messages.client_id
        """

    /// After `messages` in a FROM clause: who has sent each of them. Nobody has what a deleted account has, also while
    /// the rows still point to it; so nothing but this may tell the sender of a message.
    static let senderJoin =
        "LEFT JOIN users AS sender ON sender.id = messages.sender_id AND sender.deleted_at IS NULL"

    /// Decodes `columns` from the row's column `first` on.
    init(_ row: PostgresRow, from first: Int) throws {
        id = try row.int(first)
        senderID = try row.optionalInt(first + 1)
        sender = try row.optionalText(first + 2)
        content = try row.utf8(first + 3)
        createdAt = try row.timestamp(first + 4)
        clientID = UUIDBytes(try row.uuid(first + 5))
    }
}
