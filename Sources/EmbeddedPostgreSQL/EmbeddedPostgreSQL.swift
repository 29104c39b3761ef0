import Glibc
import Synchronization

/// A private PostgreSQL cluster: made at the first start, started and stopped with the program, kept between runs.
///
/// It lives in `<data directory>/postgresql` and is reached over a Unix socket only, by the program's user and root.
/// When the program runs as root the server runs as the user `postgres` (else `nobody`), since it refuses root; if that
/// user cannot enter the data directory, `<data directory>/postgresql` is a symbolic link to the cluster in
/// `/var/lib/obrolan`, where it stays when the data directory is deleted. When the path is too long for a socket
/// (93 bytes), the socket is in a private folder below `/tmp`. The server's log is `<data directory>/postgresql.log`.
///
/// One program at a time can use a data directory. A program that is killed leaves its server running; the next
/// `start()` takes it over, with the settings it was started with.
public final class EmbeddedPostgreSQL: Sendable {
    /// Where the cluster is and how its server runs.
    public struct Configuration: Sendable {
        /// The directory that holds the cluster, its lock and its log; made if there is none. Default: `.data`.
        public var dataDirectory: String

        /// The directory of `postgres`, `initdb`, `psql` and `pg_isready`. Default nil: found by `pg_config --bindir`, then
        /// in `/usr/lib/postgresql/*/bin` (highest version first), then in `PATH`; the first that fits the cluster.
        public var binaryDirectory: String?

        /// Whether a commit survives a power cut. Default true; false (`fsync` off) is for tests.
        public var durable: Bool

        /// Further settings of the server, by their names in `postgresql.conf`. Default: none. Those that keep the server
        /// private (addresses, port, socket) cannot be changed.
        public var settings: [String: String]

        /// Describes a cluster; makes nothing.
        public init(
            dataDirectory: String = ".data",
            binaryDirectory: String? = nil,
            durable: Bool = true,
            settings: [String: String] = [:]
        ) {
            self.dataDirectory = dataDirectory
            self.binaryDirectory = binaryDirectory
            self.durable = durable
            self.settings = settings
        }
    }

    private struct State: Sendable {
        /// Held from a successful start to a successful stop: the data directory's, and the cluster's own if elsewhere.
        var locks: [LockFile] = []
        var pid: pid_t?
        var connectionString: String?
        var account: Account?
    }

    private let configuration: Configuration

    /// Its lock is held while a start or a stop blocks its own thread, so that they happen one after the other.
    private let state = Mutex(State())

    /// The server's process, also while a start or a stop holds the lock; 0: none.
    private let process = Atomic<pid_t>(0)

    /// Prepares a cluster; makes and starts nothing.
    public init(_ configuration: Configuration) {
        self.configuration = configuration
    }

    /// Makes the cluster if there is none, starts it (or takes over the one left running by a killed program) and waits
    /// until it answers. Does nothing when it runs already. Is not cancellable, but bounded in time.
    public func start() async throws(EmbeddedPostgreSQLError) {
        try await BlockingThread.run { [self] () throws(EmbeddedPostgreSQLError) in
            try state.withLock { state throws(EmbeddedPostgreSQLError) in
                if let pid = state.pid {
                    if Server.isAlive(pid) { return }
                    // It died by itself. This waits for the dead and frees its locks, to be taken anew.
                    try release(&state)
                }
                state = try startServer()
            }
        }
    }

    /// Stops the server (fast shutdown), waits until it has ended, and frees the data directory. Removes nothing, and
    /// does nothing when it does not run.
    ///
    /// Throws `stopTimedOut` after 60 s; the data directory then stays locked, and `stop()` may be called again.
    public func stop() async throws(EmbeddedPostgreSQLError) {
        try await BlockingThread.run { [self] () throws(EmbeddedPostgreSQLError) in
            try state.withLock { state throws(EmbeddedPostgreSQLError) in
                try release(&state)
            }
        }
    }

    /// The keywords by which libpq connects: `host` (a folder), `port`, `dbname` and `user`.
    ///
    /// Known only once `start()` has returned, since where the socket is depends on what was found.
    public var connectionString: String {
        guard let string = state.withLock({ $0.connectionString }) else {
            preconditionFailure("connectionString is known only after start()")
        }
        return string
    }

    /// As whom the server runs, when the program was root at the start; nil: as the program's own user. Known only once
    /// `start()` has returned.
    public var account: Account? { state.withLock { $0.account } }

    /// Tells the server to end at once (an immediate shutdown), and waits for nothing: for a program that exits now. The next
    /// start recovers what was committed.
    public func endAtOnce() {
        let pid = process.load(ordering: .acquiring)
        if pid > 0 { kill(pid, SIGQUIT) }
    }

    private func release(_ state: inout State) throws(EmbeddedPostgreSQLError) {
        if let pid = state.pid { try Server.stop(pid) }
        process.store(0, ordering: .releasing)
        state.pid = nil
        state.locks = []
    }

    private func startServer() throws(EmbeddedPostgreSQLError) -> State {
        guard configuration.dataDirectory.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw .invalidPath(path: configuration.dataDirectory)
        }
        try FileSystem.makeDirectories(configuration.dataDirectory)
        let directory = try FileSystem.realPath(configuration.dataDirectory)
        var locks = [try LockFile("\(directory)/lock", for: directory)]
        let log = try ServerLog("\(directory)/postgresql.log")
        let location = try ClusterLocation.find(for: directory, log: log)
        if let lock = location.lock { locks.append(lock) }
        let programs = try ServerPrograms.find(
            in: configuration.binaryDirectory,
            forVersion: location.version,
            log: log
        )
        let server = Server(
            location: location,
            programs: programs,
            log: log,
            isDurable: configuration.durable,
            settings: configuration.settings
        )
        if let version = location.version {
            guard version == programs.majorVersion else {
                throw .wrongVersion(path: location.path, cluster: version, programs: programs.majorVersion)
            }
        } else {
            try server.makeCluster()
        }
        let postmaster = try server.start()
        process.store(postmaster.pid, ordering: .releasing)
        do {
            try server.makeDatabase(postmaster)
        } catch {
            // The first error is the one to tell; a server that does not stop is taken over by the next start.
            try? Server.stop(postmaster.pid)
            throw error
        }
        return State(
            locks: locks, pid: postmaster.pid, connectionString: Self.connectionString(postmaster),
            account: location.account)
    }

    private static func connectionString(_ postmaster: PostmasterFile) -> String {
        var host = ""
        for character in postmaster.socketDirectory.unicodeScalars {
            if character == "'" || character == "\\" { host.unicodeScalars.append("\\") }
            host.unicodeScalars.append(character)
        }
        return "host='\(host)' port=\(postmaster.port) dbname=\(Server.name) user=\(Server.name)"
    }
}
