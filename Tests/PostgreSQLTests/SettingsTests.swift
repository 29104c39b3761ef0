import NonblockingIO
import Testing

@testable import PostgreSQL

@Suite(.timeLimit(.minutes(10))) struct SettingsTests {
    private static let settings = [
        "default_transaction_isolation": "read committed", "standard_conforming_strings": "on", "TimeZone": "UTC",
        "search_path": "public", "jit": "off", "work_mem": "5MB",
    ]

    /// Gives `body` a pool in a database of its own whose defaults are hostile.
    private func withHostileDatabase(options: String = "", _ body: (PostgresPool) async throws -> Void) async throws {
        let name = "hostile_\(UInt64.random(in: 0 ... .max))"
        try await withPool { pool in
            try await pool.execute("CREATE DATABASE \(name)")
            for setting in [
                "default_transaction_isolation = 'repeatable read'", "default_transaction_read_only = on",
                "standard_conforming_strings = off", "TimeZone = 'Asia/Jakarta'", "search_path = nowhere, pg_catalog",
                "statement_timeout = 1", "lock_timeout = 1", "work_mem = '64kB'",
            ] {
                try await pool.execute("ALTER DATABASE \(name) SET \(setting)")
            }
            let change = { @Sendable (configuration: inout PostgresConfiguration) in
                configuration.connectionString += " dbname=\(name) options='\(options)'"
                configuration.settings = Self.settings
            }
            try await withPool(size: 1, change, body)
            try await pool.execute("DROP DATABASE \(name) WITH (FORCE)")
        }
    }

    private static let names = settings.keys.sorted() + ["default_transaction_read_only"]
    private static let expected = [
        "search_path": "public", "jit": "off", "work_mem": "5MB", "standard_conforming_strings": "on",
        "TimeZone": "UTC", "default_transaction_isolation": "read committed",
    ]

    @Test(arguments: [
        "", "-c work_mem=1MB -c jit=on -c default_transaction_isolation=serializable -c lock_timeout=7",
        "--work-mem=1MB --TimeZone=Asia/Tokyo",
    ])
    func `the program's settings win over the database's and over the connection string's`(options: String) async throws
    {
        try await withHostileDatabase(options: options) { pool in
            for lane in PostgresLane.allCases {
                let show = PostgresStatement(
                    "SELECT current_setting($1), current_setting('default_transaction_read_only'), current_setting('lock_timeout')",
                    lane: lane)
                for (name, value) in Self.expected {
                    let row = try await pool.query(show, [.text(name)])[0]
                    #expect(try row.text(0) == value)
                    #expect(try row.text(1) == (lane == .read ? "on" : "off"))
                    #expect(try row.text(2) == (lane == .read ? "1s" : "25ms"))
                }
            }
            try await pool.execute(
                """
                DO $$ BEGIN
                    IF current_setting('TimeZone') <> 'UTC' OR current_setting('statement_timeout') <> '0'
                    THEN RAISE 'a script has other settings'; END IF;
                END $$;
                CREATE TABLE t (at timestamptz, s text);
                """)
            let insert = PostgresStatement(#"INSERT INTO t VALUES ($1, 'a\b')"#, lane: .write)
            _ = try await pool.query(insert, [.timestamp(0)])
            let read = try await pool.query(PostgresStatement("SELECT at::text, s FROM public.t"))[0]
            #expect(try read.text(0) == "1970-01-01 00:00:00+00")
            #expect(try read.text(1) == #"a\b"#)
            try await pool.checkServer()
        }
    }

    @Test(arguments: [
        "-c search_path=pg_catalog", "-csearch_path=pg_catalog", "--search_path=pg_catalog",
        "--Search-Path=pg_catalog", "-c jit=on  -c search-path=pg_catalog",
    ])
    func `the connection string may choose where tables are looked for`(options: String) async throws {
        try await withHostileDatabase(options: options) { pool in
            let show = PostgresStatement("SELECT current_setting('search_path')")
            #expect(try await pool.query(show)[0].text(0) == "pg_catalog")
            try await pool.checkServer()
        }
    }

    @Test func `a setting's value may hold what separates options`() async throws {
        try await withPool(size: 1, { $0.settings = ["obrolan.test": "a b\\c\t'd'"] }) { pool throws in
            let show = PostgresStatement("SELECT current_setting('obrolan.test')")
            #expect(try await pool.query(show)[0].text(0) == "a b\\c\t'd'")
        }
    }

    // MARK: Old plans

    @Test(arguments: PostgresLane.allCases)
    func `a statement whose table has changed its types is sent again`(lane: PostgresLane) async throws {
        try await withSchema { pool, schema in
            try await pool.execute("CREATE TABLE \(schema).t (id int8, n int4)")
            let all = PostgresStatement("SELECT * FROM \(schema).t WHERE n = $1 OR $1 IS NULL", lane: lane)
            for (number, type) in ["text", "uuid USING NULL", "int8 USING NULL"].enumerated() {
                // So that each connection has prepared it.
                for _ in 0..<8 { _ = try await pool.query(all, [nil]) }
                try await pool.execute(
                    "ALTER TABLE \(schema).t ADD COLUMN c\(number) text; ALTER TABLE \(schema).t ALTER n TYPE \(type)"
                )
                for _ in 0..<8 { #expect(try await pool.query(all, [nil]).isEmpty) }
            }
            let deallocate = PostgresStatement("DEALLOCATE ALL", lane: lane)
            for _ in 0..<4 { _ = try await pool.query(deallocate) }
            for _ in 0..<8 { #expect(try await pool.query(all, [nil]).isEmpty) }
        }
    }

    @Test func `a script that fails with what plans fail with leaves the pool as it was`() async throws {
        try await withPool(size: 1) { pool in
            let error = try await postgresError {
                try await pool.execute(
                    "SELECT 1;\nDO $$ BEGIN RAISE 'no' USING ERRCODE = '0A000'; END $$")
            }
            #expect(error.sqlState == "0A000")
            let typo = try await postgresError { try await pool.execute("SELECT 1;\n\nSELEC 2") }
            #expect(typo.debugDescription.contains("line 3"))
            #expect(!typo.debugDescription.contains("SELECT 1"))
            #expect(try await pool.query(Statements.one).count == 1)
        }
    }

    @Test func `every lane connects where only a server that takes writes is wanted`() async throws {
        try await withPool({ $0.connectionString += " target_session_attrs=read-write" }) { pool in
            for lane in PostgresLane.allCases {
                let rows = try await pool.query(PostgresStatement("SELECT 1", lane: lane))
                #expect(rows.count == 1)
            }
        }
    }
}
