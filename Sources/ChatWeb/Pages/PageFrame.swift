import Chat
import HTMLTemplate

/// What every page has around it.
final class PageFrame: TemplateContext {
    let assets: PageAssets
    let title: String
    let user: User?

    init(assets: PageAssets, title: String, user: User?) {
        self.assets = assets
        self.title = title
        self.user = user
    }

    /// Who is logged in, and what the forms of that person's pages send along (`components/viewer.html`).
    final class User: TemplateContext {
        let viewer: Viewer
        let session: SessionToken

        init(viewer: Viewer, session: SessionToken) {
            self.viewer = viewer
            self.session = session
        }

        static let fields: TemplateFields<User> = [
            .number("id") { $0.viewer.id },
            .text("name") { $0.viewer.name },
            .text("token") { $0.session.formToken },
        ]
    }

    static let fields: TemplateFields<PageFrame> = [
        .url("css_url") { $0.assets.styleSheet }.shared,
        .url("icon_url") { $0.assets.icon }.shared,
        .url("chat_js_url") { $0.assets.chatScript }.shared,
        .url("rooms_js_url") { $0.assets.roomsScript }.shared,
        .text("title") { $0.title },
        .optionalRecord("user") { $0.user },
    ]
}

/// Where the pages find their style sheet, their icon and their scripts.
package final class PageAssets: Sendable {
    let styleSheet: TemplateURL
    let icon: TemplateURL
    let chatScript: TemplateURL
    let roomsScript: TemplateURL

    private static let chat = "/js/chat.js"
    private static let rooms = "/js/rooms.js"

    /// The paths of the scripts with which pages begin; they import others.
    package static let scripts = [chat, rooms]

    /// - Parameter url: the URL path of a file, given its own path: with whatever tells one version of the file from
    ///   another. One that is no path of this site stops the program.
    package init(_ url: (String) -> String) {
        func locate(_ path: String) -> TemplateURL {
            guard let found = TemplateURL(path: url(path)) else {
                preconditionFailure("\(url(path)) must be a path of this site")
            }
            return found
        }
        styleSheet = locate("/css/style.css")
        icon = locate("/favicon.svg")
        chatScript = locate(Self.chat)
        roomsScript = locate(Self.rooms)
    }
}
