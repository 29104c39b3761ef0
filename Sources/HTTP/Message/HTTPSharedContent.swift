/// Bytes that are the content of many responses, and that none of them copies.
///
/// A server sends them from where they are, however slowly a client takes them: a thousand clients that do not read cost
/// a thousand references. A reference, too, keeps the responses that have none small.
public final class HTTPSharedContent: Sendable {
    /// The bytes, perhaps part of a larger array.
    public let bytes: ArraySlice<UInt8>

    /// Shares an array, or part of one, without copying it.
    public init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// Shares an array without copying it.
    public convenience init(_ bytes: [UInt8]) { self.init(bytes[...]) }
}
