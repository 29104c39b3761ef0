@_spi(_Unicode) import Swift

/// A name that a person may have, in NFC; the database keeps its key unique.
struct Username: Sendable {
    let text: String

    /// What names are told apart by: two people cannot have names of one key.
    var key: String { text.uppercased().lowercased() }

    /// Trims what was typed and checks its characters.
    /// - Throws: `RuleError` with the sentence for the person who typed it.
    init(_ typed: String) throws(RuleError) {
        text = String(String.UnicodeScalarView(typed.trimmed._nfc))
        guard !text.isEmpty else { throw RuleError("Nama pengguna harus diisi.") }
        var isFirst = true
        for scalar in text.unicodeScalars {
            guard Self.allows(scalar, isFirst: isFirst) else {
                throw RuleError("Nama pengguna hanya boleh berisi huruf, angka, titik, garis bawah, dan tanda hubung.")
            }
            isFirst = false
        }
        guard text.unicodeScalars.count <= ChatLimits.maxUsernameLength else { throw Self.isTooLong }
    }

    static let isTooLong = RuleError("Nama pengguna paling panjang \(ChatLimits.maxUsernameLength) karakter.")
    static let isTaken = RuleError("Nama pengguna itu sudah dipakai.")

    /// Letters and digits of any script, with the marks that many scripts write on their letters.
    private static func allows(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        case .nonspacingMark, .spacingMark: !isFirst
        default: scalar == "." || scalar == "_" || scalar == "-"
        }
    }
}

/// A rule that what somebody typed does not keep, in a sentence for that person.
struct RuleError: Error, Hashable {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}
