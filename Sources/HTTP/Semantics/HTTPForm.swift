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

/// The pairs of `application/x-www-form-urlencoded` content or of a query (WHATWG URL section 5.1), read more strictly
/// than there: what could not be kept as it was meant is an error.
public struct HTTPForm: Sendable {
    private struct Pair: Sendable {
        var name: String
        var value: String
    }

    private let pairs: [Pair]

    /// One without pairs.
    public init() { pairs = [] }

    /// Reads pairs in their order; throws for invalid percent-encoding, UTF-8, NUL and for more than `maxPairs` of
    /// them, by default 256.
    public init(urlencoded bytes: some Collection<UInt8>, maxPairs: Int = 256) throws(HTTPFormError) {
        // Generic code is slow outside its own module: only getting at the bytes is.
        let result = bytes.withContiguousStorageIfAvailable { Self.parse($0, maxPairs) }
        pairs = try (result ?? Array(bytes).withUnsafeBufferPointer { Self.parse($0, maxPairs) }).get()
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

    private static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, _ maxPairs: Int
    ) -> Result<[Pair], HTTPFormError> {
        Result { () throws(HTTPFormError) in
            var pairs: [Pair] = []
            var start = 0
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "&")) ?? bytes.count
                defer { start = end + 1 }
                guard start < end else { continue }
                guard pairs.count < maxPairs else { throw .tooManyPairs }
                let nameEnd = bytes[start..<end].firstIndex(of: .equalsSign) ?? end
                let name = try decode(bytes[start..<nameEnd])
                let value = try decode(bytes[min(nameEnd + 1, end)..<end])
                pairs.append(Pair(name: name, value: value))
            }
            return pairs
        }
    }

    private static func decode(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) throws(HTTPFormError) -> String {
        try PercentCoding.decodeText(UnsafeBufferPointer(rebasing: bytes), plusIsSpace: true).get()
    }
}
