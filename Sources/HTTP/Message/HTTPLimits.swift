/// How much of a request the parser accepts.
public struct HTTPLimits: Sendable {
    /// The longest method, in bytes; a longer one is 501 (Not Implemented). Default 32.
    public var maxMethodLength = 32
    /// The longest target, in bytes; a longer one is 414 (URI Too Long). Default 8 KiB.
    public var maxTargetLength = 8 * 1024
    /// The most field lines in a head, and again in a trailer section; more is 431. Default 100.
    public var maxFieldCount = 100
    /// The size of all field lines of a head, and again of a trailer section, in bytes with their line ends but without
    /// the empty line after them; more is 431 (Request Header Fields Too Large). Default 16 KiB.
    public var maxFieldsSize = 16 * 1024
    /// The longest content, in bytes without its framing; a longer one is 413 (Content Too Large). Default 64 KiB.
    public var maxContentLength = 64 * 1024
    /// The length of all chunk extensions and leading zeros of chunk sizes in one content, in bytes; more is 400.
    /// Default 4 KiB.
    public var maxChunkExtensionLength = 4 * 1024

    /// Makes limits of the default values.
    public init() {}
}
