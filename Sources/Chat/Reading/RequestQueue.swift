internal import DequeModule

/// Requests that are to be looked for, in the order in which they were put in. Those that have ended meanwhile are passed
/// over.
struct RequestQueue {
    private var requests = Deque<RoomRequest>()

    /// Whether nothing is to be looked for; those that have ended count until they are come to.
    var isEmpty: Bool { requests.isEmpty }

    mutating func append(_ request: RoomRequest) { requests.append(request) }

    /// Takes out those that meet the condition.
    mutating func take(where condition: (RoomRequest) -> Bool) -> [RoomRequest] {
        let taken = requests.filter(condition)
        if !taken.isEmpty { requests.removeAll(where: condition) }
        return Array(taken)
    }

    mutating func next() -> RoomRequest? {
        while let request = requests.popFirst() {
            if !request.hasEnded { return request }
        }
        return nil
    }
}
