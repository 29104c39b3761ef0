import Chat
import HTMLTemplate

// Messages are rendered once for all who read them, and put together for each.

extension Pages {
    /// Messages that follow each other, as HTML. Those of `viewer` are that person's own.
    func blocks(of messages: [Message], for viewer: Int64?) -> [MessageBlock] {
        var blocks: [MessageBlock] = []
        var bytes: [UInt8] = []
        var previous: Message?
        for (index, message) in messages.enumerated() {
            if !bytes.isEmpty, Self.beginsBlock(message) {
                blocks.append(MessageBlock(html: bytes))
                bytes = []
            }
            if bytes.isEmpty {
                let count = min(messages.count - index, Self.usualLength)
                bytes.reserveCapacity(count * Self.usualSize)
            }
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
        if !bytes.isEmpty { blocks.append(MessageBlock(html: bytes)) }
        return blocks
    }

    /// Where a block begins depends on that message's id alone: so a message that is appended changes the last block, and
    /// the others stay as they were compressed. More in one are compressed better, and anew more often. Ids are drawn for
    /// all rooms together, so they are mixed (by the golden ratio, which spreads them evenly): one of them in 32 begins a
    /// block, however many of them are this room's.
    private static func beginsBlock(_ message: Message) -> Bool {
        UInt64(bitPattern: message.id) &* 0x9E37_79B9_7F4A_7C15 < UInt64.max / UInt64(usualLength)
    }

    private static let usualLength = 32

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
