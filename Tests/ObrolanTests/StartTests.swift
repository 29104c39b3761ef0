import EmbeddedPostgreSQL
import Testing

@testable import obrolan

/// What is decided at the start, without anything started.
struct StartTests {
    // MARK: Whom root becomes

    private static let root = SystemUser(name: "root", uid: 0, gid: 0, home: "/root")
    private static let ani = SystemUser(name: "ani", uid: 1000, gid: 1000, home: "/home/ani")
    private static let postgres = SystemUser(name: "postgres", uid: 101, gid: 101, home: "/var/lib/postgresql")
    private static let nobody = SystemUser(name: "nobody", uid: 65_534, gid: 65_534, home: "/nonexistent")
    private static let obrolan = SystemUser(name: "obrolan", uid: 105, gid: 105, home: "/var/lib/obrolan")

    private static func choose(
        _ requested: String? = nil, owner: SystemUser? = nil, as current: SystemUser = root,
        of users: [SystemUser] = [root, ani, postgres, nobody]
    ) throws(StartError) -> SystemUser? {
        try Privileges.choose(requested: requested, ownerOfCluster: owner, current: current) { name in
            users.first { $0.name == name }
        }
    }

    @Test func `root becomes the owner of the private cluster, else obrolan, else nobody`() throws {
        #expect(try Self.choose(owner: Self.postgres) == Self.postgres)
        #expect(try Self.choose(of: [Self.root, Self.nobody, Self.obrolan]) == Self.obrolan)
        #expect(try Self.choose() == Self.nobody)
        #expect(throws: StartError.self) { try Self.choose(of: [Self.root]) }
    }

    @Test func `root becomes who is named, unless that cannot be`() throws {
        #expect(try Self.choose("ani") == Self.ani)
        #expect(try Self.choose("postgres", owner: Self.postgres) == Self.postgres)
        for (name, owner) in [("ani", Self.postgres), ("root", nil), ("nosuch", nil)] as [(String, SystemUser?)] {
            #expect(throws: StartError.self) { try Self.choose(name, owner: owner) }
        }
    }

    @Test func `who is not root stays who that is, and can become nobody else`() throws {
        #expect(try Self.choose(as: Self.ani) == nil)
        #expect(try Self.choose("ani", as: Self.ani) == nil)
        #expect(throws: StartError.self) { try Self.choose("nobody", as: Self.ani) }
    }

    // MARK: Capacity

    private static func capacity(
        loops: Int = 2, database: Int = 9, clients: Int = 20_000, limit: Int, open: Int = 20
    ) throws(StartError) -> Capacity {
        try Capacity(
            eventLoops: loops, databaseConnections: database, clientConnections: clients, descriptorLimit: limit,
            openDescriptors: open)
    }

    @Test func `clients are as many as asked for, or as many as there are descriptors for`() throws {
        // 20 are open, 3 for each loop, 9 for the database, 64 for the program itself.
        #expect(try Self.capacity(limit: 20_099).clientConnections == 20_000)
        #expect(try Self.capacity(limit: 20_098).clientConnections == 19_999)
        #expect(try Self.capacity(limit: .max).clientConnections == 20_000)
        #expect(try Self.capacity(limit: 115).clientConnections == 16)
        #expect(try Self.capacity(clients: 1, limit: 100).clientConnections == 1)
    }

    @Test func `what leaves no room for clients is refused with what can be done`() throws {
        let error = #expect(throws: StartError.self) { try Self.capacity(limit: 114) }
        #expect(error?.description.contains("LimitNOFILE") == true)
        #expect(throws: StartError.self) { try Self.capacity(loops: 64, database: 6_401, limit: 1024) }
    }

    @Test func `the line says what there is, and what there is not`() throws {
        #expect(
            "\(try Self.capacity(limit: 100_000))"
                == "2 event loops, at most 20000 client connections and 9 database connections")
        let less = "\(try Self.capacity(loops: 1, limit: 1024))"
        #expect(
            less.hasPrefix("1 event loop, at most 928 client connections and 9 database connections (20000 clients"))
        #expect(less.contains("1024 files"))
    }

    // MARK: Passwords

    @Test(arguments: [
        ("postgresql://ani:s3cret-pw@db/obrolan", "s3cret-pw"),
        ("postgresql://ani:p%40ss%2Fword@db/obrolan", "p@ss/word"),
        ("postgresql://ani:p%40ss%2Fword@db/obrolan", "p%40ss%2Fword"),
        ("postgresql://ani:pa/ss@db/obrolan", "pa"),
        ("postgresql://ani:pa/ss@db/obrolan", "pa/ss"),
        ("postgresql://db/obrolan?user=ani&password=s3cret", "s3cret"),
        ("postgresql://db/obrolan?user=ani&sslpassword=s3cret", "s3cret"),
        ("host=db password=s3cret user=ani", "s3cret"),
        ("host=db password = 's3 cr\\'et' user=ani", "s3 cr'et"),
        ("host=db password='s3 cret", "s3 cret"),
        ("host=db password=s3 cret user=ani", "cret"),
        ("host=db sslpassword=s3cret", "s3cret"),
    ])
    func `a password is taken out of what is written`(string: String, secret: String) {
        let text = Redaction(connectionString: string)("invalid \"\(secret)\" for ani")
        #expect(text == "invalid \"***\" for ani")
    }

    @Test func `a short password is taken out as a word only`() {
        let redaction = Redaction(connectionString: "host=db password=a")
        #expect(redaction("a database, \"a\", and data") == "*** database, \"***\", and data")
    }

    @Test(arguments: [
        "postgresql://ani@db:5432/obrolan", "postgresql://db:5432/obrolan", "host=db dbname=obrolan", nil,
        "postgresql://ani:@db/obrolan", "host=db password= user=ani",
    ])
    func `without a password nothing is taken out`(string: String?) {
        let text = "no connection to db port 5432, database obrolan, user ani"
        #expect(Redaction(connectionString: string)(text) == text)
    }

    // MARK: The database

    @Test(arguments: [
        ("3D000", "createdb"), ("28P01", "password"), ("28000", "pg_hba.conf"), ("42501", "GRANT CREATE"),
        ("53300", "max_connections"), ("22P05", "UTF8"), ("25006", "target_session_attrs"), ("42601", "15"),
    ])
    func `an error of the database says what to do`(state: String, advice: String) {
        let text = "\(DatabaseProblem(sqlState: state, message: "words\nof the server", user: "nobody"))"
        #expect(text.contains(advice))
        #expect(text.contains("words of the server"))
        #expect(text.contains(state))
        #expect(!text.contains("\n"))
    }

    @Test func `an error that nobody foresaw is told in the words of the server`() {
        #expect(
            "\(DatabaseProblem(sqlState: "XX000", message: "oops", user: "nobody"))"
                == "The database cannot be used: the server said: oops (SQLSTATE XX000)")
    }
}
