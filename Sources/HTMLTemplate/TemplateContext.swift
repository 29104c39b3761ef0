/// A type whose values a page is rendered from.
public protocol TemplateContext: Sendable {
    /// The names that the page's templates may use, checked when the page is loaded.
    static var shape: TemplateShape { get }

    /// The values of those names, in the same order.
    var record: TemplateRecord { get }
}
