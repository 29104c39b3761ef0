import HTMLTemplate

/// The landing page: log in or register.
struct IndexPage: TemplateContext {
    /// One of its forms: what was typed, and what is wrong with it.
    struct Form: Sendable {
        var username = ""
        var error: String?
    }

    let frame: PageFrame
    var logIn = Form()
    var register = Form()

    static let shape =
        PageFrame.shape + [
            "login_username": .text, "login_error": .optionalText,
            "register_username": .text, "register_error": .optionalText,
        ]

    var record: TemplateRecord {
        TemplateRecord(
            frame.values + [
                .text(logIn.username), logIn.error.templateValue,
                .text(register.username), register.error.templateValue,
            ])
    }
}
