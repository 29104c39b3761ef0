public import NonblockingIO
public import PostgreSQL

/// Carries news to every event loop of this process and, by NOTIFY, to every other process on the same database.
///
/// What has happened is told after its commit, in a transaction of its own that writes nothing: a NOTIFY in the writing
/// transaction takes a lock that is global to the database at its commit.
public struct NewsExchange: Sendable {
    static let channel = "obrolan"

    private let feeds: [RoomFeed]
    private let publishers: [NewsPublisher]
    private let listener: PostgresListener
    private let clearing: SenderClearing
    private let turns = WriterTurns()

    /// - Parameters:
    ///   - loops: each gets a feed of its own; the listening connection lives on the first.
    ///   - databases: one for each loop, in the same order.
    public init(loops: [EventLoop], databases: [PostgresPool], configuration: PostgresConfiguration) {
        let feeds = zip(loops, databases).map { RoomFeed(loop: $0, database: $1) }
        // Tells this process' own notifications, which its loops have had already, from the others'.
        let process = Hexadecimal.text(UUIDBytes().bytes)
        self.feeds = feeds
        clearing = SenderClearing(loop: loops[0], database: databases[0])
        publishers = zip(loops, databases).map { NewsPublisher(loop: $0, database: $1, process: process) }
        listener = PostgresListener(loop: loops[0], configuration: configuration, channels: [Self.channel]) { event in
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
    public func start() async {
        await listener.start()
        await clearing.begin()
    }

    /// Answers every held request at once, and holds none from now on.
    public func stop() async {
        await clearing.stop()
        for feed in feeds { await feed.stop() }
    }

    /// Tells the other processes what they have not been told of yet, if the database takes it, and ends the listening
    /// connection.
    public func close() async {
        for publisher in publishers { await publisher.flush() }
        await listener.close()
    }

    /// The loop's share of it.
    func station(_ index: Int) -> NewsStation {
        NewsStation(feed: feeds[index], feeds: feeds, publisher: publishers[index], clearing: clearing, turns: turns)
    }
}

/// One event loop's share of the exchange.
struct NewsStation: Sendable {
    let feed: RoomFeed
    fileprivate let feeds: [RoomFeed]
    fileprivate let publisher: NewsPublisher
    fileprivate let clearing: SenderClearing
    /// Of the writers of all event loops.
    let turns: WriterTurns

    /// Sees to the messages of an account that was deleted; comes back at once.
    func clearSenders() async { await clearing.begin() }

    /// Tells everybody; called on the loop, after the commit.
    func publish(_ news: [News]) async {
        for feed in feeds { feed.deliver(news) }
        await publisher.publish(news)
    }
}
