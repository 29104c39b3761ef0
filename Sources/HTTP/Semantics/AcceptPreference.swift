/// What media types a client prefers (RFC 9110 section 12.5.1).
public struct AcceptPreference: Sendable {
    private struct MediaRange: Sendable {
        /// Where type, slash and subtype lie in `essences`.
        var essence: Range<Int>
        var parameters: [MediaType.Parameter]
        /// From 0 to 1000.
        var quality: Int

        /// How closely the range says what it means; the closest one that matches decides the quality.
        var specificity: Int
    }

    /// What the ranges name, in lower case, one after another.
    private var essences: [UInt8] = []
    private var ranges: [MediaRange] = []

    /// Reads the Accept fields of a request; malformed members are ignored.
    public init(_ fields: HTTPFields) {
        fields.forEachValue(of: .accept) { value in
            for member in FieldListScanner(value) {
                if let range = mediaRange(member) { ranges.append(range) }
            }
        }
    }

    /// Reads the value of an Accept field; nil if there was none.
    public init(_ value: String?) {
        var fields = HTTPFields()
        fields[.accept] = value
        self.init(fields)
    }

    /// The offered media type that the client prefers; nil if it accepts none of them.
    ///
    /// Each type has the quality of the most specific range that matches it. Of types with the same quality the one
    /// that was named more specifically wins, then the one offered first: also when there is no Accept, or nothing
    /// valid in it.
    public func bestMediaType(of offered: [String]) -> String? {
        guard !ranges.isEmpty else { return offered.first }
        var best: (offer: String, quality: Int, specificity: Int)?
        for offer in offered {
            guard let match = match(offer), match.quality > 0 else { continue }
            if let best, (best.quality, best.specificity) >= match { continue }
            best = (offer, match.quality, match.specificity)
        }
        return best?.offer
    }

    private func match(_ offer: String) -> (quality: Int, specificity: Int)? {
        var offer = offer
        return offer.withUTF8 { offer in
            let essence = offer.prefix { $0 != .semicolon && !$0.isWhitespace }
            var match: (quality: Int, specificity: Int)?
            for range in ranges {
                if let match, match.specificity >= range.specificity { continue }
                guard matches(range, UnsafeBufferPointer(rebasing: essence)),
                    range.parameters.isEmpty || Self.matches(range.parameters, offer)
                else { continue }
                match = (range.quality, range.specificity)
            }
            return match
        }
    }

    private func matches(_ range: MediaRange, _ essence: UnsafeBufferPointer<UInt8>) -> Bool {
        if range.specificity == 0 { return true }
        // Of `type/*` all but the asterisk must be the start of what is offered.
        let isWildcard = range.specificity == 1
        let count = range.essence.count - (isWildcard ? 1 : 0)
        guard isWildcard ? essence.count > count : essence.count == count else { return false }
        for offset in 0..<count where essences[range.essence.lowerBound + offset] != essence[offset].lowercased {
            return false
        }
        return true
    }

    private static func matches(_ parameters: [MediaType.Parameter], _ offer: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let offer = MediaType(offer) else { return false }
        return parameters.allSatisfy { wanted in
            offer.parameters.contains {
                $0.name == wanted.name && MediaType.lowercased($0.value.utf8) == MediaType.lowercased(wanted.value.utf8)
            }
        }
    }

    private mutating func mediaRange(_ member: UnsafeBufferPointer<UInt8>) -> MediaRange? {
        var cursor = ByteCursor(member)
        guard let type = cursor.takeToken(), cursor.take(.slash), let subtype = cursor.takeToken() else { return nil }
        let isAnySubtype = subtype.count == 1 && subtype[0] == .asterisk
        let isAnyType = type.count == 1 && type[0] == .asterisk
        guard isAnySubtype || !isAnyType else { return nil }
        let essence = member[..<cursor.index]
        var parameters: [MediaType.Parameter] = []
        var quality: Int? = 1000
        var sawQuality = false
        let isWellFormed = cursor.takeParameters { parameter in
            // What follows q were extensions of Accept itself, which RFC 9110 no longer has.
            guard !sawQuality else { return }
            if parameter.name.equalsIgnoringCase("q") {
                sawQuality = true
                quality = Self.quality(parameter.rawValue)
            } else {
                parameters.append(MediaType.Parameter(parameter))
            }
        }
        guard isWellFormed, let quality else { return nil }
        let start = essences.count
        for byte in essence { essences.append(byte.lowercased) }
        return MediaRange(
            essence: start..<essences.count, parameters: parameters, quality: quality,
            specificity: isAnyType ? 0 : isAnySubtype ? 1 : 2 + parameters.count)
    }

    /// `qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )` in thousandths.
    static func quality(_ value: UnsafeBufferPointer<UInt8>) -> Int? {
        guard (1...5).contains(value.count), value[0] == .zero || value[0] == .zero + 1 else { return nil }
        guard value.count == 1 || value[1] == .dot else { return nil }
        var quality = Int(value[0] - .zero) * 1000
        var unit = 100
        for byte in value.dropFirst(2) {
            guard byte.isDigit else { return nil }
            quality += Int(byte - .zero) * unit
            unit /= 10
        }
        return quality <= 1000 ? quality : nil
    }
}

extension HTTPFields {
    /// The offered media type that the Accept fields prefer; the first one without Accept, nil if none is acceptable.
    public func bestMediaType(of offered: [String]) -> String? {
        AcceptPreference(self).bestMediaType(of: offered)
    }
}
