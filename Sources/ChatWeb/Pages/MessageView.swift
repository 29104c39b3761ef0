import Chat
import HTMLTemplate

/// A message as `components/message.html` shows it.
///
/// A class, because each of its values is asked for by a call, to which a struct would be copied with all that it refers to.
final class MessageView: TemplateContext {
    let message: Message
    private let time: Timestamp
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
        .utf8("iso") { $0.time.iso8601 },
        .utf8("time_label") { $0.time.clock },
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
        var previous: MessageView?
        return messages.map { message in
            let view = MessageView(
                message, after: previous, isOwn: message.senderID != nil && message.senderID == viewer)
            previous = view
            return view
        }
    }

    private init(_ message: Message, after previous: MessageView?, isOwn: Bool) {
        self.message = message
        self.isOwn = isOwn
        time = Timestamp(microseconds: message.createdAt)
        let isSameDay = previous?.time.isSameDay(as: time) ?? false
        dayLabel = isSameDay ? nil : time.date
        guard isSameDay, let before = previous?.message, let sender = message.senderID, before.senderID == sender else {
            isGrouped = false
            return
        }
        // Two times of others' making can be further apart than a number tells.
        let (pause, isTooLong) = message.createdAt.subtractingReportingOverflow(before.createdAt)
        isGrouped = !isTooLong && pause < Self.longestPause
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
