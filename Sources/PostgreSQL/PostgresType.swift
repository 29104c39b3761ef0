internal import CLibpq

/// The OIDs of the built-in types that are sent and read (`pg_type.dat`).
enum PostgresType {
    static let unspecified: Oid = 0
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let name: Oid = 19
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let json: Oid = 114
    static let unknown: Oid = 705
    static let byteaArray: Oid = 1001
    static let textArray: Oid = 1009
    static let int8Array: Oid = 1016
    static let bpchar: Oid = 1042
    static let varchar: Oid = 1043
    static let timestamp: Oid = 1114
    static let timestamptz: Oid = 1184
    static let uuid: Oid = 2950
    /// From here on OIDs are those of types that a database defines, such as enumerations, which are text in binary too.
    static let firstUserDefined: Oid = 16384

    static func isText(_ type: Oid) -> Bool {
        switch type {
        case text, varchar, bpchar, name, json, unknown: true
        default: type >= firstUserDefined
        }
    }
}

/// The binary format of a timestamp counts microseconds since 2000-01-01T00:00:00Z; these are until then since 1970.
let microsecondsTo2000: Int64 = 946_684_800_000_000

/// 0001-01-01T00:00:00Z and the last microsecond of the year 9999, in microseconds since 1970: what four digits of a year
/// can write.
let writableTimestamps: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999
