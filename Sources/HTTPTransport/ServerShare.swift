import NonblockingIO

/// What the event loops of one server share.
final class ServerShare: Sendable {
    let connections: ConnectionBudget
    let bytes: ByteBudget
    /// The connections of each loop, in the order of the loops.
    let tables: [ConnectionTable]
    /// All places for connections are taken.
    let full: Episode
    let descriptorless: Episode
    let memoryless: Episode

    init(loops: [EventLoop], limits: ServerLimits, log: @escaping @Sendable (ServerNotice) -> Void) {
        connections = ConnectionBudget(limits.maxConnections)
        bytes = ByteBudget(limits.maxBufferedBytes)
        tables = loops.map { ConnectionTable(loop: $0) }
        full = Episode(
            .connectionsUsedUp(limit: limits.maxConnections), ends: { .connectionsFree(closedIdle: $0) }, log: log)
        descriptorless = Episode(.descriptorsUsedUp, ends: { .descriptorsFree(closedIdle: $0) }, log: log)
        memoryless = Episode(
            .memoryUsedUp(limit: limits.maxBufferedBytes), ends: { .memoryFree(closed: $0) }, log: log)
    }

    /// The loop that has the connection that has been idle for the longest, and since when.
    var longestIdle: (table: ConnectionTable, since: Duration)? { oldest { $0.oldestIdle } }

    private func oldest(
        _ time: (ConnectionTable) -> Duration?
    ) -> (table: ConnectionTable, since: Duration)? {
        var found: (table: ConnectionTable, since: Duration)?
        for table in tables {
            guard let since = time(table) else { continue }
            if found.map({ since < $0.since }) ?? true { found = (table, since) }
        }
        return found
    }

    /// A connection holds that many bytes more, or less. When that is too much, those that have held much for the
    /// longest are given up, on whichever loop they are.
    ///
    /// They are closed, rather than reading from all be paused: a client that is not read from keeps what it has, and
    /// two that each wait for the other's room would wait for ever. The oldest are the slowest, because whoever sends
    /// and reads at once holds nothing; so those who come now are served, also while somebody keeps opening slow ones.
    func addHeld(_ difference: Int, by table: ConnectionTable) {
        bytes.add(difference)
        if difference > 0 {
            guard bytes.isExceeded else { return }
            memoryless.begin()
            askForMemory()
        } else if memoryless.isOn, bytes.hasRoom {
            memoryless.end()
        }
    }

    /// Whether the budget is exceeded and there is no slow client to be given up: what takes the memory are requests that
    /// are being answered.
    var hasNoMemoryToGain: Bool { bytes.isExceeded && oldest { $0.oldestHolder } == nil }

    /// Whether nobody on any loop has held memory for longer than the oldest of that one.
    func hasOldestHolder(_ table: ConnectionTable) -> Bool { oldest { $0.oldestHolder }?.table === table }

    /// Has the loop with the oldest holder give some up.
    func askForMemory() { oldest { $0.oldestHolder }?.table.askToGiveUpHolders(of: self) }
}
