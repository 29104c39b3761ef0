/// A value for `$1`, `$2` … of a statement.
///
/// Its case declares the parameter's type to the server; where the statement needs another type it casts, as in
/// `$1::jsonb` or `$2::int4`. It is described as `****`, so that no log shows what users wrote.
public enum PostgresParameter: Sendable, CustomStringConvertible {
    /// NULL, of the type that the statement implies.
    case null
    /// An `int8`.
    case int(Int64)
    /// A `bool`.
    case bool(Bool)
    /// A `text`; one with U+0000 is refused by the server (22021).
    case text(String)
    /// A `text` as bytes of UTF-8; others are refused by the server (22021).
    case utf8([UInt8])
    /// A `bytea`.
    case bytes([UInt8])
    /// A `uuid`, its first byte the most significant.
    case uuid(UInt128)
    /// A `timestamptz`, in microseconds since 1970-01-01T00:00:00Z; one before 4713 BC is refused by the server (22008).
    case timestamp(Int64)
    /// An `int8[]`.
    case ints([Int64])
    /// A `text[]`.
    case texts([String])
    /// A `text[]` whose elements are bytes of UTF-8.
    case utf8s([[UInt8]])
    /// A `bytea[]`.
    case byteArrays([[UInt8]])

    /// An `int8`, or NULL for nil.
    public static func orNull(_ value: Int64?) -> Self { value.map(Self.int) ?? .null }
    /// A `text`, or NULL for nil.
    public static func orNull(_ value: String?) -> Self { value.map(Self.text) ?? .null }
    /// A `uuid`, or NULL for nil.
    public static func orNull(_ value: UInt128?) -> Self { value.map(Self.uuid) ?? .null }

    /// `****`.
    public var description: String { "****" }
}

extension PostgresParameter: ExpressibleByNilLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByStringLiteral
{
    /// NULL.
    public init(nilLiteral: ()) { self = .null }
    /// An `int8`.
    public init(integerLiteral value: Int64) { self = .int(value) }
    /// A `bool`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A `text`.
    public init(stringLiteral value: String) { self = .text(value) }
}
