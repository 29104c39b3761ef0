internal import CLibpq

/// Where the database is, and the limits of a pool's or a listener's use of it.
public struct PostgresConfiguration: Sendable {
    /// A libpq URI or keyword string; several hosts and `target_session_attrs` are allowed (libpq, "Connection Strings").
    ///
    /// What it leaves out comes from libpq's environment variables and defaults. Its `options` come after those that
    /// follow from this configuration, so they win. libpq looks host names up with a call that blocks the loop: prefer addresses,
    /// a socket's directory, or a fast resolver.
    public var connectionString: String
    /// How long making a connection may take, over all hosts; 5 seconds.
    ///
    /// For a silent host to be skipped within that time, name a shorter `tcp_user_timeout` in the connection string.
    public var connectTimeout: Duration
    /// The server's `statement_timeout`, in whole milliseconds; 10 seconds, zero is none.
    ///
    /// A connection on which nothing comes for 5 seconds more than this is given up.
    public var statementTimeout: Duration
    /// How long queries wait for a connection when the last one was lost, and a transaction for one of its own; 1 second.
    ///
    /// Queries of an outage that has lasted longer fail at once.
    public var acquireTimeout: Duration
    /// How many connections carry queries, and how many at most carry transactions besides; 2 of each.
    public var poolSize: Int
    /// How many queries may be waiting for their results; 4,096.
    public var maxPendingQueries: Int
    /// Further settings of the server for these connections, by name; none.
    public var settings: [String: String]
    /// What `pg_stat_activity` calls the connections, unless the connection string says otherwise; `obrolan`.
    public var applicationName: String
    /// Told of the server's notices and of connections that were lost or refused, on the loop; does nothing.
    public var log: @Sendable (String) -> Void

    /// A configuration with the defaults that the properties name.
    public init(
        connectionString: String,
        connectTimeout: Duration = .seconds(5),
        statementTimeout: Duration = .seconds(10),
        acquireTimeout: Duration = .seconds(1),
        poolSize: Int = 2,
        maxPendingQueries: Int = 4096,
        settings: [String: String] = [:],
        applicationName: String = "obrolan",
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.connectionString = connectionString
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
        self.acquireTimeout = acquireTimeout
        self.poolSize = poolSize
        self.maxPendingQueries = maxPendingQueries
        self.settings = settings
        self.applicationName = applicationName
        self.log = log
    }

    /// How long a connection with queries in flight may be silent; nil when statements may run for ever.
    var longestSilence: Duration? { statementTimeout == .zero ? nil : statementTimeout + .seconds(5) }

    /// Keywords and values for PQconnectStartParams: what precedes `dbname` the connection string overrides, what
    /// follows it overrides the connection string.
    var connectionParameters: [(keyword: String, value: String)] {
        [
            ("fallback_application_name", applicationName),
            ("options", "-c statement_timeout=\(statementTimeout.milliseconds)"),
            // A peer that vanished is noticed within half a minute instead of two hours: the listener never writes.
            ("keepalives_idle", "15"),
            ("keepalives_interval", "5"),
            ("keepalives_count", "3"),
            ("dbname", connectionString),
            ("client_encoding", "UTF8"),
            ("options", options),
        ]
    }

    /// The server's command-line options: ours, then those of the connection string.
    private var options: String {
        var settings = settings
        settings["statement_timeout"] = String(statementTimeout.milliseconds)
        let ours = settings.sorted { $0.key < $1.key }.map { "-c \($0.key)=\($0.value)" }
        return (ours + [optionsOfConnectionString]).joined(separator: " ")
    }

    /// What the connection string has as `options`, by PQconninfoParse; empty also for a string that libpq does not
    /// understand, which connecting then tells.
    private var optionsOfConnectionString: String {
        guard let parsed = PQconninfoParse(connectionString, nil) else { return "" }
        defer { PQconninfoFree(parsed) }
        var entry = parsed
        while let keyword = entry.pointee.keyword {
            if String(cString: keyword) == "options" {
                return entry.pointee.val.map { String(cString: $0) } ?? ""
            }
            entry += 1
        }
        return ""
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
