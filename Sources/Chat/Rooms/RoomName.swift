/// What a room may be called; a room needs no name.
///
/// Anything that can be seen: letters, marks, punctuation, symbols and emoji of all scripts, with spaces between. Rooms
/// are told apart by their numbers, so names need not be unique; but each is a link, and stands in a line with other
/// text, so it must show, keep to its line and leave the order of what stands beside it alone.
package struct RoomName: Sendable {
    /// Which rule a name breaks.
    package enum Problem: Error, Hashable, Sendable {
        /// More code points than `ChatLimits.maxRoomNameLength`.
        case tooLong
        /// A line break, or another control character.
        case controls
        /// Nothing of it shows.
        case unseen
        /// Something in it is neither seen nor heeded.
        case ignorable
    }

    package let text: String

    /// - Returns: nil when nothing was typed.
    /// - Throws: `Problem`.
    package init?(_ typed: String) throws(Problem) {
        text = typed.trimmed
        guard !text.isEmpty else { return nil }
        let scalars = Array(text.unicodeScalars.prefix(ChatLimits.maxRoomNameLength + 1))
        guard scalars.count <= ChatLimits.maxRoomNameLength else { throw .tooLong }
        guard !scalars.contains(where: Self.breaksLine) else { throw .controls }
        guard scalars.contains(where: \.isSeen) else { throw .unseen }
        guard scalars.indices.allSatisfy({ Self.isHeeded(at: $0, of: scalars) }) else { throw .ignorable }
    }

    private static func breaksLine(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    // MARK: What is not seen itself

    private static let joiners: ClosedRange<UInt32> = 0x200C...0x200D
    private static let annotations: ClosedRange<UInt32> = 0xFFF9...0xFFFB
    private static let tags: ClosedRange<UInt32> = 0xE0020...0xE007F
    private static let endOfTags: UInt32 = 0xE007F
    private static let taggedFlag: UInt32 = 0x1F3F4

    /// Whether the code point can be seen, or does something to one that can. Marks of direction are refused all: the
    /// pages isolate a name by `dir="auto"`, and those that override or embed would turn what stands after it.
    private static func isHeeded(at index: Int, of scalars: [Unicode.Scalar]) -> Bool {
        let scalar = scalars[index]
        guard scalar.properties.isDefaultIgnorableCodePoint || annotations.contains(scalar.value) else { return true }
        guard index > 0 else { return false }
        let before = scalars[index - 1]
        let isOnGlyph = before.isSeen || before.isMark && !before.properties.isDefaultIgnorableCodePoint
        if scalar.properties.isVariationSelector { return isOnGlyph }
        if joiners.contains(scalar.value) {
            // RFC 5892 appendix A: after a virama the joiner says how the letter is written, whatever follows.
            if before.properties.canonicalCombiningClass == .virama { return true }
            guard index + 1 < scalars.count, scalars[index + 1].isSeen else { return false }
            return isOnGlyph || before.properties.isVariationSelector
        }
        guard tags.contains(scalar.value) else { return false }
        // The flags of England, Scotland and Wales (UTS #51): a black flag, its region in tags, and the last tag.
        let isTag = { (scalar: Unicode.Scalar) in tags.contains(scalar.value) }
        let last = scalars[index...].prefix(while: isTag).last
        let base = scalars[..<index].last { !isTag($0) }
        return last?.value == endOfTags && base?.value == taggedFlag
    }
}
