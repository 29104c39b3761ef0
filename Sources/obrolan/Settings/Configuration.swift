import ArgumentParser
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
    let roomCache: Int
    let editWindow: Duration
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
        let given = GivenSettings(environment: environment)
        let host = try given.value(of: Settings.host, options.host)
        let port = try given.value(of: Settings.port, options.port)
        guard let address = SocketAddress(host: host, port: UInt16(port)) else {
            throw ValidationError("host must be a numeric address, such as 127.0.0.1, 0.0.0.0 or ::1; it is \(host)")
        }
        self.address = address
        databaseURL = try given.value(of: Settings.databaseURL, options.databaseURL)
        dataDirectory = try given.value(of: Settings.dataDirectory, options.dataDirectory)
        templates = try given.value(of: Settings.templates, options.templates)
        publicFiles = try given.value(of: Settings.publicFiles, options.publicFiles)
        schema = try given.value(of: Settings.schema, options.schema)
        eventLoops = try given.value(of: Settings.eventLoops, options.eventLoops) ?? min(64, Syscalls.processorCount)
        databaseConnections = try given.value(of: Settings.databaseConnections, options.databaseConnections)
        roomCache = try given.value(of: Settings.roomCache, options.roomCache)
        editWindow = try given.value(of: Settings.editWindow, options.editWindow)
        limits = try Self.limits(options.limits, given)
        logLevel = try given.value(of: Settings.logLevel, options.logLevel)
        trustedProxies = try given.value(of: Settings.trustedProxies, options.trustedProxies)
        allowedHosts = try given.value(of: Settings.allowedHosts, options.allowedHosts)
        hasSecureCookies = try given.value(of: Settings.secureCookies, options.secureCookies)
        reloads = try given.value(of: Settings.reload, options.reload)
        user = try given.value(of: Settings.user, options.user)
        warnings = given.ignored
    }

    private static func limits(_ options: LimitOptions, _ given: GivenSettings) throws -> ServerLimits {
        var limits = ServerLimits()
        limits.maxConnections = try given.value(of: Settings.maxConnections, options.maxConnections)
        limits.maxBufferedBytes = try given.value(of: Settings.maxBuffered, options.maxBuffered)
        limits.http.maxTargetLength = try given.value(of: Settings.maxTarget, options.maxTarget)
        limits.http.maxFieldCount = try given.value(of: Settings.maxFields, options.maxFields)
        limits.http.maxFieldsSize = try given.value(of: Settings.maxFieldsSize, options.maxFieldsSize)
        limits.http.maxContentLength = try given.value(of: Settings.maxContent, options.maxContent)
        limits.maxPendingInput = try given.value(of: Settings.maxPipelined, options.maxPipelined)
        limits.headTimeout = try given.value(of: Settings.headTimeout, options.headTimeout)
        limits.contentTimeout = try given.value(of: Settings.contentTimeout, options.contentTimeout)
        limits.writeTimeout = try given.value(of: Settings.writeTimeout, options.writeTimeout)
        limits.minTransferRate = try given.value(of: Settings.minTransferRate, options.minTransferRate)
        limits.idleTimeout = try given.value(of: Settings.idleTimeout, options.idleTimeout)
        limits.idleGrace = try given.value(of: Settings.idleGrace, options.idleGrace)
        return limits
    }
}
