import ChatWeb
import HTTP
import HTTPTransport
import Logging
import NonblockingIO

/// All settings, a row each. README.md has the same, which a test compares.
enum Settings {
    static let host = Setting<String>.text("host", default: "127.0.0.1", "Numeric address to listen on.")
    static let port = Setting<Int>.number(
        "port", default: 8080, in: 0...65_535, "TCP port to listen on; 0 picks a free one.")
    static let databaseURL = Setting<String>.optionalText(
        "database-url", variable: "DATABASE_URL", default: "a private cluster in the data directory",
        "PostgreSQL to use, as a libpq URI or keyword string, several hosts allowed.")
    static let dataDirectory = Setting<String>.text(
        "data-dir", default: ".data", "Folder of the private PostgreSQL cluster.")
    static let templates = Setting<String>.text("templates", default: "Templates", "Folder of the page templates.")
    static let publicFiles = Setting<String>.text(
        "public", default: "Public", "Folder of the style sheets, scripts and images; read at start.")
    static let schema = Setting<String>.text(
        "schema", default: "schema.sql",
        "File that makes the tables; the folder Schema beside it has the steps that upgrade them.")
    static let eventLoops = Setting<Int>.optionalNumber(
        "event-loops", default: "one for each processor it may use", in: 1...64, "Threads that serve requests.")
    static let databaseConnections = Setting<Int>.number(
        "database-connections", default: 2, in: 1...50,
        "Database connections of each event loop for what reads. It has up to five more: two for what writes, one for "
            + "batches of messages, one for long work, one for scripts; and the program one more for news.")

    static let roomCache = Setting<Int>.number(
        "room-cache", default: 67_108_864, in: 1_048_576...1_099_511_627_776,
        "Bytes, about, for the newest messages of rooms that are being read.")
    static let editWindow = Setting<Duration>.minutes(
        "edit-window", default: .seconds(15 * 60),
        "Minutes after it was sent in which a message may be edited, such as 15 or 0.5; 0: never.")

    // MARK: What clients may ask of the server

    private static let limits = ServerLimits()

    static let maxConnections = Setting<Int>.number(
        "max-connections", default: limits.maxConnections, in: 1...1_000_000,
        "Connections at once, or as many as the process may open files; for more the longest idle one is closed, and where "
            + "none is idle they wait.")
    static let maxBuffered = Setting<Int>.number(
        "max-buffered", default: limits.maxBufferedBytes, in: 1_048_576...1_099_511_627_776,
        "Bytes that slow clients may take in all; beyond it those that have held theirs the longest are closed.")
    static let maxTarget = Setting<Int>.number(
        "max-target", default: limits.http.maxTargetLength, in: 64...1_048_576,
        "Bytes of a request's target; more is answered 414.")
    static let maxFields = Setting<Int>.number(
        "max-fields", default: limits.http.maxFieldCount, in: 8...10_000,
        "Field lines of a request; more is answered 431.")
    static let maxFieldsSize = Setting<Int>.number(
        "max-fields-size", default: limits.http.maxFieldsSize, in: 512...1_048_576,
        "Bytes of all field lines; more is answered 431.")
    static let maxContent = Setting<Int>.number(
        "max-content", default: limits.http.maxContentLength, in: 1_024...67_108_864,
        "Bytes of a request's content; more is answered 413, before it is read.")
    static let maxPipelined = Setting<Int>.number(
        "max-pipelined", default: limits.maxPendingInput, in: 1_024...16_777_216,
        "Bytes of further requests that are read while one is answered; more wait.")
    static let headTimeout = Setting<Duration>.seconds(
        "head-timeout", default: limits.headTimeout, "Seconds for a request's head to come; then 408.")
    static let contentTimeout = Setting<Duration>.seconds(
        "content-timeout", default: limits.contentTimeout,
        "Seconds that a request's content may keep the server waiting; then 408.")
    static let writeTimeout = Setting<Duration>.seconds(
        "write-timeout", default: limits.writeTimeout,
        "Seconds that a client that does not read may keep the server waiting.")
    static let minTransferRate = Setting<Int>.number(
        "min-transfer-rate", default: limits.minTransferRate, in: 1...1_000_000_000,
        "Bytes that earn one of those seconds back, in content or in an answer.")
    static let idleTimeout = Setting<Duration>.seconds(
        "idle-timeout", default: limits.idleTimeout, "Seconds after which a connection without requests is closed.")
    static let idleGrace = Setting<Duration>.seconds(
        "idle-grace", default: limits.idleGrace, atLeast: 0,
        "Seconds that a connection without requests stays open after the signal to stop, for a request that is on its way."
    )

    // MARK: Around it

    static let logLevel = Setting<Logger.Level>(
        name: "log-level", variable: "OBROLAN_LOG_LEVEL", standard: .notice, shownStandard: "notice",
        words: "trace, debug, info, notice, warning, error or critical; info has a line for each request.",
        expected: "trace, debug, info, notice, warning, error or critical"
    ) { Logger.Level(rawValue: $0) }
    static let trustedProxies = Setting<IPNetwork>.list(
        "trusted-proxies", of: "addresses or networks, such as 127.0.0.1,10.0.0.0/8",
        "Addresses and networks of proxies, such as 127.0.0.1,10.0.0.0/8, whose Forwarded, or X-Forwarded-For and "
            + "X-Forwarded-Proto, are believed; of a request with both kinds neither is."
    ) { IPNetwork($0) }
    static let allowedHosts = Setting<String>.list(
        "allowed-hosts", of: "names without scheme and port, such as chat.example.org, or *",
        "Names under which browsers reach this, such as chat.example.org,*.lan.example (all below it); * allows all. "
            + "Addresses, localhost and the machine's name are allowed anyway. Requests for any other are answered 421."
    ) { OwnHosts.isName($0) ? $0 : nil }
    static let secureCookies = Setting<Bool>.flag(
        "secure-cookies",
        "yes when browsers reach this by TLS, through a proxy that does not say so: their cookies then go by TLS only.")
    static let reload = Setting<Bool>.flag(
        "reload",
        "yes reads templates and public files anew for each request, and loads the script's modules one by one, while one works "
            + "on them.")
    static let user = Setting<String>.optionalText(
        "user", default: "the owner of the private cluster, else obrolan, else nobody",
        "User that the program becomes for good when root starts it, after it has its port.")

    /// In the order of the help.
    static let all: [any AnySetting] = [
        host, port, databaseURL, dataDirectory, templates, publicFiles, schema, eventLoops, databaseConnections,
        roomCache, editWindow,
        maxConnections, maxBuffered, maxTarget, maxFields, maxFieldsSize, maxContent, maxPipelined, headTimeout,
        contentTimeout, writeTimeout, minTransferRate, idleTimeout, idleGrace, logLevel, trustedProxies, allowedHosts,
        secureCookies, reload, user,
    ]
}
