import Glibc

/// Where the cluster of a data directory is, and as whom its server runs.
///
/// It is `<data directory>/postgresql`, or what that symbolic link names. As root the server runs as an unprivileged
/// user, who often cannot enter the data directory (a clone below `/root` or in a `mktemp -d`): then a new cluster goes
/// to `/var/lib/obrolan/<name>`, and the link is made first, so that a kill in between leaves a link to follow.
///
/// Only the link leads to a cluster. A data directory that was deleted and made anew has none and takes the next free
/// name: it starts empty, as it looks, and the former cluster stays untouched.
struct ClusterLocation {
    /// The cluster's folder, PostgreSQL's PGDATA.
    var path: String
    /// The user of the server; nil when it is the program's own.
    var account: SystemUser?
    /// What the cluster's `PG_VERSION` says; nil when there is no cluster yet.
    var version: String?
    /// Holds off programs whose data directory is a copy of this one, with the same link.
    var lock: LockFile?

    static let systemDirectory = "/var/lib/obrolan"

    /// Finds the cluster of `dataDirectory`, a real path, or the place for a new one. Makes no cluster.
    static func find(for dataDirectory: String, runner: ProgramRunner) throws(EmbeddedPostgreSQLError)
        -> ClusterLocation
    {
        let entry = "\(dataDirectory)/postgresql"
        var path = entry
        if let status = try FileSystem.status(entry) {
            if FileSystem.isType(S_IFLNK, status) {
                path = try target(of: entry, in: dataDirectory)
            }
        } else if geteuid() == 0, try !SystemUser.unprivileged().canEnter(dataDirectory, runner: runner) {
            path = try linkToSystemDirectory(entry)
        }
        let lock = path == entry ? nil : try LockFile("\(path).lock", for: path)
        var location = try inspect(path, runner)
        location.lock = lock
        return location
    }

    private static func inspect(_ path: String, _ runner: ProgramRunner) throws(EmbeddedPostgreSQLError)
        -> ClusterLocation
    {
        let user = SystemUser.current
        let isRoot = user.uid == 0
        let new = ClusterLocation(path: path, account: isRoot ? try .unprivileged() : nil)
        guard let status = try FileSystem.status(path) else { return new }
        guard FileSystem.isType(S_IFDIR, status) else { throw .notACluster(path: path) }

        // The server insists on being run by the owner of its cluster.
        let owner = SystemUser.with(uid: status.st_uid, gid: status.st_gid)
        let foreign = EmbeddedPostgreSQLError.foreignOwner(path: path, owner: owner.name, user: user.name)
        guard isRoot || owner.uid == user.uid else { throw foreign }
        guard let version = try FileSystem.text("\(path)/PG_VERSION") else {
            // An empty folder may have been put there for the cluster; initdb's result takes its place.
            guard rmdir(path) == 0 else { throw .notACluster(path: path) }
            return new
        }
        if isRoot {
            guard owner.uid != 0 else { throw foreign }
            guard try owner.canEnter(path, runner: runner) else { throw .unreachable(path: path, user: owner.name) }
        }
        return ClusterLocation(
            path: path,
            account: isRoot ? owner : nil,
            version: String(version.prefix { !$0.isWhitespace })
        )
    }

    /// What the link names, also when nothing is there yet.
    private static func target(
        of link: String,
        in dataDirectory: String
    ) throws(EmbeddedPostgreSQLError) -> String {
        var status = stat()
        if stat(link, &status) == 0 { return try FileSystem.realPath(link) }
        let target = try FileSystem.linkTarget(link)
        return target.hasPrefix("/") ? target : "\(dataDirectory)/\(target)"
    }

    private static func linkToSystemDirectory(_ link: String) throws(EmbeddedPostgreSQLError) -> String {
        try FileSystem.makeDirectories(systemDirectory)
        // Under a strict umask the server's user could not pass through.
        guard chmod(systemDirectory, 0o711) == 0 else { throw FileSystem.failure("chmod", systemDirectory) }
        let name = "\(systemDirectory)/\(FileSystem.stableName(link))"
        var path = name
        var number = 1
        while try FileSystem.status(path) != nil {
            number += 1
            path = "\(name)-\(number)"
        }
        guard symlink(path, link) == 0 else { throw FileSystem.failure("symlink", link) }
        return path
    }
}

extension SystemUser {
    /// The user for a new cluster when the program runs as root, which the server refuses.
    static func unprivileged() throws(EmbeddedPostgreSQLError) -> SystemUser {
        guard let user = named("postgres") ?? named("nobody") else { throw .noUnprivilegedUser }
        return user
    }

    /// Whether this user may enter the directory, asked of the system itself, which knows of access lists too.
    func canEnter(_ directory: String, runner: ProgramRunner) throws(EmbeddedPostgreSQLError) -> Bool {
        // test(1) answers by 0 and 1; whatever else comes (setpriv's 126 and 127, a signal) is no answer.
        switch try runner.run(["test", "-x", directory], as: self) {
        case 0: return true
        case 1: return false
        case let status: throw .system(operation: "test", path: directory, reason: "as \(name): exit status \(status)")
        }
    }
}
