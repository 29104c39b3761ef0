@testable import Chat

/// Rooms, people and messages, as the database would have them: the truth that the simulation holds answers against.
struct SimulatedRooms {
    struct Entry: Equatable {
        let id: Int64
        var change: Int64?
        let sender: Int64
        /// What it answers.
        var reply: Int64?
        var version = 0
        var number: Int64 { change ?? id }
    }

    struct OneRoom {
        var entries: [Entry] = []
        var change: Int64 = 0
        var members: Set<Int64> = []
    }

    /// What an answer says, in a form that can be compared.
    struct Answer: Equatable {
        var messages: [String]
        var hasMore: Bool
        var cursor: Int64
        var members: Int64
    }

    var rooms: [Int64: OneRoom] = [1: OneRoom(), 2: OneRoom(), 3: OneRoom()]
    var sessions: [SessionToken: Int64] = [:]
    var names: [Int64: String] = [:]
    var epoch: Int64 = 1
    private var lastNumber: Int64 = 0

    private mutating func draw() -> Int64 {
        lastNumber += 1
        return lastNumber
    }

    // MARK: What happens

    mutating func send(_ count: Int, to room: Int64, by person: Int64) {
        for _ in 0..<count {
            let number = draw()
            guard let entries = rooms[room]?.entries else { return }
            // Some answer what is shown, others what is long ago.
            let reply = number % 3 > 0 && !entries.isEmpty ? entries[entries.count * Int(number % 3) / 3].id : nil
            rooms[room]?.entries.append(Entry(id: number, sender: person, reply: reply))
        }
    }

    mutating func edit(_ index: Int, in room: Int64) {
        let number = draw()
        rooms[room]?.entries[index].version += 1
        rooms[room]?.entries[index].change = number
    }

    mutating func join(_ room: Int64, _ person: Int64) {
        guard rooms[room]?.members.insert(person).inserted == true else { return }
        let number = draw()
        rooms[room]?.change = number
    }

    mutating func leave(_ room: Int64, _ person: Int64) {
        guard rooms[room]?.members.remove(person) != nil else { return }
        let number = draw()
        rooms[room]?.change = number
    }

    mutating func rename(_ person: Int64) {
        names[person] = name(of: person) + "'"
        epoch += 1
    }

    /// As only the machine's owner can.
    mutating func remove(_ index: Int, in room: Int64) {
        guard let removed = rooms[room]?.entries.remove(at: index).id else { return }
        for index in rooms[room]?.entries.indices ?? 0..<0 where rooms[room]?.entries[index].reply == removed {
            let number = draw()
            rooms[room]?.entries[index].reply = nil
            rooms[room]?.entries[index].change = number
        }
        epoch += 1
    }

    func name(of person: Int64) -> String { names[person] ?? "p\(person)" }

    // MARK: What is to be read

    func after(_ number: Int64, limit: Int, in room: Int64) -> Answer? {
        guard let state = rooms[room] else { return nil }
        let newer = state.entries.filter { $0.number > number }.sorted { $0.number < $1.number }
        let some = newer.prefix(limit)
        let greatest = max(state.change, state.entries.map(\.number).max() ?? 0)
        return Answer(
            messages: some.map { text($0, in: state) }, hasMore: newer.count > limit,
            cursor: newer.count > limit ? some.last?.number ?? 0 : greatest, members: Int64(state.members.count))
    }

    func newest(limit: Int, in room: Int64) -> Answer? {
        guard let state = rooms[room] else { return nil }
        return Answer(
            messages: state.entries.suffix(limit).map { text($0, in: state) }, hasMore: state.entries.count > limit,
            cursor: max(state.change, state.entries.map(\.number).max() ?? 0), members: Int64(state.members.count))
    }

    private func text(_ entry: Entry, in room: OneRoom) -> String {
        Self.text(message(entry, of: 0, in: room))
    }

    private static func text(_ message: Message) -> String {
        let words = String(decoding: message.content, as: UTF8.self)
        let quote = message.quote.map {
            "\($0.id) \($0.sender ?? "") \(String(decoding: $0.content ?? [], as: UTF8.self))"
        }
        return "\(message.id) \(message.number) \(words) \(message.sender ?? "") > \(quote ?? "")"
    }

    static func answer(of reading: RoomReading) -> Answer {
        Answer(
            messages: reading.batch.messages.map(text), hasMore: reading.batch.hasMore, cursor: reading.batch.cursor,
            members: reading.room.memberCount)
    }

    /// What the statement of a look finds.
    func result(of look: RoomLook) -> RoomLook.Result {
        var result = RoomLook.Result()
        result.epoch = epoch
        for line in look.lines {
            result.standings.append(standing(of: line.session, in: line.room))
            guard line.isFirst, let state = rooms[line.room] else { continue }
            let number = max(state.change, state.entries.map(\.number).max() ?? 0)
            result.heads[line.room] = RoomLook.Head(number: number, change: state.change)
        }
        return result
    }

    /// What the statement before it finds.
    func contents(for look: RoomLook) -> RoomContents {
        var contents = RoomContents()
        contents.epoch = epoch
        for wanted in look.contents { contents.rooms.updateValue(found(wanted), forKey: wanted.room) }
        return contents
    }

    func standing(of session: SessionToken, in room: Int64) -> RoomLook.Standing {
        guard let person = sessions[session] else { return .notLoggedIn }
        let viewer = Viewer(id: person, name: name(of: person))
        return rooms[room]?.members.contains(person) == true ? .member(viewer) : .notAMember(viewer)
    }

    private func found(_ known: RoomContents.Wanted) -> RoomReplica.Found? {
        let room = known.room
        guard let state = rooms[room] else { return nil }
        let count = RoomReplica.length + 1
        return RoomReplica.Found(
            room: Room(id: room, kind: "group", name: nil, memberCount: Int64(state.members.count)),
            change: state.change,
            firstPeople: state.change == known.change
                ? nil : state.members.sorted().prefix(4).map { RoomPerson(id: $0, name: name(of: $0)) },
            newer: state.entries.filter { $0.id > known.number }.suffix(count).reversed().map {
                message($0, of: room, in: state)
            },
            changed: state.entries.filter { ($0.change ?? 0) > known.number }.sorted { $0.number > $1.number }
                .prefix(count).map { message($0, of: room, in: state) })
    }

    private func message(_ entry: Entry, of room: Int64, in state: OneRoom) -> Message {
        let quoted = entry.reply.flatMap { reply in
            // Looked for by halves: there are thousands, in the order of their ids.
            var (low, high) = (0, state.entries.count)
            while low < high {
                let middle = (low + high) / 2
                if state.entries[middle].id < reply { low = middle + 1 } else { high = middle }
            }
            return low < state.entries.count && state.entries[low].id == reply ? state.entries[low] : nil
        }
        return Message(
            id: entry.id, room: room, senderID: entry.sender, sender: name(of: entry.sender), content: words(of: entry),
            createdAt: 0, clientID: UUIDBytes(UInt128(0)), change: entry.change,
            quote: quoted.map { Quote(id: $0.id, sender: name(of: $0.sender), content: words(of: $0)) })
    }

    private func words(of entry: Entry) -> [UInt8] { Array("\(entry.version)".utf8) }
}
