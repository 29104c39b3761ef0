import HTMLTemplate

/// What went wrong, where there is no page to say it on.
struct ErrorPage: TemplateContext {
    let frame: PageFrame
    let status: UInt16
    let message: String
    /// What was typed, so that it is not lost.
    var typed: String?
    var backURL: TemplateURL = "/dashboard"

    static let shape =
        PageFrame.shape + [
            "status": .number, "heading": .text, "message": .text, "typed": .optionalText, "back_url": .url,
        ]

    var record: TemplateRecord {
        TemplateRecord(
            frame.values + [
                .number(Int64(status)), .text(frame.title), .text(message), typed.templateValue, .url(backURL),
            ])
    }
}
