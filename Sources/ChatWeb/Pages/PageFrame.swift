import Chat
import HTMLTemplate

/// What every page has around it.
struct PageFrame: TemplateContext {
    let assets: PageAssets
    let title: String
    let user: User?

    /// Who is logged in, and what the forms of that person's pages send along (`components/viewer.html`).
    struct User: TemplateContext {
        let viewer: Viewer
        let session: SessionToken

        static let fields: TemplateFields<User> = [
            .number("id") { $0.viewer.id },
            .text("name") { $0.viewer.name },
            .text("token") { $0.session.formToken },
        ]
    }

    static let fields: TemplateFields<PageFrame> = [
        .url("css_url") { $0.assets.styleSheet },
        .url("js_url") { $0.assets.script },
        .text("title") { $0.title },
        .optionalRecord("user") { $0.user },
    ]
}

/// Where the pages find their style sheet and their script.
package struct PageAssets: Sendable {
    let styleSheet: TemplateURL
    let script: TemplateURL

    /// - Parameters: URL paths, with whatever tells one version of the file from another. One that is no path of this
    ///   site stops the program.
    package init(styleSheet: String, script: String) {
        guard let styleSheet = TemplateURL(path: styleSheet), let script = TemplateURL(path: script) else {
            preconditionFailure("\(styleSheet) and \(script) must be paths of this site")
        }
        self.styleSheet = styleSheet
        self.script = script
    }
}
