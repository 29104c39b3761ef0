import ArgumentParser
import ChatWeb
import HTTP
import HTTPTransport
import Logging
import NonblockingIO

/// Every setting, checked: what the command line says, else the environment, else the default.
struct Configuration: Sendable {
    let address: SocketAddress
    /// Nil: the private cluster.
    let databaseURL: String?
    let dataDirectory: String
    let templates: String
    let publicFiles: String
    let schema: String
    let eventLoops: Int
    let databaseConnections: Int
    let limits: ServerLimits
    let logLevel: Logger.Level
    let trustedProxies: [IPNetwork]
    /// As `OwnHosts` takes them.
    let allowedHosts: [String]
    let hasSecureCookies: Bool
    let reloads: Bool
    /// Whom root becomes; nil: whoever fits.
    let user: String?
    /// What was ignored, in words for the log.
    let warnings: [String]

    /// - Throws: `ValidationError` that names the setting.
    init(_ options: ServeOptions, environment: [String: String]) throws {
        let settings = Settings(environment: environment)
        let host = settings.text(options.host, "OBROLAN_HOST") ?? "127.0.0.1"
        let port = try settings.integer(options.port, "port", 0...65535) ?? 8080
        guard let address = SocketAddress(host: host, port: UInt16(port)) else {
            throw ValidationError("host must be a numeric address, such as 127.0.0.1, 0.0.0.0 or ::1; it is \(host)")
        }
        self.address = address
        databaseURL = settings.text(options.databaseUrl, "DATABASE_URL")
        dataDirectory = settings.text(options.dataDir, "OBROLAN_DATA_DIR") ?? ".data"
        templates = settings.text(options.templates, "OBROLAN_TEMPLATES") ?? "Templates"
        publicFiles = settings.text(options.public, "OBROLAN_PUBLIC") ?? "Public"
        schema = settings.text(options.schema, "OBROLAN_SCHEMA") ?? "schema.sql"
        eventLoops =
            try settings.integer(options.eventLoops, "event-loops", 1...64)
            ?? min(64, Syscalls.processorCount)
        databaseConnections =
            try settings.integer(options.databaseConnections, "database-connections", 1...50) ?? 2
        limits = try Self.limits(options.limits, settings)
        let level = settings.text(options.logLevel, "OBROLAN_LOG_LEVEL") ?? "notice"
        guard let logLevel = Logger.Level(rawValue: level) else {
            throw ValidationError("log-level is none: \(level)")
        }
        self.logLevel = logLevel
        trustedProxies = try (settings.text(options.trustedProxies, "OBROLAN_TRUSTED_PROXIES") ?? "")
            .split(separator: ",").map { part in
                let text = String(part.filter { !$0.isWhitespace })
                guard let network = IPNetwork(text) else {
                    throw ValidationError(
                        "trusted-proxies must be addresses or networks, such as 127.0.0.1,10.0.0.0/8; one is \(text)")
                }
                return network
            }
        allowedHosts = try (settings.text(options.allowedHosts, "OBROLAN_ALLOWED_HOSTS") ?? "")
            .split(separator: ",").map { part in
                let text = String(part.filter { !$0.isWhitespace })
                guard OwnHosts.isName(text) else {
                    throw ValidationError(
                        "allowed-hosts must be names without scheme and port, such as chat.example.org, or *; one is "
                            + text)
                }
                return text
            }
        hasSecureCookies =
            try settings.flag(options.secureCookies, "secure-cookies", "OBROLAN_SECURE_COOKIES") ?? false
        reloads = try settings.flag(options.reload, "reload", "OBROLAN_RELOAD") ?? false
        user = settings.text(options.user, "OBROLAN_USER")
        warnings = settings.ignored
    }

