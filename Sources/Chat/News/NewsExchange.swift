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
    private let upkeep: Upkeep

    /// - Parameters:
    ///   - loops: with the connections that live there; the listening connection lives on the first.
    ///   - configuration: for the listening connection.
    ///   - roomCache: about how many bytes may be taken by what is kept of rooms, by all loops together.
    ///   - editWindow: how long after it was sent a message may be edited.
    package init(
        loops: [(loop: EventLoop, database: PostgresPool)], configuration: PostgresConfiguration, roomCache: Int,
        editWindow: Duration
    ) {
        // Tells this process' own notifications, which its loops have had already, from the others'.
        let process = Hexadecimal.text(UUIDBytes().bytes)
        let readers = loops.map {
            RoomReader(loop: $0.loop, database: $0.database, bytes: roomCache / loops.count)
        }
        let outlets = loops.map { share in
            let publisher = NewsPublisher(loop: share.loop, database: share.database, process: process)
            return NewsOutlet(readers: readers, publisher: publisher)
        }
        let upkeep = Upkeep(loop: loops[0].loop, database: loops[0].database, outlet: outlets[0])
        let turns = WriterTurns()
        self.upkeep = upkeep
        stations = loops.indices.map { index in
            let share = loops[index]
            let writer = MessageWriter(
                loop: share.loop, database: share.database, outlet: outlets[index], turns: turns)
            return ChatStation(
                loop: share.loop, database: share.database, reader: readers[index], writer: writer,
                editWindow: editWindow, outlet: outlets[index], upkeep: upkeep)
        }
        listener = PostgresListener(loop: loops[0].loop, configuration: configuration, channels: [Self.channel]) {
            event in
            switch event {
            case .connected: for reader in readers { reader.hearsOthers(true) }
            case .disconnected: for reader in readers { reader.hearsOthers(false) }
            case .notification(_, let payload):
                let words = payload.split(separator: " ")
                guard let sender = words.first, sender != process else { return }
                let news = words.dropFirst().compactMap { News(word: $0) }
                for reader in readers { reader.deliver(news) }
            }
        }
    }

    /// Begins to listen, and to do what accounts that were deleted have left.
    package func start() async {
        await listener.start()
        await upkeep.begin()
    }

    /// Answers every held request at once, and holds none from now on.
    package func stop() async {
        await upkeep.stop()
        for station in stations { await station.reader.stop() }
    }

    /// Tells the other processes what they have not been told of yet, if the database takes it, and ends the listening
    /// connection.
    package func close() async {
        for station in stations { await station.outlet.flush() }
        await listener.close()
    }
}
