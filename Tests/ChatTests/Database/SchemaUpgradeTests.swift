import PostgreSQL
import Testing

@testable import Chat

/// How the steps are taken while others are at work.
struct SchemaUpgradeTests {
    private static let tables = [
        "users", "rooms", "room_members", "messages", "latest_messages", "unannounced_rooms", "epoch", "sessions",
        "schema_step",
    ]

    // MARK: A current database

    @Test func `a start on a current database waits for nobody and writes nothing`() async throws {
        try await TestSite.with { site in
            _ = try await site.person("alice")
            let schema = site.schema
            let before = try await schema.catalogue() + Self.versions(schema)
            // More than a backup holds: of all locks only the one that stands before readers is in the way of a start.
            try await site.whileAnotherSession(
                "LOCK TABLE \(Self.tables.joined(separator: ", ")) IN EXCLUSIVE MODE",
                "SELECT pg_advisory_xact_lock(0, 0), pg_advisory_xact_lock(1, hashtext(current_schema()))"
            ) {
                try await schema.prepare()
            }
            let after = try await schema.catalogue() + Self.versions(schema)
            #expect(after == before)
        }
    }

    /// By which transactions the rows were written.
    private static func versions(_ schema: TestSchema) async throws -> [String] {
        try await schema.texts(tables.map { "SELECT xmin::text FROM \($0)" }.joined(separator: " UNION ALL "))
    }

    // MARK: An upgrade

    @Test func `while an upgrade waits for a backup, others read and send`() async throws {
        try await TestSite.withSchema(apart: true) { schema in
            try await schema.prepare()
            let tables = try TestSite.tables
            let step = SchemaStep(
                number: tables.steps.count + 1, name: "a later one",
                text: Self.tables.map { "ALTER TABLE \($0) ADD COLUMN later bigint;" }.joined())
            let later = Schema(whole: tables.whole, steps: tables.steps + [step])
            try await TestSite.start(on: schema, prepares: false).runThenStop { site in
                let alice = try await site.person("alice")
                let room = try await alice.makeRoom()
                let upgrade = try await site.whileAnotherSession(
                    "LOCK TABLE \(Self.tables.dropLast().joined(separator: ", ")) IN ACCESS SHARE MODE"
                ) {
                    let upgrade = Task { try await Self.prepareInTheEnd(schema, later) }
                    // The sessions by which it has waited: a new one for each attempt of a start.
                    var waiters: [String] = []
                    var isWaiting = false
                    for number in 1... {
                        // Each is answered 2xx, or the test ends here.
                        try await alice.say("message \(number)", in: room)
                        let contents = try await alice.contents(in: room)
                        #expect(contents.last == "message \(number)")
                        #expect(try await alice.get("/dashboard").status == 200)
                        let waiter = try await Self.waiter(schema)
                        if let waiter, !isWaiting { waiters.append(waiter) }
                        isWaiting = waiter != nil
                        if waiters.count == 4 { break }
                    }
                    #expect(Set(waiters).count < waiters.count, "one start tries again")
                    #expect(try await Self.step(schema) == tables.steps.count, "nothing is half done")
                    return upgrade
                }
                try await upgrade.value
                #expect(try await Self.step(schema) == later.steps.count)
                try await alice.say("and on", in: room)
            }
        }
    }

    /// As a start does, which goes on trying where somebody holds a lock.
    private static func prepareInTheEnd(_ schema: TestSchema, _ tables: Schema) async throws {
        while true {
            do {
                return try await schema.prepare(tables)
            } catch SchemaProblem.database(let error) where error.isBusy {}
        }
    }

    /// The session that waits for a table of the schema, before which nobody is let in; nil when none does.
    private static func waiter(_ schema: TestSchema) async throws -> String? {
        try await schema.texts(
            """
            SELECT pid::text FROM pg_locks JOIN pg_class ON pg_class.oid = relation
            WHERE NOT granted AND mode = 'AccessExclusiveLock' AND relnamespace = '\(schema.name)'::regnamespace LIMIT 1
            """
        ).first
    }

    /// Nil where there are no numbers.
    private static func step(_ schema: TestSchema) async throws -> Int? {
        let tables = try await schema.texts("SELECT relname::text FROM pg_class WHERE oid = to_regclass('schema_step')")
        if tables.isEmpty { return nil }
        return try await schema.texts("SELECT number::text FROM schema_step").first.flatMap { Int($0) }
    }

    @Test(arguments: [nil, EarlierSchema.all[0], EarlierSchema.last])
    func `several processes may be started at the same time`(_ earlier: EarlierSchema?) async throws {
        try await TestSite.withSchema(apart: true) { schema in
            if let earlier { try await schema.execute(earlier.script + earlier.rows) }
            _ = try await atOnce(4) { _ in try await schema.prepare() }
            #expect(try await Self.step(schema) == TestSite.tables.steps.count)
        }
    }

    @Test func `an upgrade that ends after a step goes on there, also when an older process came between`() async throws
    {
        let tables = try TestSite.tables
        var present: [String] = []
        try await TestSite.withSchema(apart: true) { schema in
            try await schema.prepare()
            present = try await schema.catalogue()
        }
        try await TestSite.withSchema(apart: true) { schema in
            try await schema.execute(EarlierSchema.all[0].script)
            // What comes after the steps needs the column of the second.
            for count in 2...tables.steps.count {
                try await schema.prepare(Schema(whole: tables.whole, steps: Array(tables.steps.prefix(count))))
                do {
                    try await schema.execute(EarlierSchema.last.script)
                } catch let error as PostgresError where error.sqlState == "42809" {
                    #expect(count >= 16, "from that step on it is refused")
                }
            }
            #expect(try await schema.catalogue() == present)
        }
    }

