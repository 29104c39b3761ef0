/// Evaluates the preconditions of a request (RFC 9110 section 13).
public enum ConditionalRequest {
    /// What to do with the request.
    public enum Outcome: Hashable, Sendable {
        /// Perform the method.
        case proceed
        /// Answer 304 (Not Modified).
        case notModified
        /// Answer 412 (Precondition Failed).
        case preconditionFailed
    }

    /// Evaluates If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since in the order of RFC 9110 section
    /// 13.2.2. Only for a request that would otherwise succeed.
    ///
    /// - Parameters:
    ///   - entityTag: that of the selected representation; nil if it has none.
    ///   - lastModified: when the representation last changed, in seconds since 1970; nil if it is not known.
    ///   - exists: whether there is a representation at all, which `*` asks; by default there is.
    public static func evaluate(
        method: HTTPMethod, fields: HTTPFields, entityTag: EntityTag?, lastModified: Int64?, exists: Bool = true
    ) -> Outcome {
        if fields.contains(.ifMatch) {
            guard matches(.ifMatch, fields, entityTag, exists, by: { $0.stronglyMatches($1) }) else {
                return .preconditionFailed
            }
        } else if let lastModified, let date = date(.ifUnmodifiedSince, fields), lastModified > date {
            return .preconditionFailed
        }
        let isRead = method == .get || method == .head
        if fields.contains(.ifNoneMatch) {
            guard matches(.ifNoneMatch, fields, entityTag, exists, by: { $0.weaklyMatches($1) }) else {
                return .proceed
            }
            return isRead ? .notModified : .preconditionFailed
        }
        if isRead, let lastModified, let date = date(.ifModifiedSince, fields), lastModified <= date {
            return .notModified
        }
        return .proceed
    }

    private static func matches(
        _ name: HTTPFieldName, _ fields: HTTPFields, _ entityTag: EntityTag?, _ exists: Bool,
        by isMatch: (EntityTag, EntityTag) -> Bool
    ) -> Bool {
        var isMatched = false
        var isMalformed = false
        fields.forEachValue(of: name) { line in
            if line.count == 1, line[0] == .asterisk {
                isMatched = isMatched || exists
            } else if let tags = EntityTag.list(line) {
                guard exists, let entityTag else { return }
                isMatched = isMatched || tags.contains { isMatch($0, entityTag) }
            } else {
                isMalformed = true
            }
        }
        return isMatched && !isMalformed
    }

    /// The date of a field; nil without one or with an invalid one, which must be ignored.
    private static func date(_ name: HTTPFieldName, _ fields: HTTPFields) -> Int64? {
        fields.firstValueBytes(of: name).flatMap { IMFFixdate.parse($0) }
    }
}
