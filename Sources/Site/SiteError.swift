package import NonblockingIO
package import PostgreSQL

/// Why a site cannot be started.
package enum SiteError: Error {
    /// There is nothing left for an event loop.
    case loops(SyscallError)
    /// Its routes contradict each other.
    case routes(any Error)
    case port(SyscallError)
    /// The tables could not be made; `reason` is what was last said of why there is no connection.
    case database(PostgresError, reason: String?)
    case cancelled
}
