internal import CLibpq

/// One row of a result; columns are counted from 0.
///
/// A column of another type, a NULL where none is expected and a column or row that is not there are errors that name it.
public struct PostgresRow: Sendable {
    let result: PostgresResult
    let index: Int

    /// Whether the column is NULL.
    /// - Throws: `PostgresError` when there is no such column.
    public func isNull(_ column: Int) throws(PostgresError) -> Bool {
        try check(column)
        return PQgetisnull(result.pointer, Int32(index), Int32(column)) == 1
    }

    /// An `int2`, `int4` or `int8`.
    public func int(_ column: Int) throws(PostgresError) -> Int64 { try notNull(try optionalInt(column), column) }

    /// An `int2`, `int4` or `int8`, or nil for NULL.
    public func optionalInt(_ column: Int) throws(PostgresError) -> Int64? {
        try value(column, as: "an integer") { type, bytes in
            switch type {
            case PostgresType.int8: Self.integer(bytes, Int64.self)
            case PostgresType.int4: Self.integer(bytes, Int32.self).map(Int64.init)
            case PostgresType.int2: Self.integer(bytes, Int16.self).map(Int64.init)
            default: nil
            }
        }
    }

    /// A `bool`.
    public func bool(_ column: Int) throws(PostgresError) -> Bool {
        let value = try value(column, as: "a boolean") { type, bytes in
            type == PostgresType.bool ? bytes.first.map { $0 != 0 } : nil
        }
        return try notNull(value, column)
    }

    /// A `text`, `varchar`, `char(n)`, `name`, `json` or value of a type that the database defines as text.
    public func text(_ column: Int) throws(PostgresError) -> String { try notNull(try optionalText(column), column) }

    /// The same as `text`, or nil for NULL.
    public func optionalText(_ column: Int) throws(PostgresError) -> String? {
        try value(column, as: "text") { type, bytes in
            PostgresType.isText(type) ? String(decoding: bytes, as: UTF8.self) : nil
        }
    }

    /// The same as `text`, as bytes of UTF-8.
    public func utf8(_ column: Int) throws(PostgresError) -> [UInt8] { try notNull(try optionalUTF8(column), column) }

    /// The same as `utf8`, or nil for NULL.
    public func optionalUTF8(_ column: Int) throws(PostgresError) -> [UInt8]? {
        try value(column, as: "text") { type, bytes in PostgresType.isText(type) ? [UInt8](bytes) : nil }
    }

    /// A `bytea`.
    public func bytes(_ column: Int) throws(PostgresError) -> [UInt8] {
        let value = try value(column, as: "bytea") { type, bytes in type == PostgresType.bytea ? [UInt8](bytes) : nil }
        return try notNull(value, column)
    }

    /// Calls `body` with the bytes of a `bytea` or of UTF-8, which must not be used after it has returned.
    public func withBytes<Result>(_ column: Int, _ body: (UnsafeRawBufferPointer) -> Result)
        throws(PostgresError) -> Result
    {
        let value = try value(column, as: "text or bytea") { type, bytes in
            PostgresType.isText(type) || type == PostgresType.bytea ? body(bytes) : nil
        }
        return try notNull(value, column)
    }

    /// A `uuid`, its first byte the most significant.
    public func uuid(_ column: Int) throws(PostgresError) -> UInt128 {
        try notNull(try optionalUUID(column), column)
    }

    /// A `uuid`, or nil for NULL.
    public func optionalUUID(_ column: Int) throws(PostgresError) -> UInt128? {
        try value(column, as: "a uuid") { type, bytes in
            type == PostgresType.uuid ? Self.integer(bytes, UInt128.self) : nil
        }
    }

    /// A `timestamptz`, or a `timestamp` taken as UTC, in microseconds since 1970-01-01T00:00:00Z.
    ///
    /// Earlier ones than the year 1 and later ones than 9999, `-infinity` and `infinity` among them, are the first and the
    /// last microsecond of these years: whatever is stored can be shown.
    public func timestamp(_ column: Int) throws(PostgresError) -> Int64 {
        try notNull(try optionalTimestamp(column), column)
    }

    /// The same as `timestamp`, or nil for NULL.
    public func optionalTimestamp(_ column: Int) throws(PostgresError) -> Int64? {
        try value(column, as: "a timestamp") { type, bytes in
            guard type == PostgresType.timestamptz || type == PostgresType.timestamp else { return nil }
            // The extremes stand for infinity (`DT_NOEND` and `DT_NOBEGIN` in `timestamp.h`).
            guard let since2000 = Self.integer(bytes, Int64.self) else { return nil }
            let (since1970, isTooLate) = since2000.addingReportingOverflow(microsecondsTo2000)
            let range = writableTimestamps
            return isTooLate ? range.upperBound : min(max(since1970, range.lowerBound), range.upperBound)
        }
    }

    /// A number in the server's byte order; nil when it has another size.
    private static func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _: Value.Type
    ) -> Value? {
        bytes.count == MemoryLayout<Value>.size ? Value(bigEndian: bytes.loadUnaligned(as: Value.self)) : nil
    }

    // MARK: Columns

    /// What `decode` makes of the column's type and bytes; nil for NULL. `decode` gives nil for another type.
    private func value<Value>(
        _ column: Int, as expected: String, _ decode: (Oid, UnsafeRawBufferPointer) -> Value?
    ) throws(PostgresError) -> Value? {
        try check(column)
        let (column, index) = (Int32(column), Int32(index))
        if PQgetisnull(result.pointer, index, column) == 1 { return nil }
        let type = PQftype(result.pointer, column)
        let value = withExtendedLifetime(result) {
            let bytes = UnsafeRawBufferPointer(
                start: PQgetvalue(result.pointer, index, column),
                count: Int(PQgetlength(result.pointer, index, column)))
            return decode(type, bytes)
        }
        guard let value else {
            throw PostgresError(.decoding, "\(describe(Int(column))) of type OID \(type) is not \(expected)")
        }
        return value
    }

    /// libpq answers a column or row that is not there as NULL.
    private func check(_ column: Int) throws(PostgresError) {
        guard index >= 0 && index < result.endIndex else {
            throw PostgresError(.decoding, "no row \(index) in a result of \(result.endIndex)")
        }
        guard column >= 0 && column < result.columnCount else {
            throw PostgresError(.decoding, "no column \(column) in a row of \(result.columnCount)")
        }
    }

    private func notNull<Value>(_ value: Value?, _ column: Int) throws(PostgresError) -> Value {
        guard let value else { throw PostgresError(.decoding, "\(describe(column)) is NULL") }
        return value
    }

    private func describe(_ column: Int) -> String {
        "column \(column) (\(PQfname(result.pointer, Int32(column)).map { String(cString: $0) } ?? ""))"
    }
}
