package import NonblockingIO
package import PostgreSQL

/// Carries news to every event loop of this process and, by NOTIFY, to every other process on the same database.
///
/// What has happened is told after its commit, in a transaction of its own that writes nothing: a NOTIFY in the writing
/// transaction takes a lock that is global to the database at its commit.
package struct NewsExchange: Sendable {
    static let channel = "obrolan"

    /// One for each event loop.
    package let stations: [ChatStation]
    private let listener: PostgresListener
    private let clearing: SenderClearing

    /// - Parameters:
    ///   - loops: with the connections that live there; the listening connection lives on the first.
    ///   - configuration: for the listening connection.
    package init(loops: [(loop: EventLoop, database: PostgresPool)], configuration: PostgresConfiguration) {
        // Tells this process' own notifications, which its loops have had already, from the others'.
        let process = Hexadecimal.text(UUIDBytes().bytes)
        let feeds = loops.map { RoomFeed(loop: $0.loop, database: $0.database) }
        let clearing = SenderClearing(loop: loops[0].loop, database: loops[0].database)
        let turns = WriterTurns()
        self.clearing = clearing
        stations = zip(loops, feeds).map { share, feed in
            let publisher = NewsPublisher(loop: share.loop, database: share.database, process: process)
            let outlet = NewsOutlet(feeds: feeds, publisher: publisher)
            let writer = MessageWriter(loop: share.loop, database: share.database, outlet: outlet, turns: turns)
            return ChatStation(
                loop: share.loop, database: share.database, feed: feed, writer: writer, outlet: outlet,
                clearing: clearing)
        }
        listener = PostgresListener(loop: loops[0].loop, configuration: configuration, channels: [Self.channel]) {
            event in
            switch event {
            case .connected: for feed in feeds { feed.hearsOthers(true) }
            case .disconnected: for feed in feeds { feed.hearsOthers(false) }
            case .notification(_, let payload):
                let words = payload.split(separator: " ")
                guard let sender = words.first, sender != process else { return }
                let news = words.dropFirst().compactMap { News(word: $0) }
                for feed in feeds { feed.deliver(news) }
            }
        }
    }

    /// Begins to listen, and to do what accounts that were deleted have left.
    package func start() async {
        await listener.start()
        await clearing.begin()
    }

    /// Answers every held request at once, and holds none from now on.
    package func stop() async {
        await clearing.stop()
        for station in stations { await station.feed.stop() }
    }

    /// Tells the other processes what they have not been told of yet, if the database takes it, and ends the listening
    /// connection.
    package func close() async {
        for station in stations { await station.outlet.flush() }
        await listener.close()
    }
}
