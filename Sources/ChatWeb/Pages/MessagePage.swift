import Chat
import HTMLTemplate

/// A message by itself, and what can be done with it.
final class MessagePage: TemplateContext {
    let frame: PageFrame
    let reading: RoomReading
    let message: Message
    let rendered: [MessageBlock]
    let mayEdit: Bool
    /// What was typed, and why it is not what the message says now.
    let typed: String?
    let error: String?

    init(
        frame: PageFrame, reading: RoomReading, message: Message, rendered: [MessageBlock], mayEdit: Bool,
        typed: String?,
        error: String?
    ) {
        self.frame = frame
        self.reading = reading
        self.message = message
        self.rendered = rendered
        self.mayEdit = mayEdit
        self.typed = typed
        self.error = error
    }

    static let fields: TemplateFields<MessagePage> =
        .of(PageFrame.self) { $0.frame } + [
            .record("room") { RoomHeading(reading: $0.reading) },
            .number("message_id") { $0.message.id }.shared,
            .list("message_blocks") { $0.rendered },
            .flag("is_deleted") { $0.message.isDeleted },
            .flag("is_own") { $0.message.senderID == $0.reading.viewer.id },
            .flag("may_edit") { $0.mayEdit },
            .text("content") { $0.typed ?? String(decoding: $0.message.content, as: UTF8.self) },
            .optionalText("typed") { $0.typed },
            .optionalText("error") { $0.error },
        ]
}
