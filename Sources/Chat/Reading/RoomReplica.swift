/// The newest of a room, as far as it is known: what a look at the database has found, and later ones have added.
///
/// It never answers by itself. Each request has a look that says what is newer than what is known here; with that it is
/// what the database has. Confined to one event loop.
final class RoomReplica {
    /// What a look has found of the room.
    struct Found {
        let room: Room
        /// The number of the room's last change.
        let change: Int64
        /// Who joined first; nil: as it was known.
        let firstPeople: [RoomPerson]?
        /// Messages with greater ids than the known number, the newest of them; `RoomReplica.length + 1` of them tell
        /// that there may be more.
        let newer: [Message]
        /// Messages that were changed by a greater number, the last changed of them; as many tell that there may be more,
        /// of which those that are known may be.
        let changed: [Message]
    }

    /// How many messages are kept. 50.
    static let length = 50

    private(set) var room: Room
    /// Whether the next look is to read what is new, as far as is known.
    var hasNews = false
    private(set) var firstPeople: [RoomPerson] = []
    /// The number of the room's last change, as it is known.
    private(set) var change: Int64 = 0
    /// The greatest number that was seen: all up to it is known.
    private(set) var known: Int64 = 0
    /// Whatever has a greater number is here.
    private(set) var floor: Int64 = 0
    /// The newest by id, in the order of their ids.
    private(set) var newest: [Message] = []
    /// There are older ones than `newest`.
    private(set) var hasOlder = false
    /// Those with numbers above `floor` that are older than `newest`, in the order of their numbers.
    private var late: [Message] = []
    /// Batches that were asked for, until there is something new.
    private var batches: [Part: MessageBatch] = [:]

    private enum Part: Hashable {
        case newest(limit: Int)
        case after(Int64, limit: Int)
    }

    /// How many batches are kept: those who follow a room ask for the same, or nearly.
    private static let maxBatches = 8

    /// What was found by a look that knew nothing of the room.
    init(_ found: Found) {
        room = found.room
        merge(found)
    }

    /// About how many bytes it takes, with what is made of each message: its words twice more, and what stands around.
    private(set) var cost = 0

    // MARK: Learning

    /// Takes in what a look has found that was told what is `known`, if that is not too much to be all of it.
    func merge(_ found: Found) {
        if found.room != room || found.change != change || !found.newer.isEmpty || !found.changed.isEmpty {
            batches.removeAll(keepingCapacity: true)
        }
        room = found.room
        change = found.change
        if let people = found.firstPeople { firstPeople = people }
        known = max(known, change)
        guard !found.newer.isEmpty || !found.changed.isEmpty else { return }
        add(found.newer.sorted { $0.id < $1.id })
        replace(found.changed)
        requote(found.changed)
        shorten()
        cost = newest.reduce(1_000) { $0 + 3 * $1.size + 1_500 }
        cost += late.reduce(0) { $0 + $1.size + 500 }
    }

    private func add(_ newer: [Message]) {
        guard let last = newer.last else { return }
        known = max(known, last.id)
        if newer.count > Self.length {
            // What lies between what was known and these is not known, nor what was changed there.
            floor = max(floor, newer[newer.count - Self.length - 1].id)
            hasOlder = true
            late.append(contentsOf: newest)
            newest = Array(newer.suffix(Self.length))
        } else {
            newest.append(contentsOf: newer)
        }
    }

    private func replace(_ changed: [Message]) {
        for message in changed {
            known = max(known, message.number)
            if let index = newest.firstIndex(where: { $0.id == message.id }) {
                newest[index] = message
            } else {
                late.removeAll { $0.id == message.id }
                late.append(message)
            }
        }
        if changed.count > Self.length { floor = max(floor, changed.map(\.number).min() ?? 0) }
    }

    /// Replies show what they answer as it is now. They stand where they stood: whoever follows the room is told of what
    /// has changed, and not of them.
    private func requote(_ changed: [Message]) {
        guard !changed.isEmpty else { return }
        let quotes = Dictionary(changed.map { ($0.id, Quote($0)) }) { _, last in last }
        for index in newest.indices { newest[index] = newest[index].quoting(oneOf: quotes) }
        for index in late.indices { late[index] = late[index].quoting(oneOf: quotes) }
    }

    /// Lets go of what is older than what is to be kept.
    private func shorten() {
        let surplus = newest.count - Self.length
        if surplus > 0 {
            floor = max(floor, newest[surplus - 1].id)
            hasOlder = true
            late.append(contentsOf: newest.prefix(surplus))
            newest.removeFirst(surplus)
        }
        guard !late.isEmpty else { return }
        late.removeAll { $0.number <= floor }
        late.sort { $0.number < $1.number }
        let excess = late.count - Self.length
        if excess > 0 {
            floor = max(floor, late[excess - 1].number)
            late.removeFirst(excess)
        }
    }

    // MARK: Answering

    /// What the request wants, if that is kept.
    func reading(of want: RoomRequest.Want, for viewer: Viewer) -> RoomReading? {
        let batch: MessageBatch? =
            switch want {
            case .viewer: nil
            case .newest(let limit): newest(limit: limit)
            case .after(let number, let limit): after(number, limit: limit)
            }
        return batch.map { RoomReading(viewer: viewer, batch: $0, firstPeople: firstPeople) }
    }

    /// The newest, at most `limit`; nil when that is more than is kept.
    func newest(limit: Int) -> MessageBatch? {
        guard limit <= Self.length || !hasOlder else { return nil }
        return batch(.newest(limit: limit)) { replica in
            MessageBatch(
                room: replica.room, messages: replica.newest.suffix(limit),
                hasMore: replica.hasOlder || replica.newest.count > limit, cursor: replica.known)
        }
    }

    /// What has a greater number than `number`, in the order of the numbers, at most `limit`; nil when that goes back
    /// further than what is kept.
    func after(_ number: Int64, limit: Int) -> MessageBatch? {
        guard number >= floor else { return nil }
        // All who know everything are told the same.
        return batch(.after(min(number, known), limit: limit)) { replica in
            var found = replica.newest.filter { $0.number > number }
            found += replica.late.filter { $0.number > number }
            found.sort { $0.number < $1.number }
            let some = found.prefix(limit)
            let hasMore = some.count < found.count
            return MessageBatch(
                room: replica.room, messages: Array(some), hasMore: hasMore,
                cursor: hasMore ? some.last?.number ?? replica.known : replica.known)
        }
    }

    private func batch(_ part: Part, make: (RoomReplica) -> MessageBatch) -> MessageBatch {
        if let batch = batches[part] { return batch }
        let batch = make(self)
        if batches.count >= Self.maxBatches { batches.removeAll(keepingCapacity: true) }
        batches[part] = batch
        return batch
    }
}

extension Message {
    /// Bytes of others' making in it.
    fileprivate var size: Int { content.count + (quote?.content?.count ?? 0) }

    /// The same, or with the quote of those that is of what it answers, by id.
    fileprivate func quoting(oneOf quotes: [Int64: Quote]) -> Message {
        guard let quote, let present = quotes[quote.id], present != quote else { return self }
        return quoting(present)
    }
}
