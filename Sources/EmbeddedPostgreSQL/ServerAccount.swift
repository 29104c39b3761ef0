public import Glibc

/// A user of the operating system as whom the programs of PostgreSQL run.
public struct ServerAccount: Equatable, Sendable {
    /// Its name in the user database, else "user" and its number.
    public var name: String
    /// Its number, never 0.
    public var uid: uid_t
    /// Its first group.
    public var gid: gid_t

    /// The user for a new cluster when the program runs as root, which the server refuses.
    static func unprivileged() throws(EmbeddedPostgreSQLError) -> ServerAccount {
        guard let account = named("postgres") ?? named("nobody") else { throw .noUnprivilegedUser }
        return account
    }

    static func named(_ name: String) -> ServerAccount? {
        lookUp { getpwnam_r(name, $0, $1, Self.bufferSize, $2) }
    }

    /// The user with this id; one without an entry in the user database has its number as the name.
    static func with(uid: uid_t, gid: gid_t) -> ServerAccount {
        lookUp { getpwuid_r(uid, $0, $1, Self.bufferSize, $2) }
            ?? ServerAccount(name: "user \(uid)", uid: uid, gid: gid)
    }

    private typealias Record = UnsafeMutablePointer<passwd>

    /// Room for the strings of one entry, far more than any has.
    private static let bufferSize = 16384

    /// - Parameter query: getpwnam_r(3) or getpwuid_r(3), whose pointers these are; none of them outlives the call.
    private static func lookUp(
        _ query: (Record, UnsafeMutablePointer<CChar>, UnsafeMutablePointer<Record?>) -> Int32
    ) -> ServerAccount? {
        var entry = passwd()
        var strings = [CChar](repeating: 0, count: bufferSize)
        var found: Record?
        return strings.withUnsafeMutableBufferPointer { strings in
            guard let buffer = strings.baseAddress, query(&entry, buffer, &found) == 0, found != nil,
                let name = entry.pw_name
            else { return nil }
            return ServerAccount(name: String(cString: name), uid: entry.pw_uid, gid: entry.pw_gid)
        }
    }
}
