/// An open file. Who opens it and who sends it know what it is; nobody here reads it.
public protocol HTTPFile: AnyObject, Sendable {}

/// Part of an open file, as the content of a response that is never held in memory. A reference keeps the responses, which
/// hardly ever have one, small.
public final class HTTPFileSlice: Sendable {
    /// The file, which stays open for as long as somebody has to send of it.
    public let file: any HTTPFile
    /// Which of its bytes.
    public let range: Range<Int>

    /// Makes a slice; its range lies within the file as it is.
    public init(_ file: any HTTPFile, _ range: Range<Int>) {
        self.file = file
        self.range = range
    }
}
