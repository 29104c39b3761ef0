/// A validator of one representation (RFC 9110 section 8.8.3).
public struct EntityTag: Hashable, Sendable {
    /// Whether the tag promises only equivalent, not identical bytes.
    public let isWeak: Bool
    /// What stands between the quotes.
    public let opaqueTag: String

    /// Makes a tag; nil if `opaqueTag` holds a quote, white space or a control. Strong unless `isWeak`.
    public init?(_ opaqueTag: String, isWeak: Bool = false) {
        guard opaqueTag.utf8.allSatisfy(Self.isTagCharacter) else { return nil }
        self.opaqueTag = opaqueTag
        self.isWeak = isWeak
    }

    /// Reads a field value such as `"xyzzy"` or `W/"xyzzy"`; nil if it is not one tag.
    public init?(parsing value: some Collection<UInt8>) {
        let tag = Array(value).withUnsafeBufferPointer { value -> EntityTag? in
            var cursor = ByteCursor(value)
            let tag = Self.take(from: &cursor)
            return cursor.isAtEnd ? tag : nil
        }
        guard let tag else { return nil }
        self = tag
    }

    /// The tag as ETag carries it.
    public var fieldValue: String { isWeak ? "W/\"\(opaqueTag)\"" : "\"\(opaqueTag)\"" }

    /// Whether both tags are strong and the same (RFC 9110 section 8.8.3.2).
    public func stronglyMatches(_ other: EntityTag) -> Bool { !isWeak && !other.isWeak && weaklyMatches(other) }

    /// Whether the tags are the same, weak or not.
    public func weaklyMatches(_ other: EntityTag) -> Bool { opaqueTag == other.opaqueTag }

    /// The tags of one line of If-Match or If-None-Match; nil if it is malformed.
    static func list(_ line: UnsafeBufferPointer<UInt8>) -> [EntityTag]? {
        var tags: [EntityTag] = []
        var cursor = ByteCursor(line)
        var needsComma = false
        while true {
            cursor.skipWhitespace()
            if cursor.isAtEnd { return tags }
            if cursor.take(.comma) {
                needsComma = false
                continue
            }
            guard !needsComma, let tag = take(from: &cursor) else { return nil }
            tags.append(tag)
            needsComma = true
        }
    }

    private static func take(from cursor: inout ByteCursor) -> EntityTag? {
        let isWeak = cursor.take(UInt8(ascii: "W"))
        if isWeak, !cursor.take(.slash) { return nil }
        guard cursor.take(.quote) else { return nil }
        let tag = cursor.take(while: isTagCharacter)
        return cursor.take(.quote) ? EntityTag(String(decoding: tag, as: UTF8.self), isWeak: isWeak) : nil
    }

    /// `etagc = %x21 / %x23-7E / obs-text`
    private static func isTagCharacter(_ byte: UInt8) -> Bool {
        byte > .space && byte != .quote && byte != 0x7F
    }
}
