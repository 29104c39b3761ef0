/// What the sessions of one lane have set, and those of another have otherwise.
struct SessionKind: Sendable {
    /// The server's `statement_timeout`; zero is none.
    var statementTimeout: Duration
    /// The server's `lock_timeout`; zero is none.
    var lockTimeout: Duration = .zero
    /// Whether the server refuses to write.
    var isReadOnly = false

    /// How long a connection with queries in flight may be silent; nil when statements may run for ever.
    var longestSilence: Duration? { statementTimeout == .zero ? nil : statementTimeout + .seconds(5) }

    /// As the server calls them.
    var settings: [String: String] {
        [
            "statement_timeout": String(statementTimeout.milliseconds),
            "lock_timeout": String(lockTimeout.milliseconds),
            "default_transaction_read_only": isReadOnly ? "on" : "off",
        ]
    }

    /// Those that read: whatever they have to wait for is a table that somebody alters.
    static func reading(_ configuration: PostgresConfiguration) -> Self {
        Self(statementTimeout: configuration.statementTimeout, lockTimeout: .seconds(1), isReadOnly: true)
    }

    /// Those that only listen.
    static func listening(_ configuration: PostgresConfiguration) -> Self {
        Self(statementTimeout: configuration.statementTimeout)
    }
}

/// How many sessions a lane has that carries one statement at a time, and how they come and go.
struct LaneLimits: Sendable {
    let connections: Int
    let kind: SessionKind
    var lifetime = Lifetime.pool

    enum Lifetime: Equatable {
        /// Opened when the pool is started.
        case pool
        /// Opened when needed, closed after it was idle for so long.
        case use(idle: Duration)
        /// Opened for each use, and closed after it.
        case once
    }

    /// How long a statement may wait for a lock before it gives its connection back and tries again later.
    ///
    /// Whoever holds a row only until its commit is on disk is through long before, and the others of the lane lose no
    /// more than this to each newcomer that has to wait.
    static let lockTimeout: Duration = .milliseconds(25)
    private static let longStatementTimeout: Duration = .seconds(60)
    private static let longIdle: Duration = .seconds(30)

    /// Those of the lane `write`: two, so that one that waits leaves another to those that need not.
    static func write(_ configuration: PostgresConfiguration) -> Self {
        Self(connections: 2, kind: shortKind(configuration))
    }

    /// Those of the lane `batch`.
    static func batch(_ configuration: PostgresConfiguration) -> Self {
        Self(connections: 1, kind: shortKind(configuration))
    }

    /// Those of the lane `long`, which is used now and then.
    static func long(_ configuration: PostgresConfiguration) -> Self {
        var kind = shortKind(configuration)
        if kind.statementTimeout != .zero { kind.statementTimeout = max(longStatementTimeout, kind.statementTimeout) }
        return Self(connections: 1, kind: kind, lifetime: .use(idle: longIdle))
    }

    private static func shortKind(_ configuration: PostgresConfiguration) -> SessionKind {
        SessionKind(statementTimeout: configuration.statementTimeout, lockTimeout: lockTimeout)
    }

    private init(connections: Int, kind: SessionKind, lifetime: Lifetime = .pool) {
        self.connections = connections
        self.kind = kind
        self.lifetime = lifetime
    }

    /// Those of scripts, which may take as long as they like.
    static func script(_ configuration: PostgresConfiguration) -> Self {
        Self(connections: 1, kind: SessionKind(statementTimeout: .zero), lifetime: .once)
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, as the server takes them (an `int4` that is not negative).
    var milliseconds: Int64 {
        if self <= .zero { return 0 }
        if self >= .milliseconds(Int64(Int32.max)) { return Int64(Int32.max) }
        let parts = components
        return parts.seconds * 1000 + (parts.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}
