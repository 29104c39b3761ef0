import PostgreSQL

/// The person whose session a request carries.
package struct Viewer: Sendable {
    package let id: Int64
    package let name: String
}

extension Viewer {
    /// The columns `viewer_id` and `viewer`.
    init(_ row: inout PostgresColumns) throws {
        id = try row.int("viewer_id")
        name = try row.text("viewer")
    }
}
