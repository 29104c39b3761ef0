typealias QueryOutcome = Result<PostgresResult, PostgresError>

/// A query that waits to be sent, with the one who waits for its result.
struct QueryRequest: Sendable {
    let statement: PostgresStatement
    let parameters: [PostgresParameter]
    let role: Role
    let continuation: CheckedContinuation<QueryOutcome, Never>

    enum Role {
        /// One statement: a transaction of its own, unless a statement before it in the session was BEGIN.
        case alone
        /// Several statements by the simple protocol, outside pipeline mode.
        case script
    }
}
