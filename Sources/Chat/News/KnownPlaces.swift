/// In which rooms something is known of a person's sessions. Also such as it was known in: a room forgets without saying
/// so, and what is left of that is gone through when there may be more of it than of the rest.
struct KnownPlaces {
    private var rooms: [Int64: Set<Int64>] = [:]
    private(set) var count = 0
    private var limit = leastLimit

    private static let leastLimit = 1_024

    /// - Returns: whether it is time to `sweep`.
    mutating func note(_ person: Int64, _ room: Int64) -> Bool {
        if rooms[person, default: []].insert(room).inserted { count += 1 }
        return count > limit
    }

    /// The rooms of the person, which are not noted any more.
    mutating func take(_ person: Int64) -> Set<Int64> {
        let taken = rooms.removeValue(forKey: person) ?? []
        count -= taken.count
        return taken
    }

    /// Keeps what is so still. Between two of these as much was noted as this one goes through, so each note pays for one.
    mutating func sweep(_ isKnown: (_ person: Int64, _ room: Int64) -> Bool) {
        count = 0
        for (person, places) in rooms {
            let left = places.filter { isKnown(person, $0) }
            rooms[person] = left.isEmpty ? nil : left
            count += left.count
        }
        limit = max(Self.leastLimit, 2 * count)
    }
}
