import Chat
import HTMLTemplate

/// A message as `components/message.html` shows it.
struct MessageView: TemplateContext {
    let message: Message
    let isOwn: Bool
    /// The same sender's as the one before it, shortly after it.
    let isGrouped: Bool
    /// The date, when it is not that of the message before.
    let dayLabel: String?

    static let fields: TemplateFields<MessageView> = [
        .number("id") { $0.message.id },
        .optionalText("sender") { $0.message.sender },
        .number("sender_id") { $0.message.senderID ?? 0 },
        .flag("own") { $0.isOwn },
        .text("initial") { $0.initial },
        .number("hue") { hue(of: $0.message.sender ?? "") },
        .utf8("iso") { Timestamp(microseconds: $0.message.createdAt).iso8601 },
        .utf8("time_label") { Timestamp(microseconds: $0.message.createdAt).clock },
        .utf8("content") { $0.message.content },
        .flag("grouped") { $0.isGrouped },
        .optionalText("day_label") { $0.dayLabel },
        .optionalUTF8("client_id") { $0.isOwn ? $0.message.clientID.utf8 : nil },
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

    /// One grapheme can be a megabyte: the initial is one code point.
    private var initial: String { message.sender?.unicodeScalars.first?.properties.uppercaseMapping ?? "" }

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

    static let fields: TemplateFields<MessageFragment> = [
        .list("messages") { MessageView.views(of: $0.messages, for: $0.viewer) }
    ]
}
