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

    static let shape =
        PageFrame.shape + [
            "room": .record([
                "id": .number, "label": .text, "name": .optionalText, "type_label": .text, "members": .number,
            ]),
            "messages": .list(MessageView.shape), "is_empty": .flag, "has_older": .flag, "cursor": .number,
            "error": .optionalText, "content": .text, "client_id": .text, "viewer_id": .number,
            "limits": .record(["content": .number, "hold": .number, "group": .number]),
        ]

    /// What the page's script keeps to: code points, seconds, milliseconds.
    private static let limits = TemplateRecord([
        .number(Int64(ChatLimits.maxContentLength)), .number(ChatLimits.holdOfPages),
        .number(MessageView.longestPause / 1_000),
    ])

    var record: TemplateRecord {
        let room = history.room
        let messages = history.messages
        let roomRecord = TemplateRecord([
            .number(room.id), .text(history.label), room.name.templateValue, .text(room.kind.label),
            .number(room.memberCount),
        ])
        return TemplateRecord(
            frame.values + [
                .record(roomRecord),
                .list(MessageView.views(of: messages, for: history.viewer.id).map(\.record)),
                .flag(messages.isEmpty), .flag(history.hasMore), .number(messages.last?.id ?? 0),
                error.templateValue, .text(content), .text(clientID.text), .number(history.viewer.id),
                .record(Self.limits),
            ])
    }
}
