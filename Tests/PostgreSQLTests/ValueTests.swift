import PostgreSQL
import Testing

/// A parameter, what the server reads it as, and how it comes back.
struct ValueCase: Sendable, CustomTestStringConvertible {
    let name: String
    let sql: String
    let parameter: PostgresParameter
    let isBack: @Sendable (PostgresRow) throws -> Bool

    var testDescription: String { name }
}

private let texts = ["", "a", "é", "日本語", "👨‍👩‍👧‍👦\"\u{301}", "'; DROP TABLE users; --", "a\\b\r\n\t"]

private let integers = ([0, 1, -1, 255, .max, .min] as [Int64]).map { value in
    ValueCase(name: "int8 \(value)", sql: "SELECT $1", parameter: .int(value)) { try $0.int(0) == value }
}
private let strings = texts.flatMap { value in
    [
        ValueCase(name: "text \(value)", sql: "SELECT $1", parameter: .text(value)) { try $0.text(0) == value },
        ValueCase(name: "utf8 \(value)", sql: "SELECT $1", parameter: .utf8(Array(value.utf8))) {
            try $0.utf8(0) == Array(value.utf8)
        },
        ValueCase(name: "length \(value)", sql: "SELECT char_length($1)", parameter: .text(value)) {
            try $0.int(0) == value.unicodeScalars.count
        },
    ]
}
private let blobs = [[], [0], [0, 255, 39, 92], Array(0...255)].map { value in
    ValueCase(name: "bytea of \(value.count)", sql: "SELECT $1", parameter: .bytes(value)) { row in
        try row.bytes(0) == value && row.withBytes(0) { Array($0) } == value
    }
}
private let times: [ValueCase] = [
    (0, "1970-01-01 00:00:00"), (946_684_800_000_000, "2000-01-01 00:00:00"),
    (1_769_853_900_123_456, "2026-01-31 10:05:00.123456"), (-1, "1969-12-31 23:59:59.999999"),
].flatMap { value, text in
    [
        ValueCase(name: "timestamptz \(text)", sql: "SELECT $1", parameter: .timestamp(value)) {
            try $0.timestamp(0) == value
        },
        ValueCase(
            name: "time as text \(text)", sql: "SELECT ($1 AT TIME ZONE 'UTC')::text", parameter: .timestamp(value)
        ) { try $0.text(0) == text },
        ValueCase(name: "timestamp \(text)", sql: "SELECT $1::timestamp", parameter: .text(text)) {
            try $0.timestamp(0) == value
        },
    ]
}
private let arrays = [
    ValueCase(name: "no ints", sql: "SELECT cardinality($1)", parameter: .ints([])) { try $0.int(0) == 0 },
    ValueCase(name: "ints", sql: "SELECT $1::text", parameter: .ints([1, -2, .max])) {
        try $0.text(0) == "{1,-2,9223372036854775807}"
    },
    ValueCase(name: "no texts", sql: "SELECT $1 = '{}'::text[]", parameter: .texts([])) { try $0.bool(0) },
    ValueCase(name: "texts", sql: "SELECT array_to_string($1, '|')", parameter: .texts(["", "é", "\"{},"])) {
        try $0.text(0) == "|é|\"{},"
    },
    ValueCase(name: "utf8s", sql: "SELECT $1 = ARRAY['a','é']", parameter: .utf8s([[97], [0xC3, 0xA9]])) {
        try $0.bool(0)
    },
    ValueCase(
        name: "byteas", sql: #"SELECT $1 = ARRAY['\x00ff','']::bytea[]"#, parameter: .byteArrays([[0, 255], []])
    ) { try $0.bool(0) },
]
private let others = [
    ValueCase(name: "true", sql: "SELECT $1", parameter: true) { try $0.bool(0) },
    ValueCase(name: "false", sql: "SELECT $1", parameter: false) { try !$0.bool(0) },
    ValueCase(name: "null", sql: "SELECT $1", parameter: nil) { try $0.isNull(0) && $0.optionalText(0) == nil },
    ValueCase(name: "no int", sql: "SELECT $1::int8", parameter: .orNull(nil as Int64?)) {
        try $0.optionalInt(0) == nil
    },
    ValueCase(name: "no time", sql: "SELECT $1::timestamptz", parameter: nil) { try $0.optionalTimestamp(0) == nil },
    ValueCase(name: "no uuid", sql: "SELECT $1::uuid", parameter: nil) { try $0.optionalUUID(0) == nil },
    ValueCase(name: "uuid", sql: "SELECT $1", parameter: .uuid(1 << 120 | 2)) { try $0.uuid(0) == 1 << 120 | 2 },
    ValueCase(name: "uuid as text", sql: "SELECT $1::text", parameter: .uuid(0xAB << 120 | 0xF)) {
        try $0.text(0) == "ab000000-0000-0000-0000-00000000000f"
    },
    ValueCase(name: "int2", sql: "SELECT $1::int2", parameter: -7) { try $0.int(0) == -7 },
    ValueCase(name: "int4", sql: "SELECT $1::int4", parameter: -7) { try $0.int(0) == -7 },
    ValueCase(name: "varchar", sql: "SELECT $1::varchar(3)", parameter: "abcd") { try $0.text(0) == "abc" },
    ValueCase(name: "name", sql: "SELECT $1::name", parameter: "abc") { try $0.text(0) == "abc" },
    ValueCase(name: "json", sql: "SELECT $1::json", parameter: "[1]") { try $0.text(0) == "[1]" },
]

