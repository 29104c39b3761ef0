import NonblockingIO
import PostgreSQL

@testable import Chat

extension TestSchema {
    /// Runs `body` with connections of its own, set up as the program's.
    /// - Parameter connectionString: another role's, say; nil for the schema's own.
    func withPool<Value>(
        _ connectionString: String? = nil, _ body: (PostgresPool) async throws -> Value
    ) async throws -> Value {
        let pool = PostgresPool(
            loop: try EventLoop(label: "test.schema"),
            configuration: PostgresConfiguration(
                connectionString: connectionString ?? self.connectionString, acquireTimeout: .patience, poolSize: 1,
                settings: ChatDatabase.settings, applicationName: name))
        await pool.start()
        do {
            let value = try await body(pool)
            await pool.close()
            return value
        } catch {
            await pool.close()
            throw error
        }
    }

    func execute(_ sql: String) async throws {
        try await withPool { try await $0.execute(sql) }
    }

    /// The first column of what a statement gives.
    func texts(_ sql: String) async throws -> [String] {
        try await withPool { pool in
            try await pool.query(PostgresStatement(sql, lane: .write)).map { try $0.text(0) }
        }
    }

    /// Makes or upgrades the tables, as a start does.
    func prepare(_ tables: Schema? = nil) async throws {
        try await withPool { try await ChatDatabase.prepare($0, schema: try tables ?? TestSite.tables) }
    }

    /// All that the catalogue says of the schema, but for the order of columns.
    func catalogue() async throws -> [String] {
        try await texts(
            """
            WITH own AS (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
            SELECT format('%s %s %s', relkind, relname, reloptions) AS it FROM pg_class, own WHERE relnamespace = own.oid
            UNION ALL SELECT format('column %s.%s %s, not null %s, default %s, identity %s', relname, attname,
                    format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), attidentity)
                FROM own JOIN pg_class ON relnamespace = own.oid AND relkind = 'r'
                JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
                LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
            UNION ALL SELECT format('constraint %s of %s: %s, valid %s', conname, conrelid::regclass,
                    pg_get_constraintdef(pg_constraint.oid), convalidated)
                FROM pg_constraint, own WHERE connamespace = own.oid
            UNION ALL SELECT format('%s, valid %s %s', pg_get_indexdef(indexrelid), indisvalid, indisready)
                FROM own JOIN pg_class ON relnamespace = own.oid JOIN pg_index ON indexrelid = pg_class.oid
            UNION ALL SELECT format('%s, %s', pg_get_triggerdef(pg_trigger.oid), tgenabled)
                FROM own JOIN pg_class ON relnamespace = own.oid
                JOIN pg_trigger ON tgrelid = pg_class.oid AND NOT tgisinternal
            UNION ALL SELECT pg_get_functiondef(pg_proc.oid) FROM pg_proc, own WHERE pronamespace = own.oid
            UNION ALL SELECT format('sequence %s of %s, from %s by %s, %s', seqrelid::regclass, refobjid::regclass,
                    seqstart, seqincrement, seqtypid::regtype)
                FROM own JOIN pg_class ON relnamespace = own.oid JOIN pg_sequence ON seqrelid = pg_class.oid
                LEFT JOIN pg_depend ON objid = seqrelid AND deptype = 'i' AND refclassid = 'pg_class'::regclass
            UNION ALL SELECT format('step %s', number) FROM schema_step
            ORDER BY it
            """
        ).map { $0.replacing(name, with: "SCHEMA") }
    }
}
