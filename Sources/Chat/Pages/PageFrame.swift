import HTMLTemplate

/// What every page has around it.
struct PageFrame: Sendable {
    let assets: PageAssets
    let title: String
    let user: User?

    /// Who is logged in, and what the forms of that person's pages send along (`components/viewer.html`).
    struct User: Sendable {
        let viewer: Viewer
        let session: SessionToken

        fileprivate static let shape: TemplateShape = ["id": .number, "name": .text, "token": .text]

        fileprivate var record: TemplateRecord {
            TemplateRecord([.number(viewer.id), .text(viewer.name), .text(session.formToken)])
        }
    }

    static let shape: TemplateShape = [
        "css_url": .url, "icon_url": .url, "chat_js_url": .url, "rooms_js_url": .url, "title": .text,
        "user": .optionalRecord(User.shape),
    ]

    var values: [TemplateValue] {
        [
            .url(assets.styleSheet), .url(assets.icon), .url(assets.chatScript), .url(assets.roomsScript), .text(title),
            user.map { .record($0.record) } ?? .none,
        ]
    }
}

/// Where the pages find their style sheet, their icon and their scripts.
public struct PageAssets: Sendable {
    let styleSheet: TemplateURL
    let icon: TemplateURL
    let chatScript: TemplateURL
    let roomsScript: TemplateURL

    private static let chat = "/js/chat.js"
    private static let rooms = "/js/rooms.js"

    /// The paths of the scripts with which pages begin; they import others.
    public static let scripts = [chat, rooms]

    /// - Parameter url: the URL path of a file, given its own path: with whatever tells one version of the file from
    ///   another. One that is no path of this site stops the program.
    public init(_ url: (String) -> String) {
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

extension String? {
    /// For an optional text of a template.
    var templateValue: TemplateValue { self.map { .text($0) } ?? .none }
}
