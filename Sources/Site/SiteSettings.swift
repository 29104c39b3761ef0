package import ChatWeb
package import HTTPTransport
package import NonblockingIO
package import PostgreSQL

/// What a site is made of.
package struct SiteSettings: Sendable {
    /// Where it listens: a socket for each event loop.
    package var sockets: BoundSockets
    /// How each event loop connects to the database. What the statements rely on is set by the site.
    package var database: PostgresConfiguration
    /// The text of `schema.sql`.
    package var schema: String
    package var files: SiteFiles
    package var hosts = OwnHosts()
    package var refusals = RefusalLog()
    /// Whether browsers may send the session's cookie over TLS only, whatever the request came by.
    package var hasSecureCookies = false
    package var trustedProxies: [IPNetwork] = []
    package var limits = ServerLimits()
    /// Nil: no line for each request.
    package var accessLog: (any AccessLog)?

    package init(sockets: BoundSockets, database: PostgresConfiguration, schema: String, files: SiteFiles) {
        self.sockets = sockets
        self.database = database
        self.schema = schema
        self.files = files
    }
}
