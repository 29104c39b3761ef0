/// Which part of a representation a GET asks for (RFC 9110 section 14).
public enum RangeRequest: Hashable, Sendable {
    /// All of it: there is no Range, or one that may be ignored (malformed, another unit, too many ranges).
    case whole
    /// These parts, to be sent as 206 (Partial Content), several as multipart/byteranges. There is at least one, and
    /// none is empty, overlaps another or touches it. They are in the order that was asked for.
    case parts([Range<Int>])
    /// None of its bytes: answer 416 (Range Not Satisfiable).
    case notSatisfiable

    /// How many ranges a Range may ask for: one with more is ignored, as RFC 9110 section 14.2 advises against floods.
    /// Those that overlap or touch are joined (section 15.3.7.2), so that no byte is sent twice.
    public static let maxRangeCount = 16

    /// Evaluates Range and If-Range; only after `ConditionalRequest` said to proceed.
    ///
    /// - Parameters:
    ///   - length: the size of the representation, in bytes.
    ///   - entityTag: that of the representation; nil if it has none.
    ///   - lastModified: when it last changed, in seconds since 1970; nil if it is not known.
    public init(method: HTTPMethod, fields: HTTPFields, length: Int, entityTag: EntityTag?, lastModified: Int64?) {
        self = .whole
        guard method == .get, let range = fields.firstValueBytes(of: .range),
            Self.isCurrent(fields, entityTag, lastModified)
        else { return }
        self = range.withUnsafeBufferPointer { Self.parse($0, length: length) }
    }

    /// The value of Content-Range for a part of `length` bytes.
    public static func contentRange(of part: Range<Int>, length: Int) -> String {
        "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(length)"
    }

    /// The value of Content-Range that goes with 416 (Range Not Satisfiable).
    public static func unsatisfiedContentRange(length: Int) -> String { "bytes */\(length)" }

    /// Whether If-Range, if there is one, names the representation as it is now: by a strong tag or by its exact date.
    private static func isCurrent(_ fields: HTTPFields, _ entityTag: EntityTag?, _ lastModified: Int64?) -> Bool {
        guard let value = fields.firstValueBytes(of: .ifRange) else { return true }
        if let wanted = EntityTag(parsing: value) { return entityTag.map { wanted.stronglyMatches($0) } ?? false }
        guard let date = IMFFixdate.parse(value), let lastModified else { return false }
        return date == lastModified
    }

    private static func parse(_ value: UnsafeBufferPointer<UInt8>, length: Int) -> RangeRequest {
        guard value.prefix(6).equalsIgnoringCase("bytes=") else { return .whole }
        var parts: [Range<Int>] = []
        var count = 0
        for member in FieldListScanner(UnsafeBufferPointer(rebasing: value.dropFirst(6))) where !member.isEmpty {
            count += 1
            guard count <= maxRangeCount, let part = part(member, length: length) else { return .whole }
            if !part.isEmpty { join(part, to: &parts) }
        }
        guard count > 0 else { return .whole }
        return parts.isEmpty ? .notSatisfiable : .parts(parts)
    }

    /// One range; empty when it is not satisfiable, nil when it is malformed.
    private static func part(_ member: UnsafeBufferPointer<UInt8>, length: Int) -> Range<Int>? {
        guard let hyphen = member.firstIndex(of: .hyphen) else { return nil }
        let first = member[..<hyphen]
        let last = member[(hyphen + 1)...]
        guard first.allSatisfy(\.isDigit), last.allSatisfy(\.isDigit) else { return nil }
        // A number that fits no Int is beyond any end.
        if first.isEmpty {
            guard !last.isEmpty else { return nil }
            return (length - min(last.decimal() ?? Int.max, length))..<length
        }
        let start = first.decimal() ?? Int.max
        let end = last.isEmpty ? Int.max : last.decimal() ?? Int.max
        guard start <= end else { return nil }
        return start < length ? start..<(min(end, length - 1) + 1) : length..<length
    }

    /// Adds a part, in the place of the first one that it overlaps or touches.
    private static func join(_ part: Range<Int>, to parts: inout [Range<Int>]) {
        var part = part
        var place = parts.count
        while let index = parts.firstIndex(where: {
            $0.lowerBound <= part.upperBound && part.lowerBound <= $0.upperBound
        }) {
            let other = parts.remove(at: index)
            part = min(part.lowerBound, other.lowerBound)..<max(part.upperBound, other.upperBound)
            place = min(place, index)
        }
        parts.insert(part, at: place)
    }
}
