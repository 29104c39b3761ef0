internal import CLibpq

/// Where the database is, and the limits of a pool's or a listener's use of it.
public struct PostgresConfiguration: Sendable {
    /// A libpq URI or keyword string; several hosts and `target_session_attrs` are allowed (libpq, "Connection Strings").
    ///
    /// What it leaves out comes from libpq's environment variables and defaults. Its `options` come after those that
    /// follow from this configuration, so they win. libpq looks host names up with a call that blocks the loop: prefer addresses,
    /// a socket's directory, or a fast resolver.
    public var connectionString: String
    /// How long making a connection may take; 5 seconds.
    ///
    /// libpq goes on to the next host when one refuses. With one that is silent the time is over, and the next attempt
    /// begins with another host.
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
    /// How many queries may be waiting for their results; 20,000, as many as there may be clients: after a restart all of
    /// them come back at once.
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
        maxPendingQueries: Int = 20_000,
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
    /// - Parameter firstHost: which of several hosts is tried first, counted round and round.
    func connectionParameters(firstHost: Int) -> [(keyword: String, value: String)] {
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
        ] + hosts(first: firstHost)
    }

    /// The lists of hosts, of their addresses and of their ports (libpq, "Specifying Multiple Hosts"), each begun with
    /// that element; nothing where there is one host.
    private func hosts(first: Int) -> [(keyword: String, value: String)] {
        let lists = hostLists
        let count = lists.map(\.list.count).max() ?? 0
        // A list of one is for all hosts.
        return lists.filter { count > 1 && $0.list.count == count }.map { keyword, list in
            let place = first % count
            return (keyword, (list[place...] + list[..<place]).joined(separator: ","))
        }
    }

    private var hostLists: [(keyword: String, list: [Substring])] {
        ["host", "hostaddr", "port"].map { keyword in
            (keyword, value(of: keyword).split(separator: ",", omittingEmptySubsequences: false))
        }
    }

    /// Which of several hosts one is that libpq calls by that name and port; nil when it is none of them.
    func place(ofHost host: String, port: String) -> Int? {
        let lists = hostLists.map(\.list)
        let names = lists[0] == [""] ? lists[1] : lists[0]
        let ports = lists[2]
        return names.indices.first { index in
            let ownPort = ports.count == names.count ? ports[index] : ports.first ?? ""
            return names[index] == host && (ownPort.isEmpty || ownPort == port)
        }
    }

    /// The server's command-line options: ours, then those of the connection string.
    private var options: String {
        var settings = settings
        settings["statement_timeout"] = String(statementTimeout.milliseconds)
        let ours = settings.sorted { $0.key < $1.key }.map { "-c \($0.key)=\($0.value)" }
        return (ours + [value(of: "options")]).joined(separator: " ")
    }

    /// What the connection string has for `keyword`, by PQconninfoParse; empty also for a string that libpq does not
    /// understand, which connecting then tells.
    private func value(of keyword: String) -> String {
        guard let parsed = PQconninfoParse(connectionString, nil) else { return "" }
        defer { PQconninfoFree(parsed) }
        var entry = parsed
        while let name = entry.pointee.keyword {
            if String(cString: name) == keyword {
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
