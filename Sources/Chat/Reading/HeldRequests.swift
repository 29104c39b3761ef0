/// Requests that are held, found by what happens: by room for what is said there, by person for who logs out. No event
/// costs more than those it concerns.
struct HeldRequests {
    /// By number.
    private typealias Requests = [Int: RoomRequest]

    private var rooms: [Int64: Requests] = [:]
    private var people: [Int64: Requests] = [:]
    private(set) var count = 0

    var all: [RoomRequest] { rooms.values.flatMap(\.values) }

    /// Holds the request, or takes note of what another look has found for one that is held.
    mutating func hold(_ request: RoomRequest, _ reading: RoomReading) {
        let isNew = request.reading == nil
        request.reading = reading
        guard isNew else { return }
        count += 1
        rooms[request.room, default: [:]][request.number] = request
        people[reading.viewer.id, default: [:]][request.number] = request
    }

    /// Holds it no longer, if it is held.
    mutating func release(_ request: RoomRequest) {
        guard let reading = request.reading else { return }
        count -= 1
        rooms[request.room]?[request.number] = nil
        if rooms[request.room]?.isEmpty == true { rooms[request.room] = nil }
        people[reading.viewer.id]?[request.number] = nil
        if people[reading.viewer.id]?.isEmpty == true { people[reading.viewer.id] = nil }
    }

    func forEach(inRoom room: Int64, _ body: (RoomRequest) -> Void) {
        guard let requests = rooms[room] else { return }
        for request in requests.values { body(request) }
    }

    func forEach(ofPerson person: Int64, _ body: (RoomRequest) -> Void) {
        guard let requests = people[person] else { return }
        for request in requests.values { body(request) }
    }
}
