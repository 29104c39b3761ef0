/// What a descriptor is ready for.
public struct Readiness: OptionSet, Hashable, Sendable {
    /// The bits of the set.
    public let rawValue: UInt8

    /// A set of the given bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A read will not block; it may tell the end of the stream or an error.
    public static let readable = Readiness(rawValue: 1)
    /// A write will not block.
    public static let writable = Readiness(rawValue: 2)
    /// The peer has ended its side, or the connection is broken.
    public static let hangup = Readiness(rawValue: 4)
}

/// Something that owns a descriptor and acts when it is ready.
public protocol ReadinessHandler: AnyObject, Sendable {
    /// Called on the event loop that the descriptor is registered with.
    func descriptorIsReady(_ readiness: Readiness)
}

/// When readiness is told.
public enum Trigger: Sendable {
    /// Once for each change: the handler goes on until an operation would block.
    case edge
    /// Again and again for as long as it lasts.
    case level
}
