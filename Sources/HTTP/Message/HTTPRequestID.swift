/// Tells a request from the others of one process, in its logs.
public struct HTTPRequestID: Hashable, Sendable, CustomStringConvertible {
    /// The number that stands for the request.
    public let rawValue: UInt64

    /// Makes an identifier of a number that its maker gives once only.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Sixteen hexadecimal digits.
    public var description: String {
        let digits = String(rawValue, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
