import Chat
import HTMLTemplate

/// A message as `components/message.html` shows it.
///
/// A class, because each of its values is asked for by a call, to which a struct would be copied with all that it refers to.
final class MessageView: TemplateContext {
    /// How it follows the message before.
    enum Place: Int {
        /// The first of its day, or the first that is shown.
        case newDay
        case sameDay
        /// The same sender's as the one before it, shortly after it.
        case grouped
    }

    let message: Message
    let isOwn: Bool
    let place: Place
    private let time: Timestamp

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
        .number("room_id") { $0.message.room },
        .flag("edited") { $0.message.editedAt != nil },
        .flag("deleted") { $0.message.isDeleted },
        .optionalRecord("quote") { $0.message.quote.map { QuoteView(quote: $0) } },
        .flag("grouped") { $0.place == .grouped },
        .optionalText("day_label") { $0.place == .newDay ? $0.time.date : nil },
        .optionalUTF8("client_id") { $0.isOwn ? $0.message.clientID.utf8 : nil },
    ]

    /// How many hues the style sheet has.
    private static let hueCount: UInt32 = 12

    init(_ message: Message, at place: Place, isOwn: Bool) {
        self.message = message
        self.place = place
        self.isOwn = isOwn
        time = Timestamp(microseconds: message.createdAt)
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