/// A column that is not what the program takes it for.
struct WrongCase: Sendable, CustomTestStringConvertible {
    let sql: String
    let mention: String
    let read: @Sendable (PostgresRow) throws -> Void

    var testDescription: String { "\(sql): \(mention)" }
}

@Suite(.timeLimit(.minutes(10))) struct ValueTests {
    @Test(arguments: integers + strings + blobs + times + arrays + others)
    func `a value comes back as it went`(value: ValueCase) async throws {
        try await withPool(size: 1) { pool in
            let rows = try await pool.query(PostgresStatement(value.sql), [value.parameter])
            #expect(rows.count == 1)
            #expect(try value.isBack(rows[0]))
        }
    }

    @Test(arguments: [
        WrongCase(sql: "SELECT 'x' AS named", mention: "named") { _ = try $0.int(0) },
        WrongCase(sql: "SELECT 1 AS named", mention: "named") { _ = try $0.text(0) },
        WrongCase(sql: "SELECT 1 AS named", mention: "named") { _ = try $0.bool(0) },
        WrongCase(sql: "SELECT 'x'::text AS named", mention: "bytea") { _ = try $0.bytes(0) },
        WrongCase(sql: "SELECT 1.5 AS named", mention: "1700") { _ = try $0.int(0) },
        WrongCase(sql: "SELECT 1 AS named", mention: "text or bytea") { row in try row.withBytes(0) { _ in } },
        WrongCase(sql: "SELECT NULL::int8 AS named", mention: "named) is NULL") { _ = try $0.int(0) },
        WrongCase(sql: "SELECT NULL::text AS named", mention: "named) is NULL") { _ = try $0.text(0) },
        WrongCase(sql: "SELECT 1", mention: "no column 1") { _ = try $0.int(1) },
        WrongCase(sql: "SELECT 1", mention: "no column -1") { _ = try $0.isNull(-1) },
    ])
    func `a column that is not as expected is an error that names it`(wrong: WrongCase) async throws {
        try await withPool(size: 1) { pool in
            let rows = try await pool.query(PostgresStatement(wrong.sql))
            let error = #expect(throws: PostgresError.self) { try wrong.read(rows[0]) }
            #expect(error?.kind == .decoding)
            #expect(error?.message.contains(wrong.mention) == true)
        }
    }

    @Test(arguments: [
        ("infinity", "9999-12-31 23:59:59.999999"), ("-infinity", "0001-01-01 00:00:00"),
        ("294276-12-31 23:59:59.999999", "9999-12-31 23:59:59.999999"), ("12026-01-01", "9999-12-31 23:59:59.999999"),
        ("4713-01-01 BC", "0001-01-01 00:00:00"), ("9999-12-31 23:59:59.999999", "9999-12-31 23:59:59.999999"),
        ("0001-01-01", "0001-01-01 00:00:00"),
    ])
    func `whatever time is stored is read as one that can be written`(stored: String, read: String) async throws {
        try await withPool(size: 1) { pool in
            let times = PostgresStatement("SELECT $1::timestamp, $1::timestamp AT TIME ZONE 'UTC', $2::timestamp")
            let row = try await pool.query(times, [.text(stored), .text(read)])[0]
            #expect(try row.timestamp(0) == row.timestamp(2))
            #expect(try row.timestamp(1) == row.timestamp(2))
        }
    }

    @Test(arguments: [.min, .min + 1, .min + 946_684_800_000_000, .min + 946_684_800_000_001] as [Int64])
    func `a time that the server cannot store is refused, and not taken for another`(time: Int64) async throws {
        try await withPool(size: 1) { pool in
            let error = try await postgresError { _ = try await pool.query(Statements.echo, [.timestamp(time)]) }
            #expect(error.sqlState == "22008")
        }
    }

    @Test func `a row that is not there is an error that says so`() async throws {
        try await withPool(size: 1) { pool in
            let rows = try await pool.query(PostgresStatement("SELECT 1 WHERE false"))
            for index in [0, 1, -1, .max, .min] {
                let error = #expect(throws: PostgresError.self) { try rows[index].int(0) }
                #expect(error?.kind == .decoding)
            }
        }
    }

    @Test func `a text with NUL is refused by the server, not cut off`() async throws {
        try await withPool(size: 1) { pool in
            let error = try await postgresError { _ = try await pool.query(Statements.echo, ["a\0b"]) }
            #expect(error.sqlState == "22021")
        }
    }

    @Test func `a slot that was NULL first takes values of its type after`() async throws {
        try await withPool(size: 1) { pool throws in
            // Alone, the server would infer int4, whose binary format has another length.
            let statement = PostgresStatement("SELECT 1::int4 + $1")
            #expect(try await pool.query(statement, [nil])[0].isNull(0))
            #expect(try await pool.query(statement, [41])[0].int(0) == 42)
            #expect(try await pool.query(statement, [nil])[0].isNull(0))
        }
    }

    @Test func `a slot that changes its type is parsed anew`() async throws {
        try await withPool(size: 1) { pool throws in
            for _ in 0..<2 {
                #expect(try await pool.query(Statements.echo, ["a"])[0].text(0) == "a")
                #expect(try await pool.query(Statements.echo, [7])[0].int(0) == 7)
            }
        }
    }

    @Test func `the rows that a statement changed are counted`() async throws {
        try await withSchema { pool, schema throws in
            let create = PostgresStatement(
                "CREATE TABLE \(schema).t AS SELECT generate_series(1, 7) AS id", lane: .write)
            #expect(try await pool.query(create).affectedRows == 7)
            let delete = PostgresStatement("DELETE FROM \(schema).t WHERE id > $1", lane: .write)
            #expect(try await pool.query(delete, [4]).affectedRows == 3)
            #expect(try await pool.query(delete, [4]).affectedRows == 0)
            #expect(try await pool.query(PostgresStatement("SET work_mem = '4MB'")).affectedRows == 0)
        }
    }

    @Test func `no one reads what a parameter holds from its description`() {
        #expect("\([PostgresParameter.text("secret")])" == "[****]")
    }

    @Test(arguments: [(65_535, true), (65_536, false)])
    func `as many parameters as the protocol can count are sent`(count: Int, isSent: Bool) async throws {
        try await withPool(size: 1) { pool in
            let statement = PostgresStatement("SELECT 1")
            let parameters = Array(repeating: PostgresParameter.bool(true), count: count)
            if isSent {
                #expect(try await pool.query(statement, parameters)[0].int(0) == 1)
            } else {
                let error = try await postgresError { _ = try await pool.query(statement, parameters) }
                #expect(error.kind == .invalidRequest)
            }
            #expect(try await pool.query(Statements.one).count == 1)
        }
    }
}
