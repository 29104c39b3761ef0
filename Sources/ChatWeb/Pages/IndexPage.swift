import HTMLTemplate

/// The landing page: log in or register.
struct IndexPage: TemplateContext {
    /// One of its forms: what was typed, and what is wrong with it.
    struct Form: Sendable {
        var username = ""
        var error: String?
        /// Nobody has the name, and whoever typed it may want to.
        var offersRegister = false
    }

    let frame: PageFrame
    /// Where one goes on to; nil for the usual.
    let next: String?
    var logIn = Form()
    var register = Form()

    static let fields: TemplateFields<IndexPage> =
        .of(PageFrame.self) { $0.frame } + [
            .text("login_username") { $0.logIn.username },
            .optionalText("login_error") { $0.logIn.error },
            .flag("offers_register") { $0.logIn.offersRegister },
            .optionalText("next") { $0.next },
            .text("register_username") { $0.register.username },
            .optionalText("register_error") { $0.register.error },
        ]
}
