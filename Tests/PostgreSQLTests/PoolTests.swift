import NonblockingIO
import PostgreSQL
import Testing

@Suite(.timeLimit(.minutes(10))) struct PoolTests {
    @Test func `a violated constraint is known by SQLSTATE and name`() async throws {
        try await withSchema { pool, schema in
            try await pool.execute("CREATE TABLE \(schema).t (id int8 CONSTRAINT t_id_unique UNIQUE)")
            let insert = PostgresStatement("INSERT INTO \(schema).t VALUES ($1)", lane: .write)
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

    @Test(arguments: [PostgresLane.write, .batch, .long])
    func `a query that has given way to others is tried again`(lane: PostgresLane) async throws {
        try await withSchema { pool, schema in
            // What a sequence has given stays given when the transaction is rolled back.
            try await pool.execute(
                """
                CREATE SEQUENCE \(schema).attempts;
                CREATE FUNCTION \(schema).third() RETURNS int8 LANGUAGE plpgsql AS $$
                DECLARE attempt int8 := nextval('\(schema).attempts');
                BEGIN
                    IF attempt < 3 THEN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END IF;
                    RETURN attempt;
                END $$;
                """)
            let attempt = PostgresStatement("SELECT \(schema).third()", lane: lane)
            #expect(try await pool.query(attempt)[0].int(0) == 3)
        }
    }

    @Test func `a constraint that is checked at the commit fails its query`() async throws {
        try await withSchema { pool, schema in
            try await pool.execute(
                """
                CREATE TABLE \(schema).a (id int8 PRIMARY KEY);
                CREATE TABLE \(schema).b (id int8 REFERENCES \(schema).a DEFERRABLE INITIALLY DEFERRED);
                """)
            let insert = PostgresStatement("INSERT INTO \(schema).b VALUES ($1)", lane: .write)
            let others = (0..<4).map { _ in Task { try await pool.query(Statements.one).count } }
            let error = try await postgresError { _ = try await pool.query(insert, [1]) }
            #expect(error.sqlState == "23503")
            for other in others { #expect(try await other.value == 1) }
        }
    }

    @Test func `a query that fails in a pipeline of 50 hurts only itself`() async throws {
        try await withSchema { pool, schema in
            try await pool.execute("CREATE TABLE \(schema).t (id int8 CHECK (id <> 25))")
            let insert = PostgresStatement("INSERT INTO \(schema).t VALUES ($1)", lane: .write)
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
        try await withPool(size: 1, { $0.statementTimeout = .seconds(2) }) { pool in
            try await pool.execute("SET work_mem = '123MB'; SELECT pg_sleep(2.2)")
            let show = PostgresStatement("SELECT current_setting('work_mem'), current_setting('statement_timeout')")
            let row = try await pool.query(show)[0]
            #expect(try row.text(0) != "123MB")
            #expect(try row.text(1) == "2s")
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

    @Test func `closing answers all who wait`() async throws {
        let name = "closed \(UInt64.random(in: 0 ... .max))"
        var configuration = PostgresConfiguration(connectionString: try ScratchCluster.connectionString())
        configuration.applicationName = name
        configuration.acquireTimeout = .seconds(30)
        configuration.statementTimeout = .seconds(60)
        let pool = PostgresPool(loop: try EventLoop(label: "test"), configuration: configuration)
        await pool.start()
        _ = try await pool.query(Statements.one)
        let queries = (0..<50).map { _ in
            Task { try await postgresError { _ = try await pool.query(Statements.sleep, [60]) } }
        }
        let lanes = PostgresLane.allCases.filter { $0 != .read }.map { lane in
            let sleep = PostgresStatement("SELECT pg_sleep(60)", lane: lane)
            return Task { try await postgresError { _ = try await pool.query(sleep) } }
        }
        let script = Task { try await postgresError { try await pool.execute("SELECT pg_sleep(60)") } }
        try await withPool { other in
            let count = PostgresStatement(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE application_name = $1 AND state = 'active' AND query LIKE '%pg_sleep%'
                """)
            while try await other.query(count, [.text(name)])[0].int(0) < 6 {}
        }
        await pool.close()
        for query in queries {
            let error = try await query.value
            #expect(error.isOutcomeUnknown || error.isUnavailable)
        }
        for lane in lanes { #expect(try await lane.value.isOutcomeUnknown) }
        #expect(try await script.value.isOutcomeUnknown)
        #expect(try await postgresError { _ = try await pool.query(Statements.one) }.isUnavailable)
        #expect(try await postgresError { try await pool.execute("SELECT 1") }.isUnavailable)
        #expect(await pool.isAvailable == false)
    }

    @Test func `a pool that is dropped closes its connections`() async throws {
        let name = "dropped \(UInt64.random(in: 0 ... .max))"
        var configuration = PostgresConfiguration(connectionString: try ScratchCluster.connectionString())
        configuration.applicationName = name
        configuration.acquireTimeout = .seconds(30)
        var pool: PostgresPool? = PostgresPool(loop: try EventLoop(label: "test"), configuration: configuration)
        await pool?.start()
        _ = try await pool?.query(Statements.one)
        try await pool?.execute("SELECT 1")
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
