/// Why bytes are not a form.
public enum HTTPFormError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A `%` is not followed by two hexadecimal digits.
    case invalidPercentEncoding
    /// A name or value is not UTF-8.
    case invalidUTF8
    /// A name or value holds NUL, which no PostgreSQL text can.
    case containsNUL
    /// There are more pairs than the limit.
    case tooManyPairs

    /// One sentence that says what is wrong.
    public var description: String {
        switch self {
        case .invalidPercentEncoding: "A percent sign in the form is not followed by two hexadecimal digits."
        case .invalidUTF8: "The form is not in UTF-8."
        case .containsNUL: "The form holds a NUL character."
        case .tooManyPairs: "The form has too many fields."
        }
    }
}

/// The pairs of `application/x-www-form-urlencoded` content or of a query (WHATWG URL section 5.1), read more strictly than
/// there: what could not be kept as it was meant is an error.
public struct HTTPForm: Sendable {
    private var pairs: [(name: String, value: String)] = []

    /// Reads pairs in their order; throws for invalid percent-encoding, UTF-8, NUL and for more than `maxPairs` of them,
    /// by default 256.
    public init(urlencoded bytes: some Collection<UInt8>, maxPairs: Int = 256) throws(HTTPFormError) {
        for pair in bytes.lazy.split(separator: UInt8(ascii: "&")) {
            guard pairs.count < maxPairs else { throw .tooManyPairs }
            let nameEnd = pair.firstIndex(of: .equalsSign) ?? pair.endIndex
            let name = try Self.decode(pair[..<nameEnd])
            let value = nameEnd == pair.endIndex ? "" : try Self.decode(pair[pair.index(after: nameEnd)...])
            pairs.append((name: name, value: value))
        }
    }

    /// The first value of a name; nil if the form does not have it.
    public subscript(name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    /// Every value of a name, in order.
    public func values(_ name: String) -> [String] {
        pairs.filter { $0.name == name }.map(\.value)
    }

    /// The number of pairs.
    public var count: Int { pairs.count }

    /// Whether there is no pair.
    public var isEmpty: Bool { pairs.isEmpty }

    private static func decode(_ bytes: some Collection<UInt8>) throws(HTTPFormError) -> String {
        guard let decoded = PercentCoding.decodeBytes(bytes, plusIsSpace: true) else { throw .invalidPercentEncoding }
        guard !decoded.contains(0) else { throw .containsNUL }
        guard let text = String(validating: decoded, as: UTF8.self) else { throw .invalidUTF8 }
        return text
    }
}
