/// A private PostgreSQL cluster: made at the first start, started and stopped with the program, kept between runs.
///
/// It lives in `<data directory>/postgresql` and is reached over a Unix socket only, by the program's user and root.
/// When the program runs as root the server runs as the user `postgres` (else `nobody`), since it refuses root; if that
/// user cannot enter the data directory, `<data directory>/postgresql` is a symbolic link to the cluster in
/// `/var/lib/obrolan`, where it stays when the data directory is deleted. When the path is too long for a socket
/// (93 bytes), the socket is in a private folder below `/tmp`. The server's log is `<data directory>/postgresql.log`.
///
/// One program at a time can use a data directory. A program that is killed leaves its server running; the next
/// `start()` takes it over, with the settings it was started with, unless it takes too few connections.
///
/// Once started nothing here needs root's rights or the data directory's path: the program may become `account`, and the
/// server is still looked after, started anew and stopped.
public final class EmbeddedPostgreSQL: Sendable {
    /// Where the cluster is and how its server runs.
    public struct Configuration: Sendable {
        /// The directory that holds the cluster, its lock and its log; made if there is none. Default: `.data`.
        public var dataDirectory: String

        /// The directory of `postgres`, `initdb` and `psql`, of PostgreSQL 15 at least. Default nil: found by `pg_config --bindir`, then
        /// in `/usr/lib/postgresql/*/bin` (highest version first), then in `PATH`; the first that fits the cluster.
        public var binaryDirectory: String?

        /// Whether a commit survives a power cut. Default true; false (`fsync` off) is for tests.
        public var durable: Bool

        /// Further settings of the server, by their names in `postgresql.conf`. Default: none. Those that keep the server
        /// private (addresses, port, socket) cannot be changed.
        public var settings: [String: String]

        /// How many connections the program has at most. Default 85. The server takes 15 more, and never less than 100,
        /// so that there is room for psql and a backup.
        public var connections: Int

        /// Whether a server that ends by itself, or by somebody else's signal, is started anew at once, until `stop()`.
        /// Default false.
        public var isKeptRunning: Bool

        /// Takes a line for the operator, on any thread, when a start takes long and when the server has ended. Default:
        /// nobody is told.
        public var log: @Sendable (String) -> Void

        var patience = ServerPatience()

        /// Describes a cluster; makes nothing.
        public init(
            dataDirectory: String = ".data",
            binaryDirectory: String? = nil,
            durable: Bool = true,
            settings: [String: String] = [:],
            connections: Int = 85,
            isKeptRunning: Bool = false,
            log: @escaping @Sendable (String) -> Void = { _ in }
        ) {
            self.dataDirectory = dataDirectory
            self.binaryDirectory = binaryDirectory
            self.durable = durable
            self.settings = settings
            self.connections = connections
            self.isKeptRunning = isKeptRunning
            self.log = log
        }
    }

    private let keeper: ServerKeeper

    /// Prepares a cluster; makes and starts nothing.
    public init(_ configuration: Configuration) { keeper = ServerKeeper(configuration) }

    /// Leaves a server that runs running, as a killed program does, and frees the data directory.
    deinit { keeper.leave() }

    /// Makes the cluster if there is none, starts it (or takes over the one left running by a killed program) and waits
    /// until it answers, however long it recovers from a crash. Does nothing when it runs already.
    ///
    /// - Parameter isStopWanted: asked every few milliseconds meanwhile, on another thread. When it says so, or `stop()` is
    ///   called, the start is given up, and what it had started is ended. Cancelling the task does nothing.
    /// - Throws: `stopped` in that case; whatever else prevents the start. Nothing is left running then.
    public func start(
        unless isStopWanted: @escaping @Sendable () -> Bool = { false }
    ) async throws(EmbeddedPostgreSQLError) {
        try await keeper.start(unless: isStopWanted).get()
    }

    /// Stops the server, waits until it has ended, and frees the data directory. Removes nothing, and does nothing when
    /// it does not run. It is a fast shutdown, and after 60 s an immediate one, from which the next start recovers.
    ///
    /// Throws `stopTimedOut` after 70 s; the data directory then stays locked, and `stop()` may be called again.
    public func stop() async throws(EmbeddedPostgreSQLError) { try await keeper.stop().get() }

    /// Tells the server, and whatever program of PostgreSQL runs, to end at once, and waits for nothing: for a program that
    /// exits now. The next start recovers what was committed. Nothing can be started any more.
    public func endAtOnce() { keeper.endAtOnce() }

    /// The keywords by which libpq connects: `host` (a folder), `port`, `dbname` and `user`.
    ///
    /// Known only once `start()` has returned, since where the socket is depends on what was found.
    public var connectionString: String {
        guard let string = keeper.connectionString else {
            preconditionFailure("connectionString is known only after start()")
        }
        return string
    }

    /// As whom the server runs, when the program was root at the start; nil: as the program's own user. Known only once
    /// `start()` has returned.
    public var account: SystemUser? { keeper.account }
}
