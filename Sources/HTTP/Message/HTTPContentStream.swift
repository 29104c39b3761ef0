/// Content that is made while it is sent, a piece after the other, so that none of it need be in memory but the piece under
/// way. A reference keeps the responses, which hardly ever have one, small.
public final class HTTPContentStream: Sendable {
    /// Makes the next piece; nil after the last. It is asked for when the client has taken the one before, and never again
    /// after an error, which ends the connection: nothing else tells a client that what it has is not all.
    public let next: @Sendable () async throws -> [UInt8]?

    /// Makes a stream.
    public init(_ next: @escaping @Sendable () async throws -> [UInt8]?) { self.next = next }
}
