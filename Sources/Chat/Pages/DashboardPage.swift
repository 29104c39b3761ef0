import HTMLTemplate

/// The page after logging in: create, join, my rooms, leaving.
struct DashboardPage: TemplateContext {
    /// What was typed to create a room, and what is wrong with it.
    struct Creation: Sendable {
        var isDM = false
        var name = ""
        var other = ""
        var error: String?
    }

    /// What was typed to join a room, and what is wrong with it.
    struct Joining: Sendable {
        var id = ""
        var error: String?
    }

    let frame: PageFrame
    let rooms: [RoomSummary]
    /// What asks for those that come after them.
    let next: RoomListQuery?
    var creation = Creation()
    var joining = Joining()

    static let shape =
        PageFrame.shape + [
            "rooms": .list(RoomItem.shape), "rooms_next": .optionalText,
            "create_is_dm": .flag, "create_name": .text, "create_with": .text, "create_error": .optionalText,
            "join_id": .text, "join_error": .optionalText,
        ]

    var record: TemplateRecord {
        TemplateRecord(
            frame.values + [
                .list(rooms.map { RoomItem(summary: $0).record }), (next?.text).templateValue,
                .flag(creation.isDM), .text(creation.name), .text(creation.other), creation.error.templateValue,
                .text(joining.id), joining.error.templateValue,
            ])
    }
}
