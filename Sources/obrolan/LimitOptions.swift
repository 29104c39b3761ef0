import ArgumentParser

/// What clients may ask of the server, as it was given; `ServerLimits` and `HTTPLimits` have the defaults.
struct LimitOptions: ParsableArguments {
    @Option(
        help: help(
            "Connections at once, or as many as the process may open files; for more the longest idle one is closed, or they "
                + "wait.", "20000",
            "OBROLAN_MAX_CONNECTIONS"))
    var maxConnections: String?

    @Option(
        help: help(
            "Bytes that slow clients may take in all; beyond it the slowest are closed.", "268435456",
            "OBROLAN_MAX_BUFFERED"))
    var maxBuffered: String?

    @Option(help: help("Bytes of a request's target; more is answered 414.", "8192", "OBROLAN_MAX_TARGET"))
    var maxTarget: String?

    @Option(help: help("Field lines of a request; more is answered 431.", "100", "OBROLAN_MAX_FIELDS"))
    var maxFields: String?

    @Option(help: help("Bytes of all field lines; more is answered 431.", "16384", "OBROLAN_MAX_FIELDS_SIZE"))
    var maxFieldsSize: String?

    @Option(help: help("Bytes of a request's content; more is answered 413.", "65536", "OBROLAN_MAX_CONTENT"))
    var maxContent: String?

    @Option(
        help: help(
            "Bytes of further requests that are read while one is answered; more wait.", "65536",
            "OBROLAN_MAX_PIPELINED"))
    var maxPipelined: String?

    @Option(help: help("Seconds for a request's head to come; then 408.", "10", "OBROLAN_HEAD_TIMEOUT"))
    var headTimeout: String?

    @Option(
        help: help(
            "Seconds that a request's content may keep the server waiting; then 408.", "20",
            "OBROLAN_CONTENT_TIMEOUT"))
    var contentTimeout: String?

    @Option(
        help: help(
            "Seconds that a client that does not read may keep the server waiting.", "30", "OBROLAN_WRITE_TIMEOUT"))
    var writeTimeout: String?

    @Option(
        help: help(
            "Bytes that earn one of those seconds back, in content or in an answer.", "500",
            "OBROLAN_MIN_TRANSFER_RATE"))
    var minTransferRate: String?

    @Option(
        help: help("Seconds after which a connection without requests is closed.", "75", "OBROLAN_IDLE_TIMEOUT"))
    var idleTimeout: String?

    @Option(
        help: help(
            "Seconds that a connection without requests stays open after the signal to stop.", "1",
            "OBROLAN_IDLE_GRACE"))
    var idleGrace: String?
}
