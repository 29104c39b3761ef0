package import NonblockingIO
package import PostgreSQL

/// What belongs to one event loop of the chat.
package struct ChatStation: Sendable {
    package let loop: EventLoop
    /// The connections that live on the loop.
    package let database: PostgresPool
    /// Holds the loop's requests for news.
    package let feed: RoomFeed
    /// Stores the messages that are sent to the loop.
    package let writer: MessageWriter
    let outlet: NewsOutlet
    let clearing: SenderClearing

    /// Tells everybody, here and in other processes; called on the loop, after the commit.
    package func publish(_ news: [News]) async { await outlet.publish(news) }

    /// Sees to the messages of an account that was deleted; comes back at once.
    package func clearSenders() async { await clearing.begin() }
}
