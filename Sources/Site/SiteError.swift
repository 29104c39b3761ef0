package import NonblockingIO
package import PostgreSQL

/// Why a site cannot be started.
package enum SiteError: Error {
    /// There is nothing left for an event loop.
    case loops(SyscallError)
    /// Its routes contradict each other.
    case routes(any Error)
    case port(SyscallError)
    /// The database cannot be used; `reason` is what was last said of why there is no connection.
    case database(PostgresError, reason: String?)
    /// The tables are not what they have to be, and cannot be made so: why, in words.
    case tables(String)
    case cancelled
}
