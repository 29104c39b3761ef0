package import HTMLTemplate

/// Every page, checked and compiled.
package final class Pages: Sendable {
    let assets: PageAssets
    /// Whether what is made by these may be kept for others; if not, the next may be made by other templates.
    let areKept: Bool
    let index: Template<IndexPage>
    let dashboard: Template<DashboardPage>
    let myRooms: Template<MyRoomsPage>
    let chat: Template<ChatPage>
    let message: Template<MessageView>
    let messages: Template<MessagesFragment>
    let exportBegin: Template<ExportPage>
    let exportEnd: Template<ExportPage.End>
    let oneMessage: Template<MessagePage>
    let invitation: Template<InvitationPage>
    let roomDetails: Template<RoomDetailsPage>
    let error: Template<ErrorPage>
    let leaving: Template<LeavingPage>

    /// - Parameter areKept: whether there are no others as long as the program runs.
    /// - Throws: `TemplateError` for whatever in a template does not fit its page.
    package init(_ library: TemplateLibrary, assets: PageAssets, areKept: Bool = true) throws(TemplateError) {
        self.areKept = areKept
        self.assets = assets
        index = try library.template("index.html", for: IndexPage.self)
        dashboard = try library.template("dashboard.html", for: DashboardPage.self)
        myRooms = try library.template("my-rooms.html", for: MyRoomsPage.self)
        chat = try library.template("chat.html", for: ChatPage.self)
        message = try library.template("components/message.html", for: MessageView.self)
        messages = try library.template("components/messages.html", for: MessagesFragment.self)
        exportBegin = try library.template("export/begin.html", for: ExportPage.self)
        exportEnd = try library.template("export/end.html", for: ExportPage.End.self)
        oneMessage = try library.template("one-message.html", for: MessagePage.self)
        invitation = try library.template("invitation.html", for: InvitationPage.self)
        roomDetails = try library.template("room-details.html", for: RoomDetailsPage.self)
        error = try library.template("error.html", for: ErrorPage.self)
        leaving = try library.template("logout.html", for: LeavingPage.self)
    }

    func frame(title: String, user: PageFrame.User?) -> PageFrame {
        PageFrame(assets: assets, title: title, user: user)
    }
}
