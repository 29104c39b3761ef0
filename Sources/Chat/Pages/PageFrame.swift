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
        "css_url": .url, "js_url": .url, "title": .text, "user": .optionalRecord(User.shape),
    ]

    var values: [TemplateValue] {
        [
            .url(assets.styleSheet), .url(assets.script), .text(title),
            user.map { .record($0.record) } ?? .none,
        ]
    }
}

/// Where the pages find their style sheet and their script.
public struct PageAssets: Sendable {
    let styleSheet: TemplateURL
    let script: TemplateURL

    /// - Parameters: URL paths, with whatever tells one version of the file from another. One that is no path of this
    ///   site stops the program.
    public init(styleSheet: String, script: String) {
        guard let styleSheet = TemplateURL(path: styleSheet), let script = TemplateURL(path: script) else {
            preconditionFailure("\(styleSheet) and \(script) must be paths of this site")
        }
        self.styleSheet = styleSheet
        self.script = script
    }
}

extension String? {
    /// For an optional text of a template.
    var templateValue: TemplateValue { self.map { .text($0) } ?? .none }
}
