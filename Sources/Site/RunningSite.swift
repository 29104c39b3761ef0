import Chat
import HTTPTransport
import Logging
package import NonblockingIO
import PostgreSQL

/// A site that serves, until it is stopped.
package struct RunningSite: Sendable {
    private let server: HTTPServer
    private let news: NewsExchange
    private let watchdog: EventLoopWatchdog

    init(server: HTTPServer, news: NewsExchange, loops: [EventLoop]) {
        self.server = server
        self.news = news
        let logger = Logger(label: "obrolan.loop")
        watchdog = EventLoopWatchdog(loops: loops) { event in logger.warning("\(event)") }
    }

    /// Where it listens.
    package var address: SocketAddress { server.address }

    /// Answers who is there, and ends.
    /// - Parameter time: how long requests in progress may take.
    package func stop(within time: Duration = .seconds(10)) async {
        async let stopped: Void = server.stop(within: time)
        await news.stop()
        await stopped
        await news.close()
        for station in news.stations { await station.database.close() }
    }
}
