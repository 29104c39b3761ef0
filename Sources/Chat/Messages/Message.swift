import PostgreSQL

/// A stored message, as it is now.
///
/// A class, because it is in many hands: what is kept of a room, each batch that it is part of, and what was made of it.
package final class Message: Sendable {
    /// Its number among those of its room, drawn when it was stored.
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
    /// The number that was drawn when it was last changed; nil when it never was.
    package let change: Int64?
    /// What was made of it.
    package let renderings = MessageRenderings()

    package init(
        id: Int64, senderID: Int64?, sender: String?, content: [UInt8], createdAt: Int64, clientID: UUIDBytes,
        change: Int64? = nil
    ) {
        self.id = id
        self.senderID = senderID
        self.sender = sender
        self.content = content
        self.createdAt = createdAt
        self.clientID = clientID
        self.change = change
    }

    /// Where it stands among all that readers of its room follow.
    package var number: Int64 { change ?? id }

    /// The columns that `init(_:)` reads, of `messages` and of what `senderJoin` finds.
    static let columns = """
        messages.id, sender.id AS sender_id, sender.username AS sender, messages.content, messages.created_at,
        messages.client_id, messages.change
        """

    /// After `messages` in a FROM clause: who has sent each of them. Nobody has what a deleted account has, also while
    /// the rows still point to it; so nothing but this may tell the sender of a message.
    static let senderJoin =
        "LEFT JOIN users AS sender ON sender.id = messages.sender_id AND sender.deleted_at IS NULL"

    /// An expression: the greatest number that a message has of the room that `room` names, null where there is none.
    static func greatestNumber(room: String) -> String {
        """
        greatest(
            (SELECT max(id) FROM messages WHERE room_id = \(room)),
            (SELECT max(change) FROM messages WHERE room_id = \(room) AND change IS NOT NULL))
        """
    }

    /// Decodes `columns`; nil where a join has found no message, and then nothing is read after it.
    convenience init?(_ row: inout PostgresColumns) throws {
        guard let id = try row.optionalInt("id") else { return nil }
        self.init(
            id: id, senderID: try row.optionalInt("sender_id"), sender: try row.optionalText("sender"),
            content: try row.utf8("content"), createdAt: try row.timestamp("created_at"),
            clientID: UUIDBytes(try row.uuid("client_id")), change: try row.optionalInt("change"))
    }
}
