/// A name that a person may have: 1 to 32 code points in Normalization Form C, each of which can be seen.
package struct Username: Sendable {
    /// Which rule a name breaks.
    package enum Problem: Error, Hashable, Sendable {
        case empty
        /// Something that is no letter, digit, dot, underscore or hyphen, or a mark that is on no letter.
        case characters
        /// More code points than `ChatLimits.maxUsernameLength`.
        case tooLong
        /// The pages call others by it.
        case reserved
    }

    /// As it is kept and shown.
    package let text: String
    /// What names are told apart by: two people cannot have names of one key, and whoever types a name of a person's
    /// key means that person.
    let key: String

    /// Trims and composes what was typed and checks its characters.
    /// - Throws: `Problem`.
    package init(_ typed: String) throws(Problem) {
        let trimmed = typed.trimmed
        guard !trimmed.isEmpty else { throw .empty }
        // Composing makes one code point of four at most: what is longer is not worth the work.
        let isTooLong = trimmed.unicodeScalars.count > 4 * ChatLimits.maxUsernameLength
        text = isTooLong ? trimmed : trimmed.composed
        guard let first = text.unicodeScalars.first, !first.isMark, text.unicodeScalars.allSatisfy(Self.allows) else {
            throw .characters
        }
        guard text.unicodeScalars.count <= ChatLimits.maxUsernameLength else { throw .tooLong }
        key = text.caseFolded
        guard !Self.isTakenByPages(key) else { throw .reserved }
    }

    /// Letters and decimal digits of any script, with the marks that many scripts write on their letters. What can be
    /// ignored, or is drawn as nothing, would make two names of what looks like one. As no mark comes first, something
    /// of a name of these always shows.
    private static func allows(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.properties.isDefaultIgnorableCodePoint, !scalar.isBlankGlyph else { return false }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .nonspacingMark, .spacingMark:
            return true
        default: return scalar == "." || scalar == "_" || scalar == "-"
        }
    }

    /// What the pages call the reader and people who are gone, folded; dots and dashes do not make another name of it.
    private static let ofPages: Set = ["you", "anda", "akundihapus", "deletedaccount"]

    private static func isTakenByPages(_ key: String) -> Bool {
        ofPages.contains(
            String(
                scalars: key.unicodeScalars.lazy.filter { !"._-".unicodeScalars.contains($0) }
                    .map { scalar in
                        // The wide forms of East Asian typography look the same but for their width.
                        (0xFF21...0xFF5A).contains(scalar.value)
                            ? Unicode.Scalar(UInt8(scalar.value - 0xFEE0)) : scalar
                    }))
    }
}
