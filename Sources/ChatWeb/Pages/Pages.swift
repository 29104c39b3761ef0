package import HTMLTemplate

/// Every page, checked and compiled.
package struct Pages: Sendable {
    let assets: PageAssets
    let index: Template<IndexPage>
    let dashboard: Template<DashboardPage>
    let myRooms: Template<MyRoomsPage>
    let chat: Template<ChatPage>
    let messages: Template<MessageFragment>
    let error: Template<ErrorPage>
    let leaving: Template<LeavingPage>

    /// - Throws: `TemplateError` for whatever in a template does not fit its page.
    package init(_ library: TemplateLibrary, assets: PageAssets) throws(TemplateError) {
        self.assets = assets
        index = try library.template("index.html", for: IndexPage.self)
        dashboard = try library.template("dashboard.html", for: DashboardPage.self)
        myRooms = try library.template("my-rooms.html", for: MyRoomsPage.self)
        chat = try library.template("chat.html", for: ChatPage.self)
        messages = try library.template("components/messages.html", for: MessageFragment.self)
        error = try library.template("error.html", for: ErrorPage.self)
        leaving = try library.template("logout.html", for: LeavingPage.self)
    }

    func frame(title: String, user: PageFrame.User?) -> PageFrame {
        PageFrame(assets: assets, title: title, user: user)
    }
}
