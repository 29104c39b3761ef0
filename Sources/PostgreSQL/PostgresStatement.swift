internal import Synchronization

/// One SQL statement with `$1`, `$2` … for its parameters, prepared once a connection at its first use.
///
/// Make each one once, as a `static let` beside the type that it loads: a statement is known by its identity, not by
/// its text, and stays prepared for as long as the connection.
public struct PostgresStatement: Sendable {
    private final class Storage: Sendable {
        let identity = identities.add(1, ordering: .relaxed).oldValue
        let sql: [CChar]
        let lane: PostgresLane

        init(_ sql: String, _ lane: PostgresLane) {
            self.sql = Array(sql.utf8CString)
            self.lane = lane
        }
    }

    private static let identities = Atomic<Int>(0)
    private let storage: Storage

    /// A statement of the program's own text; what users type goes into parameters.
    public init(_ sql: String, lane: PostgresLane = .read) { storage = Storage(sql, lane) }

    /// The connections that carry it.
    public var lane: PostgresLane { storage.lane }

    /// Its place in every connection's table of prepared statements.
    var identity: Int { storage.identity }
    /// The text as libpq takes it.
    var sql: [CChar] { storage.sql }
    /// The text, for errors.
    var text: String { String(decoding: sql.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self) }
}
