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

    static let fields: TemplateFields<IndexPage> =
        .of(PageFrame.self) { $0.frame } + [
            .text("login_username") { $0.logIn.username },
            .optionalText("login_error") { $0.logIn.error },
            .text("register_username") { $0.register.username },
            .optionalText("register_error") { $0.register.error },
        ]
}