    private static func limits(_ options: LimitOptions, _ settings: Settings) throws -> ServerLimits {
        var limits = ServerLimits()
        func set(
            _ limit: WritableKeyPath<ServerLimits, Int>, _ option: String?, _ name: String, _ range: ClosedRange<Int>
        ) throws {
            if let value = try settings.integer(option, name, range) { limits[keyPath: limit] = value }
        }
        func set(
            _ limit: WritableKeyPath<ServerLimits, Duration>, _ option: String?, _ name: String, atLeast least: Int = 1
        ) throws {
            guard let value = try settings.integer(option, name, least...86_400) else { return }
            limits[keyPath: limit] = .seconds(value)
        }
        try set(\.maxConnections, options.maxConnections, "max-connections", 1...1_000_000)
        try set(\.maxBufferedBytes, options.maxBuffered, "max-buffered", 1_048_576...1_099_511_627_776)
        try set(\.http.maxTargetLength, options.maxTarget, "max-target", 64...1_048_576)
        try set(\.http.maxFieldCount, options.maxFields, "max-fields", 8...10_000)
        try set(\.http.maxFieldsSize, options.maxFieldsSize, "max-fields-size", 512...1_048_576)
        try set(\.http.maxContentLength, options.maxContent, "max-content", 1_024...67_108_864)
        try set(\.maxPendingInput, options.maxPipelined, "max-pipelined", 1_024...16_777_216)
        try set(\.headTimeout, options.headTimeout, "head-timeout")
        try set(\.contentTimeout, options.contentTimeout, "content-timeout")
        try set(\.writeTimeout, options.writeTimeout, "write-timeout")
        try set(\.idleTimeout, options.idleTimeout, "idle-timeout")
        try set(\.idleGrace, options.idleGrace, "idle-grace", atLeast: 0)
        try set(\.minTransferRate, options.minTransferRate, "min-transfer-rate", 1...1_000_000_000)
        return limits
    }
}

/// Looks a setting up on the command line, then in the environment.
private struct Settings {
    let environment: [String: String]

    /// A variable that is set to nothing counts as not set, and so does one that Kubernetes sets.
    func text(_ option: String?, _ variable: String) -> String? {
        if let option { return option }
        guard let value = environment[variable], !value.isEmpty, !Self.isOfKubernetes(variable, value) else {
            return nil
        }
        return value
    }

    /// Kubernetes tells every container of a Service named `obrolan` by variables such as `OBROLAN_PORT`, whose value is
    /// `tcp://10.96.0.17:8080` ("Service", "Discovering services"): no setting of ours looks like that.
    private static func isOfKubernetes(_ variable: String, _ value: String) -> Bool {
        variable.hasPrefix("OBROLAN_") && ["tcp://", "udp://", "sctp://"].contains { value.hasPrefix($0) }
    }

    /// A sentence for each of our variables that is not heeded, although it is no setting's fault.
    var ignored: [String] {
        let ours = ServeOptions.variables
        return environment.filter { ours.contains($0.key) && Self.isOfKubernetes($0.key, $0.value) }
            .sorted { $0.key < $1.key }
            .map {
                "\($0.key)=\($0.value) is ignored: Kubernetes sets it for a Service of that name, and it is no setting"
            }
    }

    /// The number of the option `name`, whose variable is named after it.
    func integer(_ option: String?, _ name: String, _ range: ClosedRange<Int>) throws -> Int? {
        let variable = "OBROLAN_" + name.uppercased().replacing("-", with: "_")
        guard let text = text(option, variable) else { return nil }
        // Int(_:) takes a sign, too.
        guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let value = Int(text),
            range.contains(value)
        else {
            throw ValidationError(
                "\(name) must be a number from \(range.lowerBound) to \(range.upperBound); it is \(text)")
        }
        return value
    }

    func flag(_ option: String?, _ name: String, _ variable: String) throws -> Bool? {
        switch text(option, variable) {
        case nil: return nil
        case "yes", "true", "1": return true
        case "no", "false", "0": return false
        case let text?: throw ValidationError("\(name) must be yes or no; it is \(text)")
        }
    }
}
