import PostgreSQL

/// The person whose session a request carries.
package struct Viewer: Sendable {
    package let id: Int64
    package let name: String
}

extension Viewer {
    /// A query for whose session it is that has the token that `token` names: `columns` of `users`, or no row. Nobody is
    /// a person whose account is deleted, also where that is waited for because the row is locked.
    static func query(_ columns: String = "users.id, users.username", token: String) -> String {
        """
        SELECT \(columns) FROM sessions JOIN users ON users.id = sessions.user_id
        WHERE \(SessionToken.isCurrent(token)) AND users.deleted_at IS NULL
        """
    }

    /// The columns that `init(_:)` reads, of what `query` finds as `viewer`.
    static let columns = "viewer.id AS viewer_id, viewer.username AS viewer"

    /// Decodes `columns`.
    init(_ row: inout PostgresColumns) throws {
        id = try row.int("viewer_id")
        name = try row.text("viewer")
    }
}
