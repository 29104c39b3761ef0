import ArgumentParser

/// The command line as it was given; `Settings` says what each option is, and `Configuration` has what follows.
struct ServeOptions: ParsableArguments {
    @Option(Settings.host) var host: String?
    @Option(Settings.port) var port: String?
    @Option(Settings.databaseURL) var databaseURL: String?
    @Option(Settings.dataDirectory) var dataDirectory: String?
    @Option(Settings.templates) var templates: String?
    @Option(Settings.publicFiles) var publicFiles: String?
    @Option(Settings.schema) var schema: String?
    @Option(Settings.eventLoops) var eventLoops: String?
    @Option(Settings.databaseConnections) var databaseConnections: String?
    @Option(Settings.roomCache) var roomCache: String?
    @Option(Settings.editWindow) var editWindow: String?

    @OptionGroup(title: "Limits for clients") var limits: LimitOptions

    @Option(Settings.logLevel) var logLevel: String?
    @Option(Settings.trustedProxies) var trustedProxies: String?
    @Option(Settings.allowedHosts) var allowedHosts: String?
    @Option(Settings.secureCookies) var secureCookies: String?
    @Option(Settings.reload) var reload: String?
    @Option(Settings.user) var user: String?
}

/// What clients may ask of the server, as it was given.
struct LimitOptions: ParsableArguments {
    @Option(Settings.maxConnections) var maxConnections: String?
    @Option(Settings.maxBuffered) var maxBuffered: String?
    @Option(Settings.maxTarget) var maxTarget: String?
    @Option(Settings.maxFields) var maxFields: String?
    @Option(Settings.maxFieldsSize) var maxFieldsSize: String?
    @Option(Settings.maxContent) var maxContent: String?
    @Option(Settings.maxPipelined) var maxPipelined: String?
    @Option(Settings.headTimeout) var headTimeout: String?
    @Option(Settings.contentTimeout) var contentTimeout: String?
    @Option(Settings.writeTimeout) var writeTimeout: String?
    @Option(Settings.minTransferRate) var minTransferRate: String?
    @Option(Settings.idleTimeout) var idleTimeout: String?
    @Option(Settings.idleGrace) var idleGrace: String?
}
