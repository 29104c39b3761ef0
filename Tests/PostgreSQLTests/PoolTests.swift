import NonblockingIO
import PostgreSQL
import Testing

@Suite(.timeLimit(.minutes(1))) struct PoolTests {
    @Test func `a violated constraint is known by SQLSTATE and name`() async throws {
        try await withSchema { pool, schema in
            try await pool.execute("CREATE TABLE \(schema).t (id int8 CONSTRAINT t_id_unique UNIQUE)")
            let insert = PostgresStatement("INSERT INTO \(schema).t VALUES ($1)")
            _ = try await pool.query(insert, [77_001])
            let error = try await postgresError { _ = try await pool.query(insert, [77_001]) }
            #expect(error.kind == .server)
            #expect(error.sqlState == "23505")
            #expect(error.constraint == "t_id_unique")
            #expect(error.description == "PostgreSQL error 23505, constraint t_id_unique")
            #expect(error.debugDescription.contains("DETAIL: Key (id)=(77001) already exists."))
            #expect(error.debugDescription.contains("STATEMENT: INSERT INTO"))
        }
    }

    @Test(arguments: [
        ("25006", true), ("40001", true), ("53100", true), ("53300", true), ("57014", true), ("57P01", true),
        ("22023", false), ("23505", false), ("25001", false), ("42P01", false), ("XX000", false),
    ])
    func `an error tells whether its reason may be gone the next time`(sqlState: String, isTransient: Bool) async throws
    {
        try await withPool { pool in
            let error = try await postgresError {
                try await pool.execute("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '\(sqlState)'; END $$")
            }
            #expect(error.sqlState == sqlState)
            #expect(error.isTransient == isTransient)
            #expect(!error.isOutcomeUnknown)
        }
    }

    @Test func `a query that has given way in a deadlock is tried again`() async throws {
        try await withSchema { pool, schema in
            // Who has locked its first row waits for the other to have done so. The one that begins again has no other
            // to wait for.
            try await pool.execute(
                """
                CREATE TABLE \(schema).t (id int8 PRIMARY KEY);
                CREATE SEQUENCE \(schema).attempts;
                INSERT INTO \(schema).t VALUES (1), (2);
                CREATE FUNCTION \(schema).meet(int8) RETURNS void LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM nextval('\(schema).attempts');
                    WHILE (SELECT last_value FROM \(schema).attempts) < 2 LOOP PERFORM pg_sleep(0.01); END LOOP;
                END $$;
                """)
            func lock(_ first: Int64, _ second: Int64) -> PostgresStatement {
                PostgresStatement(
                    """
                    WITH first AS MATERIALIZED (SELECT id FROM \(schema).t WHERE id = \(first) FOR UPDATE),
                    meeting AS MATERIALIZED (SELECT \(schema).meet(id) FROM first),
                    second AS MATERIALIZED (SELECT id FROM \(schema).t, meeting WHERE id = \(second) FOR UPDATE OF t)
                    SELECT id FROM second
                    """)
            }
            // Of one pool both could come to the same connection, the one that is up first.
            try await withPool(size: 1) { other in
                async let opposite = other.query(lock(2, 1)).count
                let counts = try await [pool.query(lock(1, 2)).count, opposite]
                #expect(counts == [1, 1])
            }
            // Which of the two gives way is the server's choice. It may be back at its first row before the other has been
            // woken, and then gives way once more.
            let attempts = try await pool.query(PostgresStatement("SELECT last_value FROM \(schema).attempts"))
            #expect(try attempts[0].int(0) >= 3)
        }
    }

    @Test func `a constraint that is checked at the commit fails its query`() async throws {
        try await withSchema { pool, schema in
            try await pool.execute(
                """
                CREATE TABLE \(schema).a (id int8 PRIMARY KEY);
                CREATE TABLE \(schema).b (id int8 REFERENCES \(schema).a DEFERRABLE INITIALLY DEFERRED);
                """)
            let insert = PostgresStatement("INSERT INTO \(schema).b VALUES ($1)")
            let others = (0..<4).map { _ in Task { try await pool.query(Statements.one).count } }
            let error = try await postgresError { _ = try await pool.query(insert, [1]) }
            #expect(error.sqlState == "23503")
            for other in others { #expect(try await other.value == 1) }
        }
    }

    @Test func `a query that fails in a pipeline of 50 hurts only itself`() async throws {
        try await withSchema { pool, schema in
            try await pool.execute("CREATE TABLE \(schema).t (id int8 CHECK (id <> 25))")
            let insert = PostgresStatement("INSERT INTO \(schema).t VALUES ($1)")
            let failed = await withTaskGroup(of: (id: Int, sqlState: String?)?.self) { group in
                for id in 0..<50 {
                    group.addTask {
                        do throws(PostgresError) {
                            _ = try await pool.query(insert, [.int(Int64(id))])
                            return nil
                        } catch {
                            return (id, error.sqlState)
                        }
                    }
                }
                return await group.compactMap { $0 }.reduce(into: []) { $0.append($1) }
            }
            #expect(failed.map(\.id) == [25])
            #expect(failed.map(\.sqlState) == ["23514"])
            let count = PostgresStatement("SELECT count(*) FROM \(schema).t")
            #expect(try await pool.query(count)[0].int(0) == 49)
        }
    }

    @Test func `a statement that cannot be prepared is prepared at a later use`() async throws {
        try await withSchema { pool, schema in
            let select = PostgresStatement("SELECT id FROM \(schema).later")
            for _ in 0..<2 {
                let error = try await postgresError { _ = try await pool.query(select) }
                #expect(error.sqlState == "42P01")
            }
            try await pool.execute("CREATE TABLE \(schema).later (id int8)")
            for _ in 0..<4 { #expect(try await pool.query(select).isEmpty) }
        }
    }

    @Test func `a prepared statement survives a change of its table, at the cost of one query`() async throws {
        try await withSchema { pool, schema in
            try await pool.execute("CREATE TABLE \(schema).t (id int8)")
            let select = PostgresStatement("SELECT * FROM \(schema).t")
            for _ in 0..<8 { _ = try await pool.query(select) }
            try await pool.execute("ALTER TABLE \(schema).t ADD COLUMN name text")
            var succeeded = 0
            for _ in 0..<8 {
                do throws(PostgresError) {
                    _ = try await pool.query(select)
                    succeeded += 1
                } catch {
                    #expect(error.sqlState == "0A000")
                }
            }
            // Each of the two connections may fail once.
            #expect(succeeded >= 6)
        }
    }

    @Test func `10,000 queries from 100 tasks each get their own answer`() async throws {
        try await withPool { pool in
            let right = try await withThrowingTaskGroup { group in
                for task in 0..<100 {
                    group.addTask {
                        var right = 0
                        for query in 0..<100 {
                            let number = Int64(task * 1000 + query)
                            if try await pool.query(Statements.echo, [.int(number)])[0].int(0) == number { right += 1 }
                        }
                        return right
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(right == 10_000)
        }
    }

    @Test func `a statement that takes too long is cancelled by the server`() async throws {
        try await withPool(size: 1, { $0.statementTimeout = .milliseconds(50) }) { pool in
            let error = try await postgresError { _ = try await pool.query(Statements.sleep, [30]) }
            #expect(error.sqlState == "57014")
            #expect(try await pool.query(Statements.one).count == 1)
        }
    }

    @Test(arguments: [0, 1, 100_000, 1 << 20, 8 << 20])
    func `large values go there and back among small ones`(size: Int) async throws {
        try await withPool { pool in
            let text = String(repeating: "é", count: size / 2)
            try await withThrowingTaskGroup { group in
                for index in 0..<20 {
                    group.addTask {
                        if index % 5 == 0 {
                            return try await pool.query(Statements.echo, [.text(text)])[0].text(0) == text
                        }
                        return try await pool.query(Statements.echo, [.int(7)])[0].int(0) == 7
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
    }

    @Test func `a result far larger than the socket's buffer comes whole`() async throws {
        try await withPool { pool in
            let series = PostgresStatement("SELECT i, repeat('x', 100) FROM generate_series(1, $1) AS i")
            async let large = pool.query(series, [30_000])
            async let small = pool.query(Statements.one)
            #expect(try await small.count == 1)
            let rows = try await large
            #expect(rows.count == 30_000)
            #expect(try rows[29_999].int(0) == 30_000)
            let isWhole = try rows.allSatisfy { try $0.withBytes(1) { $0.count } == 100 }
            #expect(isWhole)
        }
    }

    @Test func `COPY is refused, and the pool goes on`() async throws {
        try await withPool(size: 1) { pool in
            let copy = PostgresStatement("COPY (SELECT 1) TO STDOUT")
            let error = try await postgresError { _ = try await pool.query(copy) }
            #expect(error.kind == .connectionLost(outcomeUnknown: true))
            #expect(try await pool.query(Statements.one).count == 1)
        }
    }

    @Test func `a script runs as one transaction, and its first error is told`() async throws {
        try await withSchema { pool, schema in
            let error = try await postgresError {
                try await pool.execute("CREATE TABLE \(schema).t (id int8); SELECT 1/0; SELECT nothing")
            }
            #expect(error.sqlState == "22012")
            let exists = PostgresStatement("SELECT to_regclass($1) IS NOT NULL")
            #expect(try await pool.query(exists, [.text("\(schema).t")])[0].bool(0) == false)
        }
    }

    @Test func `a script is not bound by the statement time-out and leaves no settings`() async throws {
        try await withPool(size: 1, { $0.statementTimeout = .milliseconds(50) }) { pool in
            try await pool.execute("SET work_mem = '123MB'; SELECT pg_sleep(0.2)")
            let show = PostgresStatement("SELECT current_setting('work_mem'), current_setting('statement_timeout')")
            try await pool.transaction { transaction in
                let row = try await transaction.query(show)[0]
                #expect(try row.text(0) != "123MB")
                #expect(try row.text(1) == "50ms")
            }
        }
    }

    @Test func `notices go to the log`() async throws {
        let log = Log<String>()
        try await withPool(size: 1, { $0.log = { log.add($0) } }) { pool in
            try await pool.execute("DO $$ BEGIN RAISE NOTICE 'hello from the server'; END $$")
        }
        #expect(log.all.contains { $0.contains("hello from the server") })
    }

    // MARK: Limits and ends

    @Test func `as many queries as allowed wait, and one more is refused`() async throws {
        try await withPool(size: 1, { $0.maxPendingQueries = 3 }) { pool in
            _ = try await pool.query(Statements.one)
            // Held by the lock of this transaction.
            let lock = PostgresStatement("SELECT pg_advisory_xact_lock($1)")
            let key = PostgresParameter.int(.random(in: 1 ... .max))
            let waiting = try await pool.transaction { transaction in
                _ = try await transaction.query(lock, [key])
                let waiting = (0..<3).map { _ in
                    Task(executorPreference: pool.loop) { _ = try await pool.query(lock, [key]) }
                }
                // On the loop after those three, which were given to it before.
                let error = try await Task(executorPreference: pool.loop) {
                    try await postgresError { _ = try await pool.query(Statements.one) }
                }.value
                #expect(error.isUnavailable)
                return waiting
            }
            for query in waiting { try await query.value }
            #expect(try await pool.query(lock, [key]).count == 1)
        }
    }

    @Test func `closing answers all who wait`() async throws {
        let name = "closed \(UInt64.random(in: 0 ... .max))"
        var configuration = PostgresConfiguration(connectionString: try ScratchCluster.connectionString())
        configuration.applicationName = name
        let pool = PostgresPool(loop: try EventLoop(label: "test"), configuration: configuration)
        await pool.start()
        _ = try await pool.query(Statements.one)
        let queries = (0..<50).map { _ in
            Task { try await postgresError { _ = try await pool.query(Statements.sleep, [60]) } }
        }
        let transaction = Task {
            try await postgresError {
                try await pool.transaction { _ = try await $0.query(Statements.sleep, [60]) }
            }
        }
        let script = Task { try await postgresError { try await pool.execute("SELECT pg_sleep(60)") } }
        try await withPool { other in
            let count = PostgresStatement(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE application_name = $1 AND state = 'active' AND query LIKE '%pg_sleep%'
                """)
            while try await other.query(count, [.text(name)])[0].int(0) < 4 {}
        }
        await pool.close()
        for query in queries {
            let error = try await query.value
            #expect(error.isOutcomeUnknown || error.isUnavailable)
        }
        #expect(try await transaction.value.kind == .connectionLost(outcomeUnknown: false))
        #expect(try await script.value.isOutcomeUnknown)
        #expect(try await postgresError { _ = try await pool.query(Statements.one) }.isUnavailable)
        #expect(try await postgresError { try await pool.execute("SELECT 1") }.isUnavailable)
        #expect(await pool.isAvailable == false)
    }

    @Test func `a pool that is dropped closes its connections`() async throws {
        let name = "dropped \(UInt64.random(in: 0 ... .max))"
        var configuration = PostgresConfiguration(connectionString: try ScratchCluster.connectionString())
        configuration.applicationName = name
        var pool: PostgresPool? = PostgresPool(loop: try EventLoop(label: "test"), configuration: configuration)
        await pool?.start()
        _ = try await pool?.query(Statements.one)
        try await pool?.transaction { _ = try await $0.query(Statements.one) }
        pool = nil
        try await withPool { other in
            let count = PostgresStatement("SELECT count(*) FROM pg_stat_activity WHERE application_name = $1")
            while try await other.query(count, [.text(name)])[0].int(0) > 0 {}
        }
    }

    @Test func `a pool that was not started is not available`() async throws {
        let configuration = PostgresConfiguration(connectionString: try ScratchCluster.connectionString())
        let pool = PostgresPool(loop: try EventLoop(label: "test"), configuration: configuration)
        #expect(try await postgresError { _ = try await pool.query(Statements.one) }.isUnavailable)
    }
}
