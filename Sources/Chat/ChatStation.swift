package import NonblockingIO
package import PostgreSQL

/// What belongs to one event loop of the chat.
package struct ChatStation: Sendable {
    package let loop: EventLoop
    /// The connections that live on the loop.
    package let database: PostgresPool
    /// Reads rooms for the loop's requests, and holds those that wait for news.
    package let reader: RoomReader
    /// Stores the messages that are sent to the loop.
    package let writer: MessageWriter
    /// How long after it was sent a message may be edited.
    package let editWindow: Duration
    let outlet: NewsOutlet
    let upkeep: Upkeep

    /// Tells everybody, here and in other processes; called on the loop, after the commit.
    package func publish(_ news: [News]) async { await outlet.publish(news) }

    /// Sees to what an account that was deleted has left; comes back at once.
    package func seeToWhatIsLeft() async { await upkeep.begin() }
}
