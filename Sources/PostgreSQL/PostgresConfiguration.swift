/// Where the database is, and the limits of a pool's or a listener's use of it.
public struct PostgresConfiguration: Sendable {
    /// A libpq URI or keyword string; several hosts and `target_session_attrs` are allowed (libpq, "Connection Strings").
    ///
    /// What it leaves out comes from libpq's environment variables and defaults. Of what its `options` set, `settings` and
    /// the lanes' own settings win, except for `search_path`. Host names are looked up away from the loop, those in the
    /// file of a `service` excepted, which libpq reads by itself.
    public var connectionString: String
    /// How long making a connection may take; 5 seconds.
    ///
    /// libpq goes on to the next host when one refuses. With one that is silent the time is over, and the next attempt
    /// begins with another host.
    public var connectTimeout: Duration
    /// The server's `statement_timeout`, in whole milliseconds; 10 seconds, zero is none. In the long lane it is a minute.
    ///
    /// A connection on which nothing comes for 5 seconds more than this is given up.
    public var statementTimeout: Duration
    /// How long queries wait for a connection when the last one was lost, and a script for one of its own; 1 second.
    ///
    /// Queries of an outage that has lasted longer fail at once.
    public var acquireTimeout: Duration
    /// How long a statement of the lanes `write`, `batch` and `long` tries to get what others hold, a row or a connection,
    /// before it fails as busy; 1.5 seconds.
    public var patience: Duration
    /// How many connections carry the queries of the lane `read`; 2.
    public var poolSize: Int
    /// How many queries may be waiting for their results; 20,000, as many as there may be clients: after a restart all of
    /// them come back at once.
    public var maxPendingQueries: Int
    /// Settings of the server that the statements rely on, by name; none.
    ///
    /// They win over the connection string and over what is set for the database or the role; only `search_path` may be
    /// chosen by the connection string's `options`.
    public var settings: [String: String]
    /// What `pg_stat_activity` calls the connections, unless the connection string says otherwise; `obrolan`.
    public var applicationName: String
    /// Told of the server's notices and of connections that were lost or refused, on the loop; does nothing.
    ///
    /// A failure that repeats is told once, and how often it came when it is over, for all pools and listeners that are
    /// made with copies of one configuration.
    public var log: @Sendable (String) -> Void

    /// Finds the addresses of host names.
    var resolver = NameResolver.system
    let report = ConnectionReport()

    /// A configuration with the defaults that the properties name.
    public init(
        connectionString: String,
        connectTimeout: Duration = .seconds(5),
        statementTimeout: Duration = .seconds(10),
        acquireTimeout: Duration = .seconds(1),
        patience: Duration = .milliseconds(1500),
        poolSize: Int = 2,
        maxPendingQueries: Int = 20_000,
        settings: [String: String] = [:],
        applicationName: String = "obrolan",
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.connectionString = connectionString
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
        self.acquireTimeout = acquireTimeout
        self.patience = patience
        self.poolSize = poolSize
        self.maxPendingQueries = maxPendingQueries
        self.settings = settings
        self.applicationName = applicationName
        self.log = log
    }

    /// Tells at once whether libpq understands a connection string; whether there is a server is another question.
    /// - Throws: `PostgresConnectionStringError`, a sentence that quotes nothing of it.
    public static func check(_ connectionString: String) throws(PostgresConnectionStringError) {
        _ = try HostList(ConnectionString(connectionString))
    }

    /// How many connections to the server a pool has at most at the same time; a listener has one more.
    public var maximumConnections: Int {
        let lanes = [LaneLimits.write(self), .batch(self), .long(self), .script(self)]
        return poolSize + lanes.map(\.connections).reduce(0, +)
    }

    /// Keywords and values for PQconnectStartParams: what precedes `dbname` the connection string overrides, what
    /// follows it overrides the connection string.
    /// - Parameter hosts: those to try, in this order.
    func parameters(
        for kind: SessionKind, string: ConnectionString, hosts: [HostList.Host]
    ) -> [(keyword: String, value: String)] {
        var parameters = [
            ("fallback_application_name", applicationName),
            // A peer that vanished is noticed within half a minute instead of two hours: the listener never writes.
            ("keepalives_idle", "15"),
            ("keepalives_interval", "5"),
            ("keepalives_count", "3"),
            // The same for one that does not confirm what was sent, such as a request to cancel.
            ("tcp_user_timeout", "30000"),
            ("dbname", connectionString),
            ("client_encoding", "UTF8"),
            ("options", options(for: kind, after: string["options"])),
        ]
        // A session that is read-only by its own wish is not what libpq takes for one that takes writes; whether the server
        // is a standby is what was meant.
        if kind.isReadOnly, string.valueOrDefault(of: "target_session_attrs") == "read-write" {
            parameters.append(("target_session_attrs", "primary"))
        }
        guard !hosts.isEmpty else { return parameters }
        for (keyword, list) in [
            ("host", hosts.map(\.name)), ("hostaddr", hosts.map(\.address)), ("port", hosts.map(\.port)),
        ] where list.contains(where: { !$0.isEmpty }) {
            parameters.append((keyword, list.joined(separator: ",")))
        }
        return parameters
    }

    /// The server's command-line options: those of the connection string, then ours, which therefore win.
    private func options(for kind: SessionKind, after given: String) -> String {
        var pinned = pinnedSettings(for: kind)
        if StartupOptions.choose("search_path", in: given) { pinned["search_path"] = nil }
        let ours = pinned.sorted { $0.key < $1.key }.map { StartupOptions.option($0.key, $0.value) }
        return ((given.isEmpty ? [] : [given]) + ours).joined(separator: " ")
    }

    /// Whether the connection string says where tables are looked for.
    var choosesSearchPath: Bool {
        do { return StartupOptions.choose("search_path", in: try ConnectionString(connectionString)["options"]) } catch
        {
            // There is no connection to choose it for.
            return false
        }
    }

    /// What is set in sessions of that kind.
    func pinnedSettings(for kind: SessionKind) -> [String: String] {
        settings.merging(kind.settings) { _, own in own }
    }
}
