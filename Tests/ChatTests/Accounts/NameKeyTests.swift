import PostgreSQL
import Testing

/// `users.name_key`: by which names are told apart; what is there without one gets one.
struct NameKeyTests {
    @Test func `what a process of an earlier version adds beside this one is found, and is taken`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            for (name, act) in [
                (
                    "José",
                    { (site: TestSite) in
                        try await site.visitor().post("/login", ["username": "JOSE\u{301}"], as: .json).status
                    }
                ),
                (
                    "Budi",
                    { site in try await site.visitor().post("/register", ["username": "budi"], as: .json).status }
                ),
                (
                    "Siti",
                    { _ in try await alice.post("/room/create", ["type": "dm", "with": "SITI"], as: .json).status }
                ),
                (
                    "Wati",
                    { site in try await site.visitor().post("/register", ["username": "other"], as: .json).status }
                ),
            ] {
                _ = try await site.query("INSERT INTO users (username) VALUES ($1)", [.text(name)])
                let expected = ["José": 200, "Budi": 409][name] ?? 201
                #expect(try await act(site) == expected, "\(name)")
                #expect(try await site.int("SELECT count(*) FROM users WHERE name_key IS NULL") == 0)
            }
        }
    }

    @Test func `names of an earlier version stay, the older of two that are one now, and all can log in`() async throws
    {
        try await TestSite.withSchema { schema in
            try await TestSite.start(on: schema).runThenStop { site in
                // As where no rule and no index kept these out.
                _ = try await site.query("ALTER TABLE users DROP CONSTRAINT users_username_characters")
                _ = try await site.query("ALTER TABLE users DROP CONSTRAINT users_username_length")
                for name in [
                    "Ilgaz", "ILGAZ", "ilgaz", "Budi Santoso", "ilgaz-2", "", String(repeating: "é", count: 500),
                    String(repeating: "e\u{301}", count: 32), "<b>", "\u{301}",
                ] { _ = try await site.query("INSERT INTO users (username) VALUES ($1)", [.text(name)]) }
                _ = try await site.query(
                    "INSERT INTO users (username) SELECT 'person' || n FROM generate_series(1, 2500) AS n")
            }
            try await TestSite.start(on: schema).runThenStop { site in
                #expect(try await site.int("SELECT count(*) FROM users WHERE name_key IS NULL") == 0)
                let names = try await site.query("SELECT id, username FROM users ORDER BY id")
                #expect(
                    try names.prefix(5).map { try $0.text(1) } == [
                        "Ilgaz", "ILGAZ-3", "ilgaz-4", "Budi_Santoso", "ilgaz-2",
                    ])
                for row in names.prefix(20) {
                    let answer = try await site.visitor().post("/login", ["username": row.text(1)], as: .json)
                    #expect(answer.status == 200, "\(answer)")
                    let id = try row.int(0)
                    #expect(try answer.json()["id"].int == id)
                }
                #expect(try await site.int("SELECT count(DISTINCT name_key) FROM users") == Int64(names.count))
            }
        }
    }

    @Test func `several processes may give keys at the same time`() async throws {
        try await TestSite.with { site in
            _ = try await site.query(
                "INSERT INTO users (username) SELECT 'p' || n / 2 FROM generate_series(0, 599) AS n")
            _ = try await atOnce(4) { _ in try await TestSite.start(on: site.schema).runThenStop { _ in } }
            #expect(try await site.int("SELECT count(DISTINCT name_key) FROM users") == 600)
        }
    }

    @Test func `the server needs neither ICU nor tables of Unicode`() async throws {
        try await TestSite.withSchema { schema in
            try await schema.prepare()
            for text in try await schema.catalogue() {
                #expect(!text.contains("icu") && !text.lowercased().contains("normal"), "\(text)")
            }
        }
    }
}
