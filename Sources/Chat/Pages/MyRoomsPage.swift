import HTMLTemplate

/// The list of rooms by itself.
struct MyRoomsPage: TemplateContext {
    let frame: PageFrame
    let rooms: [RoomSummary]

    static let shape = PageFrame.shape + ["rooms": .list(RoomItem.shape)]

    var record: TemplateRecord {
        TemplateRecord(frame.values + [.list(rooms.map { RoomItem(summary: $0).record })])
    }
}
