import HTMLTemplate

/// Asks whether one wants to log out.
struct LeavingPage: TemplateContext {
    let frame: PageFrame

    static let fields: TemplateFields<LeavingPage> = .of(PageFrame.self) { $0.frame }
}
