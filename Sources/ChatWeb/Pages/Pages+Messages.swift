import Chat
import HTMLTemplate

// Messages are rendered once for all who read them, and put together for each.

extension Pages {
    /// Messages that follow each other, as HTML. Those of `viewer` are that person's own.
    func messages(_ messages: [Message], for viewer: Int64?) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(messages.count * Self.usualSize)
        var previous: Message?
        for message in messages {
            let place = MessageView.Place(of: message, after: previous)
            let isOwn = message.senderID != nil && message.senderID == viewer
            let make = { self.message.render(MessageView(message, at: place, isOwn: isOwn)) }
            if areKept {
                message.renderings.append(2 * place.rawValue + (isOwn ? 1 : 0), to: &bytes, make: make)
            } else {
                bytes += make()
            }
            previous = message
        }
        return bytes
    }

    /// Bytes of a message with some words, so that the room for most is there from the beginning.
    private static let usualSize = 700
}

extension MessageView.Place {
    /// Microseconds; messages of one group have less between them. 5 minutes.
    static let longestPause: Int64 = 5 * 60 * 1_000_000

    /// - Parameter previous: the message above, nil when it is not known.
    init(of message: Message, after previous: Message?) {
        guard let previous, previous.id < message.id,
            Timestamp(microseconds: previous.createdAt).isSameDay(as: Timestamp(microseconds: message.createdAt))
        else {
            self = .newDay
            return
        }
        // Nobody's name is above a trace.
        guard let sender = message.senderID, previous.senderID == sender, !message.isDeleted, !previous.isDeleted else {
            self = .sameDay
            return
        }
        // Two times of others' making can be further apart than a number tells.
        let (pause, isTooLong) = message.createdAt.subtractingReportingOverflow(previous.createdAt)
        self = !isTooLong && pause < Self.longestPause ? .grouped : .sameDay
    }
}