    @Test func `names have statistics before they get their keys`() async throws {
        try await TestSite.withSchema(apart: true) { schema in
            try await schema.execute(EarlierSchema.all[3].script + EarlierSchema.all[3].rows)
            try await schema.prepare()
            let known = try await schema.texts(
                """
                SELECT attname::text FROM pg_stats
                WHERE schemaname = current_schema() AND tablename = 'users' AND attname IN ('name_key', 'deleted_at')
                ORDER BY attname
                """)
            #expect(known == ["deleted_at", "name_key"])
        }
    }

    @Test func `an index that was left half made is made anew`() async throws {
        let tables = try TestSite.tables
        try await TestSite.withSchema(apart: true) { schema in
            try await schema.execute(EarlierSchema.all[3].script)
            try await schema.execute(EarlierSchema.all[3].rows)
            try await schema.prepare(Schema(whole: tables.whole, steps: Array(tables.steps.prefix(4))))
            await #expect(throws: PostgresError.self) {
                try await schema.execute("CREATE UNIQUE INDEX CONCURRENTLY users_deleted ON users ((1))")
            }
            let invalid = """
                SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid AND indrelid = 'users'::regclass
                """
            #expect(try await schema.texts(invalid) == ["users_deleted"])
            try await schema.prepare()
            #expect(try await schema.texts(invalid).isEmpty)
            let definitions = try await schema.texts("SELECT pg_get_indexdef('users_deleted'::regclass)")
            #expect(definitions[0].hasSuffix("(id) WHERE (deleted_at IS NOT NULL)"))
        }
    }

    // MARK: Who may, and who may not

    @Test func `a role that may only read and write rows serves`() async throws {
        try await TestSite.withSchema(apart: true) { schema in
            try await schema.prepare()
            // Where there is nobody the tests set the sequences, which takes other rights.
            try await schema.execute(
                "INSERT INTO users (username) VALUES ('first'); INSERT INTO rooms (type) VALUES ('group')")
            try await Self.withRole(in: schema) { role in
                try await TestSite.start(on: role).runThenStop { site in
                    let people = try await site.people("alice", "bob")
                    let room = try await people[0].makeRoom("dm", with: "bob")
                    try await people[1].say("hi", in: room)
                    #expect(try await people[0].contents(in: room) == ["hi"])
                    expectRedirect(try await people[1].post("/account/delete"), to: "/")
                    try await people[0].leave(room)
                    expectRedirect(try await people[0].post("/logout"), to: "/")
                    let isCleared = try await eventually {
                        try await site.int("SELECT count(*) FROM users WHERE deleted_at IS NOT NULL") == 0
                    }
                    #expect(isCleared)
                }
            }
        }
    }

    @Test func `what such a role cannot upgrade or make is told, and who can`() async throws {
        try await TestSite.withSchema(apart: true) { schema in
            try await Self.withRole(in: schema) { role in
                let problem = await #expect(throws: SchemaProblem.self) { try await role.prepare() }
                guard case .rights(role.name + "_role", nil, nil, _) = problem else {
                    Issue.record("\(String(describing: problem))")
                    return
                }
            }
            try await schema.execute(EarlierSchema.last.script)
            let owner = try await schema.texts("SELECT current_user::text")[0]
            for step in [nil, 3] {
                if let step {
                    let tables = try TestSite.tables
                    try await schema.prepare(Schema(whole: tables.whole, steps: Array(tables.steps.prefix(step))))
                }
                try await Self.withRole(in: schema) { role in
                    let problem = await #expect(throws: SchemaProblem.self) { try await role.prepare() }
                    guard case .rights(_, owner, step, _) = problem else {
                        Issue.record("\(String(describing: problem))")
                        return
                    }
                    #expect(problem?.description.contains(" \(owner), whose they are") == true)
                }
            }
        }
    }

    /// Runs `body` as a role of its own that may read and write rows, and nothing else.
    private static func withRole(in schema: TestSchema, _ body: (TestSchema) async throws -> Void) async throws {
        let role = schema.name + "_role"
        try await schema.execute(
            """
            CREATE ROLE \(role); GRANT USAGE ON SCHEMA \(schema.name) TO \(role);
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \(schema.name) TO \(role);
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA \(schema.name) TO \(role);
            """)
        let other = try await TestDatabase.shared.schema(schema, as: role)
        do {
            try await body(other)
        } catch {
            try await schema.execute("DROP OWNED BY \(role); DROP ROLE \(role)")
            throw error
        }
        try await schema.execute("DROP OWNED BY \(role); DROP ROLE \(role)")
    }

    @Test func `a database of a later version is refused`() async throws {
        try await TestSite.withSchema(apart: true) { schema in
            try await schema.prepare()
            let known = try TestSite.tables.steps.count
            try await schema.execute("UPDATE schema_step SET number = number + 1")
            let before = try await schema.catalogue()
            let problem = await #expect(throws: SchemaProblem.self) { try await schema.prepare() }
            guard case .later(known + 1, known) = problem else {
                Issue.record("\(String(describing: problem))")
                return
            }
            #expect(try await schema.catalogue() == before)
        }
    }
}
