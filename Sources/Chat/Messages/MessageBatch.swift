/// Messages that several requests are answered with: what is made of them is made once.
package final class MessageBatch: Sendable {
    package let room: Room
    /// In the order of their ids.
    package let messages: [Message]
    package let hasMore: Bool
    package let renderings = Renderings()

    package init(room: Room, messages: [Message], hasMore: Bool) {
        self.room = room
        self.messages = messages
        self.hasMore = hasMore
    }

    /// Those of them with greater ids than `cursor`, at most `limit`.
    func part(after cursor: Int64, limit: Int64) -> MessageBatch {
        let newer = messages.drop { $0.id <= cursor }
        if newer.count == messages.count, newer.count <= limit { return self }
        return MessageBatch(
            room: room, messages: Array(newer.prefix(Int(limit))), hasMore: hasMore || newer.count > limit)
    }
}
