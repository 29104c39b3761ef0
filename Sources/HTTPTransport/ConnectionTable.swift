import NonblockingIO
import Synchronization

/// The connections of one event loop, and which of them are idle or hold memory for a slow client, the longest first.
///
/// A connection notes here how it is whenever it has gone as far as it could. Other loops see since when the oldest of
/// each kind has been so.
final class ConnectionTable: @unchecked Sendable {
    // @unchecked: touched only on `loop`, but for the atomics.

    let loop: EventLoop
    private var connections: [HTTPConnection?] = []
    private var freePlaces: [Int] = []
    private var ages = Ages()
    private let oldestIdleTime = Atomic(ConnectionTable.never)
    private let oldestHolderTime = Atomic(ConnectionTable.never)
    /// Whether the loop has been asked to give holders up, and has not got round to it.
    private let isAskedForMemory = Atomic(false)

    /// How many connections there are.
    private(set) var count = 0

    private static let never = Int64.max

    /// In one value, so that noting how a connection is looks after it once.
    private struct Ages {
        var idle = AgeList()
        var holders = AgeList()

        /// Whether another one is the oldest now, or the same one anew.
        mutating func note(
            _ place: Int, isIdle: Bool, isHolding: Bool, now: Duration
        ) -> (idle: Bool, holders: Bool) {
            let wasOldest = idle.oldest?.number == place
            if isIdle { idle.append(place, now: now) } else { idle.remove(place) }
            let changesIdle = wasOldest || idle.oldest?.number == place
            guard isHolding != holders.contains(place) else { return (changesIdle, false) }
            if isHolding { holders.append(place, now: now) } else { holders.remove(place) }
            return (changesIdle, true)
        }
    }

    init(loop: EventLoop) { self.loop = loop }

    // MARK: On the loop

    /// All connections.
    var all: [HTTPConnection] {
        assert(loop.isCurrent)
        return connections.compactMap(\.self)
    }

    /// Makes a place for the connection that `make` makes.
    func add(_ make: (_ place: Int) -> HTTPConnection) -> HTTPConnection {
        assert(loop.isCurrent)
        let place = freePlaces.popLast() ?? connections.endIndex
        let connection = make(place)
        if place == connections.endIndex { connections.append(connection) } else { connections[place] = connection }
        count += 1
        return connection
    }

    /// Forgets a connection that is closed.
    func remove(_ place: Int) {
        assert(loop.isCurrent)
        guard connections[place] != nil else { return }
        connections[place] = nil
        freePlaces.append(place)
        count -= 1
        note(place, isIdle: false, isHolding: false)
    }

    /// Notes how a connection is now: idle from now on, which it is anew with each call; and holding memory for a slow
    /// client, which it is since the first of such calls.
    func note(_ place: Int, isIdle: Bool, isHolding: Bool) {
        assert(loop.isCurrent)
        let changes = ages.note(place, isIdle: isIdle, isHolding: isHolding, now: loop.uptime)
        if changes.idle { publish(ages.idle.oldest?.since, in: oldestIdleTime) }
        if changes.holders { publish(ages.holders.oldest?.since, in: oldestHolderTime) }
    }

    private func publish(_ instant: Duration?, in time: borrowing Atomic<Int64>) {
        time.store(instant.map(Self.ticks) ?? Self.never, ordering: .relaxed)
    }

    /// In units of 2^30 attoseconds, about a nanosecond: three centuries fit, and no division is needed.
    private static func ticks(_ instant: Duration) -> Int64 { Int64(truncatingIfNeeded: instant.attoseconds >> 30) }

    /// Closes the connection that has been idle for the longest, if it has been for at least `moment`: whoever has just
    /// been answered is likely to ask again. One whose next request has come and was not told of yet is answered
    /// instead, and the next one closed.
    /// - Returns: whether one was closed.
    func closeLongestIdle(for moment: Duration) -> Bool {
        assert(loop.isCurrent)
        let latest = loop.uptime - moment
        while let (place, since) = ages.idle.oldest, since <= latest, let connection = connections[place] {
            let isClosed = connection.assumeIsolated { $0.closeIfIdle() }
            if isClosed { return true }
            // It has asked meanwhile, so that it is the youngest now, if it is idle at all.
            if let next = ages.idle.oldest, next == (place, since) { return false }
        }
        return false
    }

    /// Gives up those that have held memory for a slow client for the longest, until there is enough or until the oldest
    /// is another loop's.
    private func giveUpHolders(of share: ServerShare) {
        assert(loop.isCurrent)
        while share.bytes.isExceeded, share.hasOldestHolder(self), let (place, _) = ages.holders.oldest,
            let connection = connections[place]
        {
            ages.holders.remove(place)
            publish(ages.holders.oldest?.since, in: oldestHolderTime)
            share.memoryless.countClosed()
            connection.assumeIsolated { $0.giveUp() }
        }
    }

    // MARK: From any thread

    /// Since when, as `EventLoop.uptime` counts, the connection that has been idle for the longest has been so; nil when
    /// none is idle.
    var oldestIdle: Duration? { instant(oldestIdleTime) }
    /// Since when the connection that has held memory for the longest has done so.
    var oldestHolder: Duration? { instant(oldestHolderTime) }

    private func instant(_ time: borrowing Atomic<Int64>) -> Duration? {
        let ticks = time.load(ordering: .relaxed)
        return ticks == Self.never ? nil : Duration(attoseconds: Int128(ticks) << 30)
    }

    /// Has the loop give up holders of memory, when it has ended what it is at.
    func askToGiveUpHolders(of share: ServerShare) {
        guard !isAskedForMemory.exchange(true, ordering: .relaxed) else { return }
        loop.execute { [self] in
            isAskedForMemory.store(false, ordering: .relaxed)
            giveUpHolders(of: share)
            // The rest is elsewhere.
            if share.bytes.isExceeded { share.askForMemory() }
        }
    }
}
