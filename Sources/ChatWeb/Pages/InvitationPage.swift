import Chat
import HTMLTemplate

/// Which room it is, and the button that leads in.
struct InvitationPage: TemplateContext {
    let frame: PageFrame
    let invitation: Invitation
    /// The address to print, by the name by which the reader came; nil where the page is not for printing.
    let poster: String?

    static let fields: TemplateFields<InvitationPage> =
        .of(PageFrame.self) { $0.frame } + [
            .number("room_id") { $0.invitation.room.id }.shared,
            .text("label") { $0.invitation.label },
            .text("type_label") { $0.invitation.room.kind.label }.shared,
            .number("members") { $0.invitation.room.memberCount }.shared,
            .optionalText("poster") { $0.poster },
            .flag("can_join") { $0.invitation.canJoin },
        ]
}
