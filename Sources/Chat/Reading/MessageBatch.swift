/// Messages that several requests are answered with: what is made of them is made once.
package final class MessageBatch: Sendable {
    package let room: Room
    /// Those that are newer than a number: in the order of theirs. Others: in that of their ids.
    package let messages: [Message]
    /// There are more in the direction that was asked for.
    package let hasMore: Bool
    /// What to ask for next, to have what is newer than all this.
    package let cursor: Int64
    package let renderings = Renderings()

    package init(room: Room, messages: [Message], hasMore: Bool, cursor: Int64) {
        self.room = room
        self.messages = messages
        self.hasMore = hasMore
        self.cursor = cursor
    }
}
