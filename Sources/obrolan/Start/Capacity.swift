/// What the program may promise to have at once: what is not there is not promised.
///
/// Clients, the database's connections and the event loops share the descriptors of the process. The database and the loops
/// come first, for without them no client is served.
struct Capacity: Equatable {
    let eventLoops: Int
    /// All of the program's, the most that there can be.
    let databaseConnections: Int
    let clientConnections: Int
    /// What was asked for.
    let wantedClientConnections: Int
    let descriptorLimit: Int

    /// What a loop has besides: its epoll set, its eventfd, its listening socket.
    private static let descriptorsOfLoop = 3
    /// For what is opened for a moment: files, folders of /proc, a program that is started.
    private static let reserve = 64
    /// With fewer it is of no use to begin.
    private static let leastClients = 16

    /// - Parameters:
    ///   - databaseConnections: of all loops together.
    ///   - descriptorLimit: how many descriptors the process may have.
    ///   - openDescriptors: how many it has before there are loops, among them files that are kept open.
    /// - Throws: `StartError` when there is no room for the smallest number of clients.
    init(
        eventLoops: Int, databaseConnections: Int, clientConnections: Int, descriptorLimit: Int, openDescriptors: Int
    ) throws(StartError) {
        let own = openDescriptors + eventLoops * Self.descriptorsOfLoop + databaseConnections + Self.reserve
        let room = descriptorLimit - own
        guard room >= min(Self.leastClients, clientConnections) else {
            throw StartError(
                "this process may open \(descriptorLimit) files, and needs \(own) for itself with \(eventLoops) event "
                    + "loops and \(databaseConnections) database connections: raise the limit (`ulimit -n`, systemd's "
                    + "LimitNOFILE) or lower --event-loops or --database-connections")
        }
        self.eventLoops = eventLoops
        self.databaseConnections = databaseConnections
        self.clientConnections = min(clientConnections, room)
        wantedClientConnections = clientConnections
        self.descriptorLimit = descriptorLimit
    }

    /// The connections of all pools, with so many for each loop, and of the listener for news.
    static func databaseConnections(eventLoops: Int, ofLoop: Int) -> Int { eventLoops * ofLoop + 1 }
}

extension Capacity: CustomStringConvertible {
    /// One line for the log.
    var description: String {
        let text =
            "\(eventLoops) event loop\(eventLoops == 1 ? "" : "s"), at most \(clientConnections) client connections and "
            + "\(databaseConnections) database connections"
        guard clientConnections < wantedClientConnections else { return text }
        return text + " (\(wantedClientConnections) clients were asked for, but this process may open "
            + "\(descriptorLimit) files only: raise that by `ulimit -n` or systemd's LimitNOFILE)"
    }
}
