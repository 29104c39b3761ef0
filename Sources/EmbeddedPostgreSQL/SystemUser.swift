public import Glibc

/// A user of the operating system: as whom the programs of PostgreSQL run, and as whom this program may.
public struct SystemUser: Equatable, Sendable {
    /// Its name in the user database, else "user" and its number.
    public var name: String
    /// Its number.
    public var uid: uid_t
    /// Its first group.
    public var gid: gid_t
    /// Its home folder, which need not be there.
    public var home: String

    package init(name: String, uid: uid_t, gid: gid_t, home: String = "/nonexistent") {
        self.name = name
        self.uid = uid
        self.gid = gid
        self.home = home
    }

    /// The user of that name, by getpwnam_r(3).
    public static func named(_ name: String) -> SystemUser? { lookUp { getpwnam_r(name, $0, $1, bufferSize, $2) } }

    /// The user of that number, by getpwuid_r(3); one that the user database does not know has its number as the name.
    public static func with(uid: uid_t, gid: gid_t) -> SystemUser {
        lookUp { getpwuid_r(uid, $0, $1, bufferSize, $2) } ?? SystemUser(name: "user \(uid)", uid: uid, gid: gid)
    }

    /// As whom this program runs.
    public static var current: SystemUser { with(uid: geteuid(), gid: getegid()) }

    private typealias Entry = UnsafeMutablePointer<passwd>

    /// Room for the strings of one entry, far more than any has.
    private static let bufferSize = 16384

    /// - Parameter query: whose pointers these are; none of them outlives the call.
    private static func lookUp(
        _ query: (Entry, UnsafeMutablePointer<CChar>, UnsafeMutablePointer<Entry?>) -> Int32
    ) -> SystemUser? {
        var entry = passwd()
        var strings = [CChar](repeating: 0, count: bufferSize)
        var found: Entry?
        return strings.withUnsafeMutableBufferPointer { strings in
            guard let buffer = strings.baseAddress, query(&entry, buffer, &found) == 0, found != nil,
                let name = entry.pw_name
            else { return nil }
            return SystemUser(
                name: String(cString: name), uid: entry.pw_uid, gid: entry.pw_gid,
                home: entry.pw_dir.map { String(cString: $0) } ?? "/nonexistent")
        }
    }
}
