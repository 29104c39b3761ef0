/// Which part of a representation a GET asks for (RFC 9110 section 14).
public enum RangeRequest: Hashable, Sendable {
    /// All of it: there is no Range, or one that may be ignored (malformed, another unit, several ranges).
    case whole
    /// These bytes, to be sent as 206 (Partial Content); never empty.
    case part(Range<Int>)
    /// None of its bytes: answer 416 (Range Not Satisfiable).
    case notSatisfiable

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

    /// Whether If-Range, if there is one, names the representation as it is now: by a strong tag or by its exact date.
    private static func isCurrent(_ fields: HTTPFields, _ entityTag: EntityTag?, _ lastModified: Int64?) -> Bool {
        guard let value = fields.firstValueBytes(of: .ifRange) else { return true }
        if let wanted = EntityTag(parsing: value) { return entityTag.map { wanted.stronglyMatches($0) } ?? false }
        guard let date = IMFFixdate.parse(value), let lastModified else { return false }
        return date == lastModified
    }

    private static func parse(_ value: UnsafeBufferPointer<UInt8>, length: Int) -> RangeRequest {
        guard value.prefix(6).equalsIgnoringCase("bytes=") else { return .whole }
        let members = FieldListScanner(UnsafeBufferPointer(rebasing: value.dropFirst(6))).filter { !$0.isEmpty }
        guard members.count == 1, let hyphen = members[0].firstIndex(of: .hyphen) else { return .whole }
        let first = members[0][..<hyphen]
        let last = members[0][(hyphen + 1)...]
        guard first.allSatisfy(\.isDigit), last.allSatisfy(\.isDigit) else { return .whole }
        // A number that fits no Int is beyond any end.
        if first.isEmpty {
            guard !last.isEmpty else { return .whole }
            let suffix = min(last.decimal() ?? Int.max, length)
            return suffix == 0 ? .notSatisfiable : .part((length - suffix)..<length)
        }
        let start = first.decimal() ?? Int.max
        let end = last.isEmpty ? Int.max : last.decimal() ?? Int.max
        guard start <= end else { return .whole }
        return start < length ? .part(start..<(min(end, length - 1) + 1)) : .notSatisfiable
    }
}
