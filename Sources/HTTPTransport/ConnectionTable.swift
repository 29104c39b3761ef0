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
    private var idle = AgeList()
    private var holders = AgeList()
    private let oldestIdleTime = Atomic(ConnectionTable.never)
    private let oldestHolderTime = Atomic(ConnectionTable.never)
    /// Whether the loop has been asked to give holders up, and has not got round to it.
    private let isAskedForMemory = Atomic(false)

    /// How many connections there are.
    private(set) var count = 0

    private static let never = Int64.max
    /// What the nanoseconds of the atomics are counted from.
    private static let epoch = ContinuousClock.now

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
        let oldIdle = idle.oldest?.since
        if isIdle { idle.append(place, now: loop.now) } else { idle.remove(place) }
        let newIdle = idle.oldest?.since
        if oldIdle != newIdle { publish(newIdle, in: oldestIdleTime) }
        guard isHolding != holders.contains(place) else { return }
        if isHolding { holders.append(place, now: loop.now) } else { holders.remove(place) }
        publish(holders.oldest?.since, in: oldestHolderTime)
    }

    private func publish(_ instant: ContinuousClock.Instant?, in time: borrowing Atomic<Int64>) {
        let nanoseconds = instant.map { Self.nanoseconds(Self.epoch.duration(to: $0)) } ?? Self.never
        time.store(nanoseconds, ordering: .relaxed)
    }

    /// Nanoseconds since the program began: three centuries fit.
    private static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    /// Closes the connection that has been idle for the longest, if it has been for at least `moment`: whoever has just
    /// been answered is likely to ask again. One whose next request has come and was not told of yet is answered
    /// instead, and the next one closed.
    /// - Returns: whether one was closed.
    func closeLongestIdle(for moment: Duration) -> Bool {
        assert(loop.isCurrent)
        let latest = loop.now.advanced(by: .zero - moment)
        while let (place, since) = idle.oldest, since <= latest, let connection = connections[place] {
            let isClosed = connection.assumeIsolated { $0.closeIfIdle() }
            if isClosed { return true }
            // It has asked meanwhile; if it is idle again it is the youngest now.
        }
        return false
    }

    /// Gives up those that have held memory for a slow client for the longest, until there is enough.
    private func giveUpHolders(of share: ServerShare) {
        assert(loop.isCurrent)
        while share.bytes.isExceeded, let (place, _) = holders.oldest, let connection = connections[place] {
            holders.remove(place)
            publish(holders.oldest?.since, in: oldestHolderTime)
            share.memoryless.countClosed()
            connection.assumeIsolated { $0.giveUp() }
        }
    }

    // MARK: From any thread

    /// Since when the connection that has been idle for the longest has been so; nil when none is idle.
    var oldestIdle: ContinuousClock.Instant? { instant(oldestIdleTime) }
    /// Since when the connection that has held memory for the longest has done so.
    var oldestHolder: ContinuousClock.Instant? { instant(oldestHolderTime) }

    private func instant(_ time: borrowing Atomic<Int64>) -> ContinuousClock.Instant? {
        let nanoseconds = time.load(ordering: .relaxed)
        return nanoseconds == Self.never ? nil : Self.epoch.advanced(by: .nanoseconds(nanoseconds))
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
