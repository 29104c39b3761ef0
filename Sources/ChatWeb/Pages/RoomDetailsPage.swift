import Chat
import HTMLTemplate

/// What can be done with a room: invite, name, export.
struct RoomDetailsPage: TemplateContext {
    let frame: PageFrame
    let reading: RoomReading
    /// The address that invites to it, by the name by which the reader came.
    let invitation: String
    /// What was typed for a name, and why the room is not called so.
    var name: String?
    var error: String?

    static let fields: TemplateFields<RoomDetailsPage> =
        .of(PageFrame.self) { $0.frame } + [
            .record("room") { RoomHeading(reading: $0.reading) },
            .text("invitation") { $0.invitation },
            .text("name") { $0.name ?? $0.reading.room.name ?? "" },
            .optionalText("error") { $0.error },
        ]
}
