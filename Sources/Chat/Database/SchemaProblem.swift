package import PostgreSQL

/// Why the tables are not those that the program needs.
package enum SchemaProblem: Error, CustomStringConvertible {
    /// What the database said.
    case database(PostgresError)
    /// The database is at a step that this program does not know; `known` is the last one that it does.
    case later(step: Int, known: Int)
    /// The role may not make or change the tables. `step` is the one that they are at, nil where there are no numbers yet,
    /// and `owner` whose they are, nil where there are none.
    case rights(role: String, owner: String?, step: Int?, known: Int)
    /// The task was cancelled while another process was at the tables.
    case interrupted
    /// The steps' files are not numbered without a gap.
    case misnumbered(file: String, expected: Int)

    /// A sentence for whoever starts the program.
    package var description: String {
        switch self {
        case .database(let error): return error.description
        case .later(let step, let known):
            return
                "it is one of a later version of this program: its tables are at step \(step), and this version knows "
                + "\(known). Start that version, or restore a backup of before it was started"
        case .rights(let role, nil, _, _):
            return
                "it has no tables yet, and the role \(role) may not make any: start this program once as a role that "
                + "may, or let this one by `GRANT CREATE ON SCHEMA public TO \(role)`"
        case .rights(let role, let owner?, _, _) where role == owner:
            return
                "its tables are of an earlier version, and the role \(role), whose they are, may make no further ones: let "
                + "it by `GRANT CREATE ON SCHEMA public TO \(role)`"
        case .rights(let role, let owner?, let step, let known):
            let place = step.map { "at step \($0) of \(known)" } ?? "of an earlier version"
            return "its tables are \(place), and the role \(role) may not change them: start this program once as the "
                + "role \(owner), whose they are. From then on \(role) needs no rights but to read and write rows"
        case .interrupted:
            return "the start was stopped while another process was at the tables"
        case .misnumbered(let file, let expected):
            return "the steps of the schema have to be numbered without a gap: \(file) should be number \(expected)"
        }
    }
}
