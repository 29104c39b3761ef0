import Synchronization

/// A state of the server that is told when it begins and when it is over, however much happens in between.
final class Episode: Sendable {
    private let begins: ServerNotice
    private let ends: @Sendable (Int) -> ServerNotice
    private let log: @Sendable (ServerNotice) -> Void
    /// 0 when it is over; otherwise one more than how many connections were closed because of it.
    private let state = Atomic(0)

    init(
        _ begins: ServerNotice, ends: @escaping @Sendable (Int) -> ServerNotice,
        log: @escaping @Sendable (ServerNotice) -> Void
    ) {
        self.begins = begins
        self.ends = ends
        self.log = log
    }

    var isOn: Bool { state.load(ordering: .relaxed) > 0 }

    /// It is so now.
    func begin() {
        guard !isOn else { return }
        if state.compareExchange(expected: 0, desired: 1, ordering: .relaxed).exchanged { log(begins) }
    }

    /// A connection is closed because of it.
    func countClosed() {
        if isOn { state.add(1, ordering: .relaxed) }
    }

    /// It is over, if it was so.
    func end() {
        guard isOn else { return }
        let last = state.exchange(0, ordering: .relaxed)
        if last > 0 { log(ends(last - 1)) }
    }
}
