import Chat
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
    package var files: SiteFiles
    /// Whether tables are made or upgraded before it serves; if not, they are as they have to be.
    package var makesTables = true
    package var hosts = OwnHosts()
    package var refusals = RefusalLog()
    /// Whether browsers may send the session's cookie over TLS only, whatever the request came by.
    package var hasSecureCookies = false
    /// About how many bytes may be taken by what is kept of the rooms that are read.
    package var roomCache = 64 << 20
    /// How long after it was sent a message may be edited.
    package var editWindow = ChatLimits.editWindow
    package var trustedProxies: [IPNetwork] = []
    package var limits = ServerLimits()
    /// Nil: no line for each request.
    package var accessLog: (any AccessLog)?

    package init(sockets: BoundSockets, database: PostgresConfiguration, files: SiteFiles) {
        self.sockets = sockets
        self.database = database
        self.files = files
    }
}
