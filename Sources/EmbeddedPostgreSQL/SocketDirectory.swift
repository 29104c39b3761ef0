import Glibc

/// The folder of the server's Unix socket.
///
/// It is the cluster's own folder: the server keeps that closed (0700) to everybody but its user and root, which
/// is what makes `trust` authentication right. Where that path does not fit, it is a short folder below `/tmp`.
enum SocketDirectory {
    /// The port only gives the socket its name.
    static let port = "5432"

    /// A socket's path must fit, with its terminating zero, into `sockaddr_un`'s 108 bytes.
    static let pathLimit = 107

    /// Whether the folder's path is short enough and free of the comma that separates several hosts for libpq.
    static func isUsable(_ path: String) -> Bool {
        "\(path)/.s.PGSQL.\(port)".utf8.count <= pathLimit && !path.utf8.contains(UInt8(ascii: ","))
    }

    /// The folder for the cluster at `path`, whose server runs as `account` (nil: as the program's own user).
    static func make(forCluster path: String, account: SystemUser?) throws(EmbeddedPostgreSQLError) -> String {
        if isUsable(path) { return path }
        let short = "/tmp/obrolan-\(FileSystem.stableName(path))"
        try makeOrCheck(short, account: account)
        return short
    }

    /// Makes the folder. One that exists is taken only if nobody else can have put it, or anything into it, there.
    static func makeOrCheck(_ path: String, account: SystemUser?) throws(EmbeddedPostgreSQLError) {
        guard let status = try FileSystem.status(path) else {
            return try FileSystem.makePrivateDirectory(path, for: account)
        }
        guard FileSystem.isType(S_IFDIR, status), status.st_mode & 0o077 == 0,
            status.st_uid == account?.uid ?? geteuid()
        else { throw .unsafeSocketDirectory(path: path) }
    }
}
