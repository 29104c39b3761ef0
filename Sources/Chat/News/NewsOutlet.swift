/// Where what has happened on one event loop is told.
struct NewsOutlet: Sendable {
    /// Of all event loops of the process.
    let readers: [RoomReader]
    /// For the other processes.
    let publisher: NewsPublisher

    /// Tells everybody; called on the loop, after the commit.
    func publish(_ news: [News]) async {
        for reader in readers { reader.deliver(news) }
        await publisher.publish(news)
    }

    /// Comes back when the other processes are told, or could not be.
    func flush() async { await publisher.flush() }
}
