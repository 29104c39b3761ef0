import HTMLTemplate

/// The list of rooms by itself, or an older part of it.
struct MyRoomsPage: TemplateContext {
    let frame: PageFrame
    let rooms: [RoomSummary]
    /// It does not begin with the newest.
    let isOlder: Bool
    let next: RoomListQuery?

    static let shape =
        PageFrame.shape + ["rooms": .list(RoomItem.shape), "rooms_next": .optionalText, "is_older": .flag]

    var record: TemplateRecord {
        TemplateRecord(
            frame.values + [
                .list(rooms.map { RoomItem(summary: $0).record }), (next?.text).templateValue, .flag(isOlder),
            ])
    }
}
