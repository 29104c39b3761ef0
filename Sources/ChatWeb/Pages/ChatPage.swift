import Chat
import HTMLTemplate

/// A room.
///
/// A class, as the parts of every page are: each of its values is asked for by a call, to which a struct would be copied
/// with all that it refers to.
final class ChatPage: TemplateContext {
    let frame: PageFrame
    let reading: RoomReading
    let messages: [MessageBlock]
    /// What was typed, and why it was not sent.
    let content: String
    let error: String?
    /// What is to be answered.
    let reply: Quote?
    /// How long after it was sent a message may be edited.
    let editWindow: Duration
    /// For the form, so that a form sent twice is stored once.
    let clientID = UUIDBytes()

    init(
        frame: PageFrame, reading: RoomReading, messages: [MessageBlock], content: String, error: String?,
        reply: Quote?, editWindow: Duration
    ) {
        self.frame = frame
        self.reading = reading
        self.messages = messages
        self.content = content
        self.error = error
        self.reply = reply
        self.editWindow = editWindow
    }

    static let fields: TemplateFields<ChatPage> =
        .of(PageFrame.self) { $0.frame } + [
            .record("room") { RoomHeading(reading: $0.reading) },
            .list("message_blocks") { $0.messages },
            .flag("is_empty") { $0.reading.batch.messages.isEmpty },
            .flag("has_older") { $0.reading.batch.hasMore },
            .number("oldest") { $0.reading.batch.messages.first?.id ?? 0 }.shared,
            .number("cursor") { $0.reading.batch.cursor }.shared,
            .optionalText("error") { $0.error },
            .text("content") { $0.content },
            .optionalRecord("reply") { $0.reply.map { QuoteView(quote: $0) } },
            .text("client_id") { $0.clientID.text },
            .number("viewer_id") { $0.reading.viewer.id },
            .record("limits") { ScriptLimits(editWindow: $0.editWindow) },
        ]
}

/// What the page's script keeps to: code points, seconds, milliseconds.
struct ScriptLimits: TemplateContext {
    let editWindow: Duration

    static let fields: TemplateFields<ScriptLimits> = [
        .number("content") { _ in Int64(ChatLimits.maxContentLength) }.shared,
        .number("hold") { _ in ChatLimits.holdOfPages }.shared,
        .number("group") { _ in MessageView.Place.longestPause / 1_000 }.shared,
        .number("edit") { Int64($0.editWindow / .milliseconds(1)) }.shared,
    ]
}

/// What stands above a room's messages.
final class RoomHeading: TemplateContext {
    let reading: RoomReading

    init(reading: RoomReading) { self.reading = reading }

    static let fields: TemplateFields<RoomHeading> = [
        .number("id") { $0.reading.room.id }.shared,
        .text("label") { $0.reading.label },
        .optionalText("name") { $0.reading.room.name },
        .text("type_label") { $0.reading.room.kind.label }.shared,
        .number("members") { $0.reading.room.memberCount }.shared,
        .flag("is_full") { $0.reading.room.isFull },
    ]
}
