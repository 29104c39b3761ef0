import HTMLTemplate

/// Asks whether one wants to log out.
struct LeavingPage: TemplateContext {
    let frame: PageFrame

    static let shape = PageFrame.shape

    var record: TemplateRecord { TemplateRecord(frame.values) }
}
