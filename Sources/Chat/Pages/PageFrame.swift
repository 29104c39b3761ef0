import HTMLTemplate

/// What every page has around it.
struct PageFrame: Sendable {
    let assets: PageAssets
    let title: String
    /// Who is logged in.
    let user: String?

    static let shape: TemplateShape = [
        "css_url": .text, "js_url": .text, "title": .text, "user": .optionalRecord(["name": .text]),
    ]

    var values: [TemplateValue] {
        [
            .text(assets.styleSheet), .text(assets.script), .text(title),
            user.map { .record(TemplateRecord([.text($0)])) } ?? .none,
        ]
    }
}

/// Where the pages find their style sheet and their script.
public struct PageAssets: Sendable {
    let styleSheet: String
    let script: String

    /// - Parameters: URL paths, with whatever tells one version of the file from another.
    public init(styleSheet: String, script: String) {
        self.styleSheet = styleSheet
        self.script = script
    }
}

extension String? {
    /// For an optional text of a template.
    var templateValue: TemplateValue { self.map { .text($0) } ?? .none }
}
