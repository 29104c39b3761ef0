/// What one event loop knows of rooms, within a number of bytes: what was not used for longest goes.
///
/// In two parts: what has been used lately, and what was before. When the first has half of the bytes, the second goes
/// and the first takes its place; what is used comes back. So each use costs the same, however many rooms there are.
struct RoomReplicas {
    private var used: [Int64: RoomReplica] = [:]
    private var before: [Int64: RoomReplica] = [:]
    private var usedCost = 0
    private let limit: Int

    /// - Parameter bytes: about how many all of them may take.
    init(bytes: Int) { limit = bytes / 2 }

    /// How many rooms it knows of.
    var count: Int { used.count + before.count }

    /// What is known of the room.
    subscript(room: Int64) -> RoomReplica? { used[room] ?? before[room] }

    /// The same, and it is used.
    mutating func use(_ room: Int64) -> RoomReplica? {
        if let replica = used[room] { return replica }
        guard let replica = before.removeValue(forKey: room) else { return nil }
        used[room] = replica
        usedCost += replica.cost
        return replica
    }

    /// Takes in what was found of a room; nil: there is no such room. It may cost more than it is to, until `trim`.
    /// - Returns: false when so much has changed that nothing is known of the room any more.
    mutating func merge(_ found: RoomReplica.Found?, in room: Int64) -> Bool {
        let replica = use(room)
        usedCost -= replica?.cost ?? 0
        guard let found else {
            used[room] = nil
            return true
        }
        guard let replica else {
            let replica = RoomReplica(found)
            used[room] = replica
            usedCost += replica.cost
            return true
        }
        guard found.changed.count <= RoomReplica.length else {
            used[room] = nil
            return false
        }
        replica.merge(found)
        usedCost += replica.cost
        return true
    }

    /// Lets go of what is beyond the bytes.
    mutating func trim() {
        guard usedCost > limit else { return }
        before = usedCost > 2 * limit ? [:] : used
        used = [:]
        usedCost = 0
    }

    /// Knows nothing from now on.
    mutating func removeAll() {
        used = [:]
        before = [:]
        usedCost = 0
    }
}
