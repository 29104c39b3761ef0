import PostgreSQL

/// A stored message, as it is now.
///
/// A class, because it is in many hands: what is kept of a room, each batch that it is part of, and what was made of it.
package final class Message: Sendable {
    /// Its number among those of its room, drawn when it was stored.
    package let id: Int64
    package let room: Int64
    /// Nil when the account is deleted.
    package let senderID: Int64?
    package let sender: String?
    /// UTF-8, as it was sent or edited last; empty when it is deleted.
    package let content: [UInt8]
    /// Microseconds since 1970-01-01T00:00:00Z.
    package let createdAt: Int64
    /// What its sender called it before it was stored.
    package let clientID: UUIDBytes
    /// The number that was drawn when it was last changed; nil when it never was.
    package let change: Int64?
    /// When it was edited last, as `createdAt`; nil when it never was.
    package let editedAt: Int64?
    /// It is a trace: nothing is left of what it said.
    package let isDeleted: Bool
    /// What it answers; nil when it is no reply.
    package let quote: Quote?
    /// What was made of it.
    package let renderings = MessageRenderings()

    package init(
        id: Int64, room: Int64, senderID: Int64?, sender: String?, content: [UInt8], createdAt: Int64,
        clientID: UUIDBytes,
        change: Int64? = nil, editedAt: Int64? = nil, isDeleted: Bool = false, quote: Quote? = nil
    ) {
        self.id = id
        self.room = room
        self.senderID = senderID
        self.sender = sender
        self.content = content
        self.createdAt = createdAt
        self.clientID = clientID
        self.change = change
        self.editedAt = editedAt
        self.isDeleted = isDeleted
        self.quote = quote
    }

    /// Where it stands among all that readers of its room follow.
    package var number: Int64 { change ?? id }

    /// The same message with what it answers as that is now: the message itself has not changed, nor has its number.
    func quoting(_ quote: Quote) -> Message {
        Message(
            id: id, room: room, senderID: senderID, sender: sender, content: content, createdAt: createdAt,
            clientID: clientID, change: change, editedAt: editedAt, isDeleted: isDeleted, quote: quote)
    }

    /// The columns that `init(_:)` reads, of `messages` and of what `joins` finds.
    static let columns = """
        messages.id, messages.room_id, sender.id AS sender_id, sender.username AS sender, messages.content,
        messages.created_at, messages.client_id, messages.change, messages.edited_at,
        messages.deleted_at IS NOT NULL AS is_deleted, \(Quote.columns)
        """

    /// After `messages` in a FROM clause: who has sent each of them, and what it answers. Nobody has sent what a deleted
    /// account has, also while the rows still point to it; so nothing but this may tell the sender of a message.
    static let joins = """
        LEFT JOIN users AS sender ON sender.id = messages.sender_id AND sender.deleted_at IS NULL
        \(Quote.join(room: "messages.room_id", id: "messages.reply_to"))
        """

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
            id: id, room: try row.int("room_id"), senderID: try row.optionalInt("sender_id"),
            sender: try row.optionalText("sender"), content: try row.utf8("content"),
            createdAt: try row.timestamp("created_at"), clientID: UUIDBytes(try row.uuid("client_id")),
            change: try row.optionalInt("change"), editedAt: try row.optionalTimestamp("edited_at"),
            isDeleted: try row.bool("is_deleted"), quote: try Quote(&row))
    }
}
