import ArgumentParser

/// The command line as it was given; `Configuration` has what follows from it.
struct ServeOptions: ParsableArguments {
    @Option(help: help("Numeric address to listen on.", "127.0.0.1", "OBROLAN_HOST"))
    var host: String?

    @Option(help: help("TCP port to listen on; 0 picks a free one.", "8080", "OBROLAN_PORT"))
    var port: String?

    @Option(
        help: help(
            "PostgreSQL to use, as a libpq URI or keyword string.", "a private cluster in the data directory",
            "DATABASE_URL"))
    var databaseUrl: String?

    @Option(help: help("Folder of the private PostgreSQL cluster.", ".data", "OBROLAN_DATA_DIR"))
    var dataDir: String?

    @Option(help: help("Folder of the page templates.", "Templates", "OBROLAN_TEMPLATES"))
    var templates: String?

    @Option(help: help("Folder of the style sheets, scripts and images.", "Public", "OBROLAN_PUBLIC"))
    var `public`: String?

    @Option(
        help: help(
            "File that makes the tables; the folder Schema beside it has the steps that upgrade them.", "schema.sql",
            "OBROLAN_SCHEMA"))
    var schema: String?

    @Option(help: help("Threads that serve requests.", "one for each processor it may use", "OBROLAN_EVENT_LOOPS"))
    var eventLoops: String?

    @Option(
        help: help("Database connections of each event loop.", "2", "OBROLAN_DATABASE_CONNECTIONS"))
    var databaseConnections: String?

    @OptionGroup(title: "Limits for clients")
    var limits: LimitOptions

    @Option(
        help: help(
            "trace, debug, info, notice, warning, error or critical; info has a line for each request.", "notice",
            "OBROLAN_LOG_LEVEL"))
    var logLevel: String?

    @Option(
        help: help(
            "Addresses and networks of proxies, such as 127.0.0.1,10.0.0.0/8, whose Forwarded or X-Forwarded-For and "
                + "X-Forwarded-Proto are believed.", "none", "OBROLAN_TRUSTED_PROXIES"))
    var trustedProxies: String?

    @Option(
        help: help(
            "Names under which browsers reach this, such as chat.example.org,*.lan.example; * allows all. Addresses, "
                + "localhost and the machine's name are allowed anyway. Requests for any other are answered 421.",
            "none",
            "OBROLAN_ALLOWED_HOSTS"))
    var allowedHosts: String?

    @Option(
        help: help(
            "yes when browsers reach this by TLS, through a proxy that does not say so: their cookies then go by TLS "
                + "only.", "no",
            "OBROLAN_SECURE_COOKIES"))
    var secureCookies: String?

    @Option(
        help: help(
            "yes reads templates and public files anew for each request, while one works on them.", "no",
            "OBROLAN_RELOAD"))
    var reload: String?

    @Option(
        help: help(
            "User that the program becomes for good when root starts it, after it has its port.",
            "the owner of the private cluster, else obrolan, else nobody", "OBROLAN_USER"))
    var user: String?

    /// The names of all variables of ours, as the help has them.
    static var variables: Set<String> {
        Set(helpMessage(columns: 10_000).matches(of: /\[(OBROLAN_[A-Z_]+)\]/).map { String($0.output.1) })
    }
}

/// The help of an option that has a default and a variable.
func help(_ text: String, _ standard: String, _ variable: String) -> ArgumentHelp {
    ArgumentHelp("\(text) (default: \(standard)) [\(variable)]")
}
