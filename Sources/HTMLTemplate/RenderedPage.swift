/// A page as UTF-8, and which parts of it others get as well.
public struct RenderedPage: Sendable {
    /// The bytes from the end of the part before it up to its own end. `HTTPContentParts` has one like it, because
    /// templates and HTTP know nothing of each other.
    public struct Part: Sendable, Equatable {
        /// The index after its last byte.
        public let end: Int
        /// Whether everybody who may read the page gets these bytes; otherwise they are one person's.
        public let isShared: Bool

        /// Makes a part.
        public init(end: Int, isShared: Bool) {
            self.end = end
            self.isShared = isShared
        }
    }

    /// The page.
    public let bytes: [UInt8]
    /// Its parts, one after the other, none of them empty.
    public let parts: [Part]
}

/// Where a page is cut into parts while it is rendered.
struct PageParts {
    private(set) var parts: [RenderedPage.Part] = []
    private var start = 0
    private var isShared = true

    /// What comes after the first `end` bytes is shared or not.
    mutating func cut(at end: Int, isShared: Bool) {
        if end > start { parts.append(RenderedPage.Part(end: end, isShared: self.isShared)) }
        start = end
        self.isShared = isShared
    }
}
