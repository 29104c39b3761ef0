/// How a representation is coded for the way (RFC 9110 section 8.4.1), as far as this server offers it.
public enum ContentCoding: Hashable, Sendable {
    /// Not at all.
    case identity
    /// As RFC 1952 tells.
    case gzip

    /// The coding that Accept-Encoding prefers (RFC 9110 section 12.5.3); nil if it accepts none that is offered.
    /// Allocates nothing.
    ///
    /// Gzip is chosen when it is accepted, unless identity is named with a higher quality. Without the field identity
    /// is chosen: whoever does not say that it decodes may not. A malformed member is ignored; of several that name the
    /// same coding the last one counts.
    public static func preferred(_ fields: HTTPFields, offersGzip: Bool) -> ContentCoding? {
        var gzip: Int?
        var identity: Int?
        var others: Int?
        fields.forEachValue(of: .acceptEncoding) { line in
            for member in FieldListScanner(line) {
                var cursor = ByteCursor(member)
                guard let name = cursor.takeToken(), let quality = quality(&cursor) else { continue }
                if name.equalsIgnoringCase("gzip") || name.equalsIgnoringCase("x-gzip") {
                    gzip = quality
                } else if name.equalsIgnoringCase("identity") {
                    identity = quality
                } else if name.count == 1, name[0] == .asterisk {
                    others = quality
                }
            }
        }
        let gzipQuality = gzip ?? others ?? 0
        if offersGzip, gzipQuality > 0, gzipQuality >= identity ?? 0 { return .gzip }
        // Identity is accepted unless it is excluded.
        return identity ?? others ?? 1 > 0 ? .identity : nil
    }

    /// The weight after a coding, in thousandths: 1000 without one, nil if malformed.
    private static func quality(_ cursor: inout ByteCursor) -> Int? {
        var quality: Int? = 1000
        let isWellFormed = cursor.takeParameters { parameter in
            quality = parameter.name.equalsIgnoringCase("q") ? AcceptPreference.quality(parameter.rawValue) : nil
        }
        return isWellFormed ? quality : nil
    }
}
