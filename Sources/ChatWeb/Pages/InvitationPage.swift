import Chat
import HTMLTemplate

/// Which room it is, and the button that leads in.
struct InvitationPage: TemplateContext {
    let frame: PageFrame
    let invitation: Invitation

    static let fields: TemplateFields<InvitationPage> =
        .of(PageFrame.self) { $0.frame } + [
            .number("room_id") { $0.invitation.room.id }.shared,
            .text("label") { $0.invitation.label },
            .text("type_label") { $0.invitation.room.kind.label }.shared,
            .number("members") { $0.invitation.room.memberCount }.shared,
            .flag("can_join") { $0.invitation.canJoin },
        ]
}
