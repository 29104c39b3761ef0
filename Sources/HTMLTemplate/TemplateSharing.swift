/// Who else gets the bytes that a value is printed as.
///
/// A page is cut where that changes (`RenderedPage`): so what many pages have can be worked on once for all of them, and
/// what is one person's is never taken together with what others have written.
@usableFromInline enum TemplateSharing: Sendable {
    /// Perhaps nobody: the part that it is has nothing else in it. So is every value that says nothing else.
    case personal
    /// Whoever may read the page, as the text around it, with which it goes into one part.
    case shared
    /// The same, and other pages have it too: it is a part by itself.
    case sharedApart
}
