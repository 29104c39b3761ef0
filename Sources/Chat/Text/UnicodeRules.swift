// For the canonical forms, which the standard library computes but does not offer openly. They come from the tables
// that it compares strings by, so what is one name here is one string there.
@_spi(_Unicode) import Swift

/// The one reading of white space: Unicode's White_Space property, as in `schema.sql`.
extension StringProtocol {
    /// Without white space at either end.
    package var trimmed: String {
        var scalars = Substring(self).unicodeScalars
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }

    /// Whether there is nothing but white space.
    package var isBlank: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}

extension String {
    /// Made of these code points, in their order.
    init(scalars: some Sequence<Unicode.Scalar>) {
        var view = UnicodeScalarView()
        for scalar in scalars { view.append(scalar) }
        self.init(view)
    }

    /// Normalization Form C (UAX #15): the composed spelling of what is canonically the same.
    var composed: String { String(scalars: _nfc) }

    /// What is the same for two texts exactly when they match without regard to case, canonically (The Unicode
    /// Standard, D145): full case folding between decomposing and composing. It is the same for every language, so the
    /// Turkish dotless i is a letter of its own, as `İ` is.
    var caseFolded: String { String(scalars: _nfd.flatMap(\.fullCaseFolding)).composed }
}

extension Unicode.Scalar {
    /// The scalar's full case folding (the C and F lines of Unicode's CaseFolding.txt).
    ///
    /// Going down, up and down again is that, but for one letter, which has the upper case of another, and one script,
    /// whose small letters are younger than Unicode's promise that foldings stay. Compared with all of
    /// CaseFolding-15.0.0; it is so by Unicode's rules for letters to come.
    var fullCaseFolding: String.UnicodeScalarView {
        switch value {
        case ..<0x80:
            // Most names, without the tables.
            let isCapital = (0x41...0x5A).contains(value)
            return String(isCapital ? Unicode.Scalar(UInt8(value) + 32) : self).unicodeScalars
        case 0x131: return String(self).unicodeScalars
        // Cherokee
        case 0x13A0...0x13FF, 0xAB70...0xABBF: return properties.uppercaseMapping.unicodeScalars
        default:
            let lower = properties.lowercaseMapping.unicodeScalars
            let upper = String(scalars: lower.flatMap(\.properties.uppercaseMapping.unicodeScalars))
            return String(scalars: upper.unicodeScalars.flatMap(\.properties.lowercaseMapping.unicodeScalars))
                .unicodeScalars
        }
    }

    /// A mark, which is written on what stands before it.
    var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    /// Nothing is drawn for it although Unicode has it among letters, marks and symbols and not among what may be
    /// ignored: Braille's empty cell, the null notehead, the blanks of hieroglyphs, the filler of Khitan, and two marks
    /// that only join letters.
    var isBlankGlyph: Bool {
        switch value {
        case 0x2800, 0x2D7F, 0x1107F, 0x13441, 0x13442, 0x16FE4, 0x1D159: true
        default: false
        }
    }

    /// Something is drawn for it, by itself. What no version of Unicode has yet is drawn as a box.
    var isSeen: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .spaceSeparator, .lineSeparator, .paragraphSeparator: false
        case .nonspacingMark, .spacingMark, .enclosingMark: false
        default: !properties.isDefaultIgnorableCodePoint && !properties.isWhitespace && !isBlankGlyph
        }
    }
}
