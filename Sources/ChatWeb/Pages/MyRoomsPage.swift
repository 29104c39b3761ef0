import Chat
import HTMLTemplate

/// The list of rooms by itself, or an older part of it.
struct MyRoomsPage: TemplateContext {
    let frame: PageFrame
    let rooms: [RoomSummary]
    /// It does not begin with the newest.
    let isOlder: Bool
    let next: RoomListQuery?

    static let fields: TemplateFields<MyRoomsPage> =
        .of(PageFrame.self) { $0.frame } + [
            .list("rooms") { $0.rooms.map { RoomItem(summary: $0) } },
            .optionalText("rooms_next") { $0.next?.text },
            .flag("is_older") { $0.isOlder },
        ]
}
