/// How the content of a response divides into what other responses have as well, and what is in this one alone.
///
/// A server that compresses may so do the work once for all of them; and never compresses what is one person's together
/// with anything else, whose length would then tell of it (BREACH). A reference keeps the responses that have none small.
public final class HTTPContentParts: Sendable {
    /// The bytes from the end of the part before it up to its own end.
    public struct Part: Sendable, Equatable {
        /// The index after its last byte.
        public let end: Int
        /// Whether everybody who may have the response gets these bytes; otherwise they are one person's.
        public let isShared: Bool

        /// Makes a part.
        public init(end: Int, isShared: Bool) {
            self.end = end
            self.isShared = isShared
        }
    }

    /// The parts, one after the other, up to the end of the content.
    public let parts: [Part]

    /// Takes parts; their ends ascend, and that of the last is the content's.
    public init(_ parts: [Part]) { self.parts = parts }
}
