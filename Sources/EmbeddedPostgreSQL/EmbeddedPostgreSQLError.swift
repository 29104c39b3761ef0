/// Why the private cluster could not be started or stopped; each description is one sentence that says what to do,
/// followed by the last lines of the log where there are any.
public enum EmbeddedPostgreSQLError: Error, Equatable, Sendable {
    /// PostgreSQL is not installed, or not where it was looked for.
    case programsNotFound(searched: [String])
    /// Another program holds the data directory; its process id if that could be read.
    case dataDirectoryInUse(path: String, pid: Int32?)
    /// The cluster was made by another major version than the installed one; nothing was touched.
    case wrongVersion(path: String, cluster: String, programs: String)
    /// Something that is not a cluster stands where the cluster belongs; nothing was touched.
    case notACluster(path: String)
    /// The cluster belongs to a user as whom this program may not, or must not, run the server.
    case foreignOwner(path: String, owner: String, user: String)
    /// The unprivileged user cannot enter the directory that holds the existing cluster.
    case unreachable(path: String, user: String)
    /// The program runs as root, and there is neither a user `postgres` nor a user `nobody`.
    case noUnprivilegedUser
    /// The short folder for the socket exists and is not a private directory of the right user.
    case unsafeSocketDirectory(path: String)
    /// The path of the data directory holds a control character, which PostgreSQL's own files cannot express.
    case invalidPath(path: String)
    /// `initdb` failed.
    case initializationFailed(log: String)
    /// The server ended instead of starting.
    case startFailed(log: String)
    /// The server was still not ready after this many seconds.
    case startTimedOut(seconds: Int, log: String)
    /// The server started, but the database could not be reached or made.
    case databaseUnavailable(log: String)
    /// The server was still running this many seconds after it had been asked to stop.
    case stopTimedOut(pid: Int32, seconds: Int)
    /// A system call failed.
    case system(operation: String, path: String, reason: String)
}

extension EmbeddedPostgreSQLError: CustomStringConvertible {
    /// The sentence for the operator.
    public var description: String {
        switch self {
        case .programsNotFound(let searched):
            "PostgreSQL's server programs were not found in \(searched.joined(separator: ", ")): "
                + "install them by `apt-get install postgresql` or set DATABASE_URL"
        case .dataDirectoryInUse(let path, let pid):
            "\(path) is in use by another obrolan (pid \(pid.map(String.init) ?? "unknown")): "
                + "stop that one or choose another data directory"
        case .wrongVersion(let path, let cluster, let programs):
            "\(path) was made by PostgreSQL \(cluster), but \(programs) is installed: install PostgreSQL \(cluster), "
                + "or move the cluster with pg_dumpall or pg_upgrade"
        case .notACluster(let path):
            "\(path) is not a PostgreSQL cluster: move it away or choose another data directory"
        case .foreignOwner(let path, let owner, let user):
            "\(path) belongs to \(owner), so \(user) cannot run a server on it: "
                + "run as its owner, or give it to an unprivileged user by `chown -R`"
        case .unreachable(let path, let user):
            "\(path) is in a directory that \(user), as whom the server has to run, cannot enter: "
                + "give others the right to pass through the directories above it, or move it"
        case .noUnprivilegedUser:
            "PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as: "
                + "create one or run as an ordinary user"
        case .unsafeSocketDirectory(let path):
            "\(path) is not a directory that only the server's user can enter: remove it and start again"
        case .invalidPath(let path):
            "The data directory's path \(path.debugDescription) holds a control character: choose another one"
        case .initializationFailed(let log):
            "PostgreSQL's initdb failed; see what it says:\n\(log)"
        case .startFailed(let log):
            "The PostgreSQL server did not start; see the end of its log:\n\(log)"
        case .startTimedOut(let seconds, let log):
            "The PostgreSQL server was not ready after \(seconds) s; see the end of its log and try again:\n\(log)"
        case .databaseUnavailable(let log):
            "The PostgreSQL server started, but its database cannot be used; see what it says:\n\(log)"
        case .stopTimedOut(let pid, let seconds):
            "The PostgreSQL server (pid \(pid)) is still stopping after \(seconds) s: wait for it or see its log"
        case .system(let operation, let path, let reason):
            "Cannot \(operation) \(path): \(reason)"
        }
    }
}
