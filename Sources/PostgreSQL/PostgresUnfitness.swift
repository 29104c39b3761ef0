/// Why a server that can be reached cannot be used.
public enum PostgresUnfitness: Hashable, Sendable, CustomStringConvertible {
    /// It is too old: `server_version`, as it says it.
    case version(String)
    /// The database has another encoding than UTF8.
    case encoding(String)
    /// Settings that the statements rely on have other values, by name.
    case settings([String])
    /// It refuses a setting that it should know; what it said.
    case settingRefused(String)
    /// A pooler stands between, which lends sessions.
    case pooler

    /// The oldest version that is supported, as `server_version_num`.
    static let leastVersion: Int64 = 150_000

    /// A sentence for the operator.
    public var description: String {
        switch self {
        case .version(let version): "PostgreSQL 15 or later is needed, and the server is \(version)."
        case .encoding(let encoding):
            "The database's encoding is \(encoding) and must be UTF8: create one with ENCODING 'UTF8' TEMPLATE template0."
        case .settings(let names):
            "The server does not keep to these settings of the connection: \(names.joined(separator: ", "))."
                + " An environment variable such as PGTZ or PGDATESTYLE may override them, or a pooler ignore them."
        case .settingRefused(let message):
            "The server refuses a setting that is needed (PostgreSQL 15 has all): \(message)"
        case .pooler:
            "Between here and PostgreSQL is a connection pooler, such as PgBouncer, and sessions behind it are not one's own:"
                + " settings, LISTEN and prepared statements would be lost. Connect to PostgreSQL itself."
        }
    }
}
