/// A type whose values a page, or a part of one, is rendered from.
public protocol TemplateContext: Sendable {
    /// The names that templates may use, checked when the page is loaded, and where their values come from.
    static var fields: TemplateFields<Self> { get }
}
