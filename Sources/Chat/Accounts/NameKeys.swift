import Logging
import PostgreSQL

/// Gives names their keys where they have none: those of a version that left the folding to the server, and those that
/// a process of such a version, which still runs beside this one, adds.
///
/// Of two names that are one by the present rule the older stays as it is; the other gets a number behind it. A name
/// that nobody can type by the present rules becomes one that can be typed. So every person can log in, and every row
/// keeps the rules of the schema, without which nothing of it could be changed.
enum NameKeys {
    /// In a statement: whether there is a name without a key, which a look by key does not find.
    static let areMissing = "EXISTS (SELECT FROM users WHERE name_key IS NULL AND deleted_at IS NULL)"

    private static let logger = Logger(label: "obrolan.database")
    /// How many names are read, and written by one transaction.
    private static let chunk: Int64 = 1_000
    /// How often a chunk is tried again that another process has given keys at the same time.
    private static let maxAttempts = 5

    private struct Person {
        let id: Int64
        let stored: String
        /// Nil for a name that breaks a rule.
        let name: Username?
    }

    /// Comes back when every name has a key.
    /// - Throws: `PostgresError`.
    static func complete(in database: PostgresPool) async throws(PostgresError) {
        var last: Int64 = 0
        while true {
            let rows = try await database.query(missingStatement, [.int(last), .int(chunk)])
            var people: [Person] = []
            for row in rows {
                let stored = try row.text(1)
                // That it breaks a rule is what the person is renamed for.
                people.append(Person(id: try row.int(0), stored: stored, name: try? Username(stored)))
            }
            guard let end = people.last?.id else { return }
            let done = try await giveKeys(people, in: database)
            for person in people where !done.contains(person.id) { try await rename(person, in: database) }
            last = end
        }
    }

    private static let missingStatement = PostgresStatement(
        """
        SELECT id, username FROM users WHERE name_key IS NULL AND deleted_at IS NULL AND id > $1 ORDER BY id LIMIT $2
        """)

    /// Looks at each key before, rather than running into the index: one that is taken must not undo the others.
    private static let giveStatement = PostgresStatement(
        """
        WITH given AS MATERIALIZED (
            SELECT id, name, key FROM unnest($1::bigint[], $2::text[], $3::text[]) AS given (id, name, key)
        )
        UPDATE users SET username = given.name, name_key = given.key FROM given
        WHERE users.id = given.id AND users.name_key IS NULL AND users.deleted_at IS NULL
            AND NOT EXISTS (SELECT FROM users AS other WHERE other.name_key = given.key)
        RETURNING users.id
        """, lane: .write)

    /// - Returns: those who have a key now.
    private static func giveKeys(_ people: [Person], in database: PostgresPool) async throws(PostgresError) -> Set<
        Int64
    > {
        var keys: Set<String> = []
        var given: [(id: Int64, name: Username)] = []
        // In the order of their ids, so that of those with one key the oldest gets it.
        for person in people {
            if let name = person.name, keys.insert(name.key).inserted { given.append((person.id, name)) }
        }
        for attempt in 1... {
            do throws(PostgresError) {
                let rows = try await database.query(
                    giveStatement,
                    [.ints(given.map(\.id)), .texts(given.map(\.name.text)), .texts(given.map(\.name.key))])
                var done: Set<Int64> = []
                for row in rows { done.insert(try row.int(0)) }
                return done
            } catch {
                // Another process has taken one of the keys since this statement looked.
                guard error.constraint == "users_name_key", attempt < maxAttempts else { throw error }
            }
        }
        return []
    }

    private static func rename(_ person: Person, in database: PostgresPool) async throws(PostgresError) {
        for name in names(for: person) {
            let renamed = Person(id: person.id, stored: person.stored, name: name)
            guard try await giveKeys([renamed], in: database).isEmpty else {
                logger.warning("the name of user \(person.id) is not possible any more, and has become \(name.text)")
                return
            }
            // Another process may have done it, or the account is gone.
            let next = try await database.query(missingStatement, [.int(person.id - 1), .int(1)]).first
            guard try next?.int(0) == person.id else { return }
        }
    }

    /// What the person may be called instead, the likest first, without end.
    private static func names(for person: Person) -> some Sequence<Username> {
        // Each character that no name may have is an underscore; which those are only the rule for names tells, by refusing.
        let base =
            person.stored.isEmpty
            ? "pengguna"
            : person.stored.unicodeScalars.reduce(into: "") { base, scalar in
                // The refusal is the answer: what it says of the character is of no interest.
                base.unicodeScalars.append((try? Username("a\(scalar)a")) == nil ? "_" : scalar)
            }
        return (1...).lazy.compactMap { number in
            // A candidate that breaks a rule is no name, whichever rule that is: the next one is tried.
            if number == 1 { return try? Username(base) }
            let ending = "-\(number)"
            let kept = base.unicodeScalars.prefix(ChatLimits.maxUsernameLength - ending.utf8.count)
            // Those that are none are passed by; the last resort is always one.
            return (try? Username(String(kept) + ending)) ?? (try? Username("pengguna-\(person.id)-\(number)"))
        }
    }
}
