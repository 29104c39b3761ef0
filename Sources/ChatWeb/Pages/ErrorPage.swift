import HTMLTemplate

/// What went wrong, where there is no page to say it on.
struct ErrorPage: TemplateContext {
    let frame: PageFrame
    let status: UInt16
    let message: String
    /// What was typed, so that it is not lost.
    var typed: String?
    /// The room that one may join instead.
    var room: Int64?
    var backURL: TemplateURL = "/dashboard"

    static let fields: TemplateFields<ErrorPage> =
        .of(PageFrame.self) { $0.frame } + [
            .number("status") { Int64($0.status) },
            .text("heading") { $0.frame.title },
            .text("message") { $0.message },
            .optionalText("typed") { $0.typed },
            .number("room_id") { $0.room ?? 0 },
            .url("back_url") { $0.backURL },
        ]
}
