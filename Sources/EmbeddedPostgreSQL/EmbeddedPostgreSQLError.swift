import Glibc

/// Why the private cluster could not be started or stopped; each description is one sentence that says what to do,
/// followed by the last lines of the log where there are any.
public enum EmbeddedPostgreSQLError: Error, Equatable, Sendable {
    /// PostgreSQL is not installed, or not where it was looked for.
    case programsNotFound(searched: [String])
    /// All that is installed is older than the least version that this program works with.
    case programsTooOld(installed: [String])
    /// Another program holds the data directory; its process id if that could be read.
    case dataDirectoryInUse(path: String, pid: Int32?)
    /// The cluster was made by a major version that is not installed, or is too old; nothing was touched.
    case wrongVersion(path: String, cluster: String, installed: [String])
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
    /// The server's process runs, but has not even begun to start after this many seconds.
    case startTimedOut(seconds: Int, log: String)
    /// The kernel has not the room (memory, semaphores, processes, descriptors) for a server of that size.
    case kernelLimit(connections: Int, log: String)
    /// The start was given up because a stop was asked for; what had been started was ended.
    case stopped
    /// Whether the process that the cluster's `postmaster.pid` names is its server cannot be found out.
    case unknownServer(path: String, pid: Int32, reason: String)
    /// The server started, but the database could not be reached or made.
    case databaseUnavailable(log: String)
    /// The server was still running this many seconds after it had been asked to stop.
    case stopTimedOut(pid: Int32, seconds: Int)
    /// A program could not be started, with the error number.
    case notStarted(program: String, code: Int32)
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
        case .programsTooOld(let installed):
            "PostgreSQL \(Self.list(installed)) is installed, but \(ServerPrograms.leastVersion) is the oldest that works: "
                + "install a newer one or set DATABASE_URL"
        case .dataDirectoryInUse(let path, let pid):
            "\(path) is in use by another obrolan (pid \(pid.map(String.init) ?? "unknown")): "
                + "stop that one or choose another data directory"
        case .wrongVersion(let path, let cluster, let installed):
            if ServerPrograms.isTooOld(cluster) {
                "\(path) was made by PostgreSQL \(cluster), but \(ServerPrograms.leastVersion) is the oldest that works: "
                    + "move the cluster to a newer one with pg_upgrade or pg_dumpall"
            } else {
                "\(path) was made by PostgreSQL \(cluster), but \(Self.list(installed)) is installed: "
                    + "install PostgreSQL \(cluster), or move the cluster with pg_upgrade or pg_dumpall"
            }
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
            "The PostgreSQL server has not begun to start after \(seconds) s; see the end of its log:\n\(log)"
        case .kernelLimit(let connections, let log):
            "The kernel has no room for a PostgreSQL server of \(connections) connections: raise the limit that its log names, "
                + "or run with fewer --event-loops or --database-connections:\n\(log)"
        case .stopped:
            "The start of the PostgreSQL server was given up, as a stop was asked for"
        case .unknownServer(let path, let pid, let reason):
            "Whether the process \(pid) is the PostgreSQL server of \(path) cannot be found out (\(reason)): "
                + "end that process, or start as its user or root"
        case .databaseUnavailable(let log):
            "The PostgreSQL server started, but its database cannot be used; see what it says:\n\(log)"
        case .stopTimedOut(let pid, let seconds):
            "The PostgreSQL server (pid \(pid)) is still stopping after \(seconds) s: wait for it or see its log"
        case .notStarted(let program, let code):
            "Cannot start \(program): \(String(cString: strerror(code)))"
        case .system(let operation, let path, let reason):
            "Cannot \(operation) \(path): \(reason)"
        }
    }

    private static func list(_ versions: [String]) -> String { versions.joined(separator: " and ") }
}
