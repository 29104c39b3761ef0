import Synchronization

/// How many bytes the connections of a server hold for clients that are slow, over all its event loops.
final class ByteBudget: Sendable {
    let limit: Int
    private let held = Atomic(0)

    init(_ limit: Int) { self.limit = limit }

    /// The bytes that are held now.
    var count: Int { held.load(ordering: .relaxed) }
    var isExceeded: Bool { count > limit }
    /// Whether so much is free again that it will not be used up the next moment.
    var hasRoom: Bool { count <= limit - limit / 4 }

    /// Notes that a connection holds that many bytes more, or less.
    func add(_ difference: Int) { held.add(difference, ordering: .relaxed) }
}
