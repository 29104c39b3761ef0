import HTMLTemplate

/// A message as `components/message.html` shows it.
struct MessageView: Sendable {
    let message: Message
    let isOwn: Bool
    /// The same sender's as the one before it, shortly after it.
    let isGrouped: Bool
    /// The date, when it is not that of the message before.
    let dayLabel: String?

    static let shape: TemplateShape = [
        "id": .number, "sender": .optionalText, "sender_id": .number, "own": .flag, "initial": .text, "hue": .number,
        "iso": .text, "time_label": .text, "content": .text, "grouped": .flag, "day_label": .optionalText,
        "client_id": .optionalText,
    ]

    /// How many hues the style sheet has.
    private static let hueCount: UInt32 = 12
    /// Microseconds; messages of one group have less between them. 5 minutes.
    static let longestPause: Int64 = 5 * 60 * 1_000_000

    /// Views of messages that follow each other.
    static func views(of messages: [Message], for viewer: Int64?) -> [MessageView] {
        var previous: Message?
        var previousTime: Timestamp?
        return messages.map { message in
            let time = Timestamp(microseconds: message.createdAt)
            let isSameDay = previousTime?.isSameDay(as: time) ?? false
            let isGrouped =
                isSameDay && previous?.senderID == message.senderID && message.senderID != nil
                && isSoon(message, after: previous)
            previous = message
            previousTime = time
            return MessageView(
                message: message, isOwn: message.senderID != nil && message.senderID == viewer, isGrouped: isGrouped,
                dayLabel: isSameDay ? nil : time.date)
        }
    }

    /// Two times of others' making can be further apart than a number tells.
    private static func isSoon(_ message: Message, after previous: Message?) -> Bool {
        let (pause, isTooLong) = message.createdAt.subtractingReportingOverflow(previous?.createdAt ?? 0)
        return !isTooLong && pause < longestPause
    }

    var record: TemplateRecord {
        let time = Timestamp(microseconds: message.createdAt)
        let name = message.sender ?? ""
        // One grapheme can be a megabyte: the initial is one code point.
        let initial = name.unicodeScalars.first.map { $0.properties.uppercaseMapping } ?? ""
        return TemplateRecord([
            .number(message.id), message.sender.templateValue, .number(message.senderID ?? 0), .flag(isOwn),
            .text(initial), .number(Self.hue(of: name)), .utf8(time.iso8601), .utf8(time.clock),
            .utf8(message.content), .flag(isGrouped), dayLabel.templateValue,
            isOwn ? .utf8(message.clientID.utf8) : .none,
        ])
    }

    /// The same for a name at every time and place (Swift's own hashes are not): FNV-1a.
    private static func hue(of name: String) -> Int64 {
        var hash: UInt32 = 2_166_136_261
        for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return Int64(hash % hueCount)
    }
}

/// Messages by themselves, as the script asks for them.
struct MessageFragment: TemplateContext {
    let messages: [Message]
    let viewer: Int64?

    static let shape: TemplateShape = ["messages": .list(MessageView.shape)]

    var record: TemplateRecord {
        TemplateRecord([.list(MessageView.views(of: messages, for: viewer).map(\.record))])
    }
}
