internal import CLibpq

// @unchecked: a PGresult does not change after PQgetResult has returned it, so that any thread may read it (libpq,
// "Behavior in Threaded Programs").
/// The rows that a query gave, read where libpq keeps them.
public final class PostgresResult: RandomAccessCollection, @unchecked Sendable {
    let pointer: OpaquePointer
    let columnCount: Int
    /// Zero.
    public let startIndex = 0
    /// How many rows there are.
    public let endIndex: Int

    /// Takes over the result, which PQclear will free.
    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
        columnCount = Int(PQnfields(pointer))
        endIndex = Int(PQntuples(pointer))
    }

    deinit { PQclear(pointer) }

    /// The row at `position`.
    ///
    /// How many rows there are is the database's to say, where a trigger or a rule may have swallowed one: reading a row
    /// that is not there throws, as reading a column that is not there.
    public subscript(position: Int) -> PostgresRow { PostgresRow(result: self, index: position) }

    /// Where the first column of that name is, counted from 0, by PQfnumber: for columns that stand in each row while those
    /// before them are of interest once.
    /// - Throws: `PostgresError` when there is none.
    public func column(_ name: StaticString) throws(PostgresError) -> Int {
        let column = PQfnumber(pointer, "\(name)")
        guard column >= 0 else { throw PostgresError(.decoding, "no column is called \(name)") }
        return Int(column)
    }

    /// How many rows the statement inserted, updated, deleted or returned, by PQcmdTuples.
    public var affectedRows: Int {
        guard let digits = PQcmdTuples(pointer) else { return 0 }
        return Int(String(cString: digits)) ?? 0
    }
}
