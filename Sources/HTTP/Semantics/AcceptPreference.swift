/// What media types a client prefers (RFC 9110 section 12.5.1).
public struct AcceptPreference: Sendable {
    private struct MediaRange {
        var type: ArraySlice<UInt8>
        var subtype: ArraySlice<UInt8>
        var parameters: ArraySlice<MediaType.Parameter>
        /// From 0 to 1000.
        var quality: Int

        /// How closely the range says what it means; the closest one that matches decides the quality.
        var specificity: Int {
            if type.elementsEqual([.asterisk]) { return 0 }
            return subtype.elementsEqual([.asterisk]) ? 1 : 2 + parameters.count
        }

        func matches(_ offer: MediaType) -> Bool {
            Self.matches(type, offer.type) && Self.matches(subtype, offer.subtype)
                && parameters.allSatisfy { wanted in
                    offer.parameters.contains {
                        $0.name == wanted.name && MediaType.lowercased($0.value.utf8) == wanted.value
                    }
                }
        }

        private static func matches(_ pattern: ArraySlice<UInt8>, _ lowercase: String) -> Bool {
            pattern.elementsEqual([.asterisk])
                || pattern.elementsEqual(lowercase.utf8) { $0.lowercased == $1 }
        }
    }

    private let ranges: [MediaRange]

    /// Reads the Accept fields of a request.
    public init(_ fields: HTTPFields) {
        self.init(lines: fields.valueBytes(of: .accept))
    }

    /// Reads the value of an Accept field; nil if there was none.
    public init(_ value: String?) {
        self.init(lines: value.map { [ArraySlice($0.utf8)] } ?? [])
    }

    /// Malformed members are ignored.
    private init(lines: [ArraySlice<UInt8>]) {
        ranges = lines.flatMap { FieldListScanner($0).compactMap(Self.mediaRange) }
    }

    /// The offered media type that the client prefers; nil if it accepts none of them.
    ///
    /// Each type has the quality of the most specific range that matches it. Of types with the same quality the one that
    /// was named more specifically wins, then the one offered first: also when there is no Accept, or nothing valid in it.
    public func bestMediaType(of offered: [String]) -> String? {
        guard !ranges.isEmpty else { return offered.first }
        var best: (offer: String, quality: Int, specificity: Int)?
        for offer in offered {
            guard let mediaType = MediaType(offer) else { continue }
            var match: (quality: Int, specificity: Int)?
            for range in ranges where range.matches(mediaType) {
                if let match, match.specificity >= range.specificity { continue }
                match = (range.quality, range.specificity)
            }
            guard let match, match.quality > 0 else { continue }
            if let best, (best.quality, best.specificity) >= match { continue }
            best = (offer, match.quality, match.specificity)
        }
        return best?.offer
    }

    private static func mediaRange(_ member: ArraySlice<UInt8>) -> MediaRange? {
        var cursor = ByteCursor(member)
        guard let type = cursor.takeToken(), cursor.take(.slash), let subtype = cursor.takeToken() else { return nil }
        guard !type.elementsEqual([.asterisk]) || subtype.elementsEqual([.asterisk]) else { return nil }
        guard let parameters = cursor.takeParameters() else { return nil }
        // What follows q were extensions of Accept itself, which RFC 9110 no longer has.
        let quality = parameters.firstIndex { $0.name.equalsIgnoringCase("q") }
        var range = MediaRange(type: type, subtype: subtype, parameters: [], quality: 1000)
        if let quality {
            guard let value = Self.quality(parameters[quality].value) else { return nil }
            range.quality = value
        }
        for parameter in parameters[..<(quality ?? parameters.endIndex)] {
            range.parameters.append(
                MediaType.Parameter(
                    name: MediaType.lowercased(parameter.name), value: MediaType.lowercased(parameter.value)))
        }
        return range
    }

    /// `qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )` in thousandths.
    private static func quality(_ value: ArraySlice<UInt8>) -> Int? {
        guard let first = value.first, first == .zero || first == .zero + 1, value.count <= 5 else { return nil }
        var quality = Int(first &- .zero) * 1000
        var unit = 100
        for (offset, byte) in value.dropFirst().enumerated() {
            if offset == 0 {
                guard byte == .dot else { return nil }
                continue
            }
            guard byte.isDigit else { return nil }
            quality += Int(byte &- .zero) * unit
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
