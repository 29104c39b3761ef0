import HTMLTemplate

/// A room in the list of rooms (`components/rooms.html`).
struct RoomItem: Sendable {
    let summary: RoomSummary

    static let shape: TemplateShape = [
        "id": .number, "label": .text, "type_label": .text, "members": .number, "has_last": .flag,
        "last_sender": .optionalText, "last_own": .flag, "last_content": .text, "last_at": .text,
        "last_at_label": .text,
    ]

    var record: TemplateRecord {
        let last = summary.lastMessage
        let time = last.map { Timestamp(microseconds: $0.createdAt) }
        return TemplateRecord([
            .number(summary.room.id), .text(summary.label), .text(summary.room.kind.label),
            .number(summary.room.memberCount), .flag(last != nil), (last?.sender).templateValue,
            .flag(last?.isOwn ?? false), .text(last?.content ?? ""), .utf8(time?.iso8601 ?? []),
            .text(time?.date ?? ""),
        ])
    }
}
