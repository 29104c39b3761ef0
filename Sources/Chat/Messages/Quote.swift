import PostgreSQL

/// What a reply shows of the message that it answers, as that is now.
package struct Quote: Equatable, Sendable {
    package let id: Int64
    /// Nil when the account is deleted.
    package let sender: String?
    /// UTF-8, the first `ChatLimits.quotedLength` code points; nil when the message is deleted.
    package let content: [UInt8]?

    package init(id: Int64, sender: String?, content: [UInt8]?) {
        self.id = id
        self.sender = sender
        self.content = content
    }

    /// Of that message.
    package init(_ message: Message) {
        let content = message.isDeleted ? nil : Self.beginning(of: message.content)
        self.init(id: message.id, sender: message.sender, content: content)
    }

    /// The same as PostgreSQL's `left`.
    private static func beginning(of content: [UInt8]) -> [UInt8] {
        guard content.count > ChatLimits.quotedLength else { return content }
        var length = 0
        // Every byte but a continuation byte begins a code point.
        let end = content.firstIndex { byte in
            if byte & 0b1100_0000 != 0b1000_0000 { length += 1 }
            return length > ChatLimits.quotedLength
        }
        return Array(content[..<(end ?? content.endIndex)])
    }

    /// The columns that `init(_:)` reads, of what `join` finds.
    static let columns = "quote.quoted_id, quote.quoted_sender, quote.quoted_content"

    /// In a FROM clause after what `room` and `id` name: the message of that room with that id. `LIMIT` as in
    /// `Membership.join`.
    static func join(room: String, id: String) -> String {
        """
        LEFT JOIN LATERAL (
            SELECT quoted.id AS quoted_id, author.username AS quoted_sender, CASE WHEN quoted.deleted_at IS NULL
                THEN left(quoted.content, \(ChatLimits.quotedLength)) END AS quoted_content
            FROM messages AS quoted
            LEFT JOIN users AS author ON author.id = quoted.sender_id AND author.deleted_at IS NULL
            WHERE quoted.room_id = \(room) AND quoted.id = \(id) LIMIT 1
        ) AS quote ON true
        """
    }

    /// Decodes `columns`; nil where the join has found no message. All are read in any case.
    init?(_ row: inout PostgresColumns) throws {
        let id = try row.optionalInt("quoted_id")
        let sender = try row.optionalText("quoted_sender")
        let content = try row.optionalUTF8("quoted_content")
        guard let id else { return nil }
        self.init(id: id, sender: sender, content: content)
    }
}
