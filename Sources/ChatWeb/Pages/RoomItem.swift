import Chat
import HTMLTemplate

/// A room in the list of rooms (`components/rooms.html`).
struct RoomItem: TemplateContext {
    let summary: RoomSummary

    static let fields: TemplateFields<RoomItem> = [
        .number("id") { $0.summary.room.id },
        .text("label") { $0.summary.label },
        .text("type_label") { $0.summary.room.kind.label },
        .number("members") { $0.summary.room.memberCount },
        .flag("has_last") { $0.summary.lastMessage != nil },
        .optionalText("last_sender") { $0.summary.lastMessage?.sender },
        .flag("last_own") { $0.summary.lastMessage?.isOwn ?? false },
        .text("last_content") { $0.summary.lastMessage?.content ?? "Pesan dihapus" },
        .utf8("last_at") { $0.lastTime?.iso8601 ?? [] },
        .text("last_at_label") { $0.lastTime?.date ?? "" },
    ]

    private var lastTime: Timestamp? { summary.lastMessage.map { Timestamp(microseconds: $0.createdAt) } }
}
