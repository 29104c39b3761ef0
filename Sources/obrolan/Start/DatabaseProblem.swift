import PostgreSQL

/// Why the database cannot be used at the start, in a sentence for whoever starts the program: what is wrong, in the words of
/// the server, and what to do. It has no SQL, and one line.
struct DatabaseProblem: CustomStringConvertible {
    let description: String

    /// - Parameters:
    ///   - reason: what was last said of the connections; an error that there is none does not say why.
    ///   - user: as whom this program runs.
    init(_ error: PostgresError, reason: String?, user: String) {
        switch error.kind {
        case .server:
            self.init(sqlState: error.sqlState, message: error.message, user: user)
        case .unavailable, .connectionLost:
            self.init("it cannot be reached: \(reason ?? error.message)")
        case .busy: self.init(sqlState: "55P03", message: error.message, user: user)
        case .decoding, .invalidRequest, .unfit:
            self.init(error.message)
        }
    }

    /// - Parameter sqlState: PostgreSQL, "Error Codes"; nil where the server gave none.
    init(sqlState: String?, message: String, user: String) {
        let advice: String? =
            switch sqlState {
            case "3D000":
                "there is no such database: make it by `createdb --encoding=UTF8 --template=template0 NAME`, or name "
                    + "another one in DATABASE_URL"
            case "28P01":
                "the server refuses the password: put the right one into DATABASE_URL, or into a password file that the "
                    + "user \(user) can read (PGPASSFILE)"
            case "28000":
                "the server does not let that role in: make it by `createuser NAME`, or allow it in pg_hba.conf; where "
                    + "that says \"peer\" the role has to be the one of the user \(user), as whom this program runs"
            case "42501":
                "the role has too few rights: let it read and write by `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN "
                    + "SCHEMA public TO ROLE` and `GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ROLE`, or make tables by "
                    + "`GRANT CREATE ON SCHEMA public TO ROLE`"
            case "53300":
                "the server has no more connections: raise its max_connections or the role's CONNECTION LIMIT, or lower "
                    + "--event-loops or --database-connections"
            case "53100", "53200": "the server has no more disk or memory"
            case "22P05", "22021":
                "the database has an encoding that cannot hold every text: make one by `createdb --encoding=UTF8 "
                    + "--template=template0 NAME`"
            case "25006":
                "the server takes no writes, as a standby does: name the primary, or all hosts with "
                    + "target_session_attrs=read-write"
            case "42601", "42883", "42704", "0A000":
                "the server does not understand the schema: it has to be PostgreSQL 15 or later, and the database's encoding "
                    + "UTF8"
            case "55P03", "57014":
                "something holds the tables locked: look for it in pg_stat_activity, and start again when it has ended"
            case "57P03": "the server is starting, stopping or recovering"
            default: nil
            }
        let words = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        let state = sqlState.map { " (SQLSTATE \($0))" } ?? ""
        self.init((advice.map { "\($0). The server said: " } ?? "the server said: ") + words + state)
    }

    /// - Parameter text: what is wrong with it.
    init(_ text: String) { description = "The database cannot be used: " + text }
}
