import PostgreSQL

/// What an error means to the person who made the request.
package enum Failure {
    /// Others were in the way for too long; another attempt may succeed.
    case busy
    /// The database cannot be reached, or the connection to it was lost on the way.
    case unavailable
    /// Nobody has thought of it.
    case unexpected

    package init(_ error: any Error) {
        switch error {
        case let error as PostgresError where error.isBusy: self = .busy
        case let error as PostgresError where error.isTransient || error.isOutcomeUnknown: self = .unavailable
        default: self = .unexpected
        }
    }
}
