import Chat
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
    let sessions: [Sessions.Item]
    var creation = Creation()
    var joining = Joining()
    /// The room that was just left.
    var left: Invitation?

    static let fields: TemplateFields<DashboardPage> =
        .of(PageFrame.self) { $0.frame } + [
            .list("rooms") { $0.rooms.map { RoomItem(summary: $0) } },
            .optionalText("rooms_next") { $0.next?.text },
            .list("sessions") { $0.sessions.map { SessionItem(session: $0) } },
            .flag("has_other_sessions") { $0.sessions.count > 1 },
            .flag("create_is_dm") { $0.creation.isDM },
            .text("create_name") { $0.creation.name },
            .text("create_with") { $0.creation.other },
            .optionalText("create_error") { $0.creation.error },
            .optionalText("left_label") { $0.left?.label },
            .number("room_id") { $0.left.map { $0.canJoin ? $0.room.id : 0 } ?? 0 },
            .text("join_id") { $0.joining.id },
            .optionalText("join_error") { $0.joining.error },
        ]
}
