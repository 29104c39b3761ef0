typealias QueryOutcome = Result<PostgresResult, PostgresError>

/// A query that waits to be sent, with the one who waits for its result.
struct QueryRequest: Sendable {
    let statement: PostgresStatement
    let parameters: [PostgresParameter]
    let role: Role
    let continuation: CheckedContinuation<QueryOutcome, Never>

    enum Role {
        /// A transaction of its own.
        case alone
        /// One of a transaction. BEGIN precedes the first in the same segment, so that it cannot run without.
        case inside
        /// COMMIT of a transaction.
        case commit
        /// ROLLBACK of a transaction.
        case rollBack
        /// Several statements by the simple protocol, outside pipeline mode.
        case script

        /// Whether it may have been committed when the connection breaks before the answer.
        var mayCommit: Bool {
            switch self {
            case .alone, .commit, .script: true
            case .inside, .rollBack: false
            }
        }
    }
}
