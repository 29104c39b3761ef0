internal import CLibpq

/// Reads the columns of a row from left to right, each by the name that the statement gives it.
///
/// Builds for debugging hold each name against the result's, by PQfname; so what is read cannot get out of step with what
/// the statement selects, and release builds compare no names.
public struct PostgresColumns: ~Copyable {
    private let row: PostgresRow
    private var next: Int

    /// - Parameter first: where it begins, as `PostgresResult.column(_:)` gives it; counted from 0.
    public init(_ row: PostgresRow, from first: Int = 0) {
        self.row = row
        next = first
    }

    /// An `int2`, `int4` or `int8`. All of these throw `PostgresError` where the column is another one or of another type.
    public mutating func int(_ name: StaticString) throws(PostgresError) -> Int64 { try row.int(take(name)) }

    /// An `int2`, `int4` or `int8`, or nil for NULL.
    public mutating func optionalInt(_ name: StaticString) throws(PostgresError) -> Int64? {
        try row.optionalInt(take(name))
    }

    /// A `bool`.
    public mutating func bool(_ name: StaticString) throws(PostgresError) -> Bool { try row.bool(take(name)) }

    /// A `text`, `varchar`, `char(n)`, `name`, `json` or value of a type that the database defines as text.
    public mutating func text(_ name: StaticString) throws(PostgresError) -> String { try row.text(take(name)) }

    /// The same as `text`, or nil for NULL.
    public mutating func optionalText(_ name: StaticString) throws(PostgresError) -> String? {
        try row.optionalText(take(name))
    }

    /// The same as `text`, as bytes of UTF-8.
    public mutating func utf8(_ name: StaticString) throws(PostgresError) -> [UInt8] { try row.utf8(take(name)) }

    /// The same as `utf8`, or nil for NULL.
    public mutating func optionalUTF8(_ name: StaticString) throws(PostgresError) -> [UInt8]? {
        try row.optionalUTF8(take(name))
    }

    /// A `uuid`, its first byte the most significant.
    public mutating func uuid(_ name: StaticString) throws(PostgresError) -> UInt128 { try row.uuid(take(name)) }

    /// A `uuid`, or nil for NULL.
    public mutating func optionalUUID(_ name: StaticString) throws(PostgresError) -> UInt128? {
        try row.optionalUUID(take(name))
    }

    /// A `timestamptz`, or a `timestamp` taken as UTC, as `PostgresRow.timestamp` gives it.
    public mutating func timestamp(_ name: StaticString) throws(PostgresError) -> Int64 {
        try row.timestamp(take(name))
    }

    /// The same as `timestamp`, or nil for NULL.
    public mutating func optionalTimestamp(_ name: StaticString) throws(PostgresError) -> Int64? {
        try row.optionalTimestamp(take(name))
    }

    private mutating func take(_ name: StaticString) throws(PostgresError) -> Int {
        let column = next
        next += 1
        #if DEBUG
            try row.check(column, isCalled: name)
        #endif
        return column
    }
}

extension PostgresRow {
    fileprivate func check(_ column: Int, isCalled name: StaticString) throws(PostgresError) {
        let actual = PQfname(result.pointer, Int32(column)).map { String(cString: $0) }
        guard actual == "\(name)" else {
            throw PostgresError(.decoding, "column \(column) is called \(actual ?? "nothing"), and not \(name)")
        }
    }
}
