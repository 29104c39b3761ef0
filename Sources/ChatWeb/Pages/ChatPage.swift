import Chat
import HTMLTemplate

/// A room.
struct ChatPage: TemplateContext {
    let frame: PageFrame
    let history: RoomHistory
    /// What was typed, and why it was not sent.
    var content = ""
    var error: String?
    /// For the form, so that a form sent twice is stored once.
    var clientID = UUIDBytes()

    static let fields: TemplateFields<ChatPage> =
        .of(PageFrame.self) { $0.frame } + [
            .record("room") { RoomHeading(history: $0.history) },
            .list("messages") { MessageView.views(of: $0.history.messages, for: $0.history.viewer.id) },
            .flag("is_empty") { $0.history.messages.isEmpty },
            .flag("has_older") { $0.history.hasMore },
            .number("cursor") { $0.history.messages.last?.id ?? 0 },
            .optionalText("error") { $0.error },
            .text("content") { $0.content },
            .text("client_id") { $0.clientID.text },
            .number("viewer_id") { $0.history.viewer.id },
            .record("limits") { _ in ScriptLimits() },
        ]
}

/// What the page's script keeps to: code points, seconds, milliseconds.
struct ScriptLimits: TemplateContext {
    static let fields: TemplateFields<ScriptLimits> = [
        .number("content") { _ in Int64(ChatLimits.maxContentLength) },
        .number("hold") { _ in ChatLimits.holdOfPages },
        .number("group") { _ in MessageView.longestPause / 1_000 },
    ]
}

/// What stands above a room's messages.
struct RoomHeading: TemplateContext {
    let history: RoomHistory

    static let fields: TemplateFields<RoomHeading> = [
        .number("id") { $0.history.room.id },
        .text("label") { $0.history.label },
        .optionalText("name") { $0.history.room.name },
        .text("type_label") { $0.history.room.kind.label },
        .number("members") { $0.history.room.memberCount },
    ]
}
