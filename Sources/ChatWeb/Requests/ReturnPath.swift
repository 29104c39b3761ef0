import HTTP

/// Where somebody goes on to after logging in: a page of this site that only shows something.
///
/// It is one that the table of routes has, spelt as it is there: so nothing in it leads a browser elsewhere, whatever it makes of
/// two slashes, backslashes, dots or percent signs, and it is never the one that logs out.
struct ReturnPath: Sendable {
    let target: String

    /// Longer ones come from nobody who was led here.
    private static let maxLength = 1000

    /// - Returns: nil for what is no such page.
    init?(_ text: String, among routes: Router<Route>) {
        // `try?`: what is no target is no page, whatever is wrong with it.
        guard !text.isEmpty, text.utf8.count <= Self.maxLength, let target = try? HTTPTarget(text),
            case .origin = target.form, case .found(let route, _) = routes.match(.get, path: target.path),
            !route.changesState
        else { return nil }
        self.target = text
    }

    /// The landing page that leads on to it.
    var landing: String { "/?next=" + PercentCoding.encode(target) }
}
