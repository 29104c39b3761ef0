import TestSupport

@testable import Chat

/// Everything that can happen to a `RoomWatch`, at random and in any order: requests that come, wait, are over or go; looks
/// that overlap with news, fail or come back late; news that is late, doubled or lost; people who log out and leave.
///
/// After each step what it has answered is held against `SimulatedRooms`: each request once, with what the database had when
/// its look was made, which was after it was asked.
struct WatchScenario {
    private struct Open {
        let request: RoomRequest
        let step: Int
    }

    private var random: SeededGenerator
    private var rooms = SimulatedRooms()
    private var watch: RoomWatch
    private var open: [Int: Open] = [:]
    private var look: RoomLook?
    /// The look's statements have run: when, and what the database had. The first is of the rooms' contents.
    private var read: (step: Int, rooms: SimulatedRooms)?
    private var ran: (step: Int, rooms: SimulatedRooms)?
    /// Told, and not heard of yet.
    private var news: [News] = []
    private var step = 0
    private var violation: String?

    private static let people: Range<Int64> = 1..<6
    private static let steps = 400

    static func run(seed: UInt64) -> Simulation.Outcome {
        var scenario = WatchScenario(seed: seed)
        while scenario.step < steps, scenario.violation == nil {
            scenario.step += 1
            scenario.happen()
            if scenario.step % 40 == 0 { scenario.settle() }
        }
        return Simulation.Outcome(violation: scenario.violation, steps: scenario.step)
    }

    private init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        // Sometimes hardly anything can be kept, and sometimes a look is for few.
        watch = RoomWatch(
            bytes: random.once(in: 3) ? 100_000 : 10_000_000, maxRequests: random.once(in: 2) ? 4 : 100,
            maxNewRooms: 1 + random.below(3))
        for room in Int64(1)...3 { rooms.send(random.once(in: 2) ? 0 : random.below(120), to: room, by: 1) }
    }

    private mutating func fail(_ text: String) { violation = violation ?? "step \(step): \(text)" }

    // MARK: Events

    private mutating func happen() {
        switch random.below(22) {
        case 0...4: ask()
        case 5: if let one = anyOpen() { end(one) }
        case 6...9: write()
        case 10: people()
        case 11...13: hearNews()
        case 14: watch.noteMissedNews()
        case 15...17: runLook()
        case 18...20: endLook()
        default: beginLook()
        }
    }

    private mutating func anyRoom() -> Int64 { Int64(1 + random.below(4)) }
    private mutating func anyPerson() -> Int64 { Int64(1 + random.below(5)) }
    private mutating func anyOpen() -> RoomRequest? {
        open.isEmpty ? nil : open[open.keys.sorted()[random.below(open.count)]]?.request
    }

    private mutating func anySession() -> SessionToken {
        tokens.isEmpty || random.once(in: 20) ? token(0) : tokens[random.below(tokens.count)]
    }

    private var sessionCount = 0
    /// Of those who are logged in, in the order in which they did.
    private var tokens: [SessionToken] = []

    private func token(_ number: Int) -> SessionToken {
        var bytes = [UInt8](repeating: 0, count: SessionToken.byteCount)
        for index in 0..<8 { bytes[index] = UInt8(truncatingIfNeeded: number >> (8 * (7 - index))) }
        guard let token = SessionToken(bytes) else { preconditionFailure("32 bytes are a token") }
        return token
    }

    private mutating func ask() {
        let room = anyRoom()
        let limit = random.size(upTo: 60)
        let greatest = rooms.newest(limit: 1, in: room)?.cursor ?? 0
        let number = random.once(in: 3) ? Int64(random.below(Int(greatest) + 2)) : greatest
        let want: RoomRequest.Want =
            switch random.below(8) {
            case 0: .viewer
            case 1: .newest(limit: limit)
            default: .after(number, limit: limit)
            }
        var isOfRoom = true
        if case .viewer = want { isOfRoom = false }
        let request = RoomRequest(
            session: anySession(), room: isOfRoom ? room : 0, want: want, mayWait: isOfRoom && !random.once(in: 4))
        watch.ask(request)
        open[request.number] = Open(request: request, step: step)
    }

    private mutating func write() {
        let room = Int64(1 + random.below(3))
        let count = rooms.rooms[room]?.entries.count ?? 0
        switch random.below(8) {
        case 0: rooms.send(random.size(upTo: 70), to: room, by: anyPerson())
        case 1, 2: if count > 0 { rooms.edit(random.once(in: 2) ? count - 1 : random.below(count), in: room) }
        case 3: if count > 0, random.once(in: 20) { rooms.remove(random.below(count), in: room) }
        case 4:
            for _ in 0..<(random.once(in: 9) ? 55 : 0) { if count > 0 { rooms.edit(random.below(count), in: room) } }
        default: rooms.send(1, to: room, by: anyPerson())
        }
        tell(.room(room))
    }

    private mutating func people() {
        let person = anyPerson()
        let room = Int64(1 + random.below(3))
        switch random.below(6) {
        case 0:
            sessionCount += 1
            rooms.sessions[token(sessionCount)] = person
            tokens.append(token(sessionCount))
        case 1:
            let session = anySession()
            guard let owner = rooms.sessions.removeValue(forKey: session) else { return }
            tokens.removeAll { $0 == session }
            tell(.person(owner))
        case 2: rooms.leave(room, person)
        case 3: if random.once(in: 10) { rooms.rename(person) }
        default: rooms.join(room, person)
        }
        tell(.room(room))
    }

    private mutating func tell(_ fact: News) {
        if !random.once(in: 10) { news.append(fact) }
        if random.once(in: 5) { news.append(fact) }
    }

    private mutating func hearNews() {
        guard !news.isEmpty else { return }
        switch news.remove(at: random.below(news.count)) {
        case .room(let room): watch.noteNews(ofRoom: room)
        case .person(let person): watch.noteNews(ofPerson: person)
        }
    }

    // MARK: Looks

    private mutating func beginLook() {
        let isUnderWay = look != nil
        guard let begun = watch.beginLook() else { return }
        if isUnderWay { fail("a second look while one is under way") }
        look = begun
    }

    private mutating func runLook() {
        guard let look else { return }
        if read == nil, !look.contents.isEmpty {
            read = (step, rooms)
        } else if ran == nil {
            ran = (step, rooms)
        }
    }

    private mutating func endLook() {
        guard look != nil, ran != nil || read != nil else { return }
        if random.once(in: 15) {
            var endings: RoomWatch.Endings = []
            watch.failLook(Failed(), isOnes: random.once(in: 2), &endings)
            check(endings)
            forgetLook()
        } else if ran != nil {
            finishLook()
        }
    }

    private mutating func finishLook() {
        guard let look else { return }
        let seen = ran ?? (step, rooms)
        if !look.contents.isEmpty { watch.take((read ?? seen).rooms.contents(for: look)) }
        ran = seen
        var endings: RoomWatch.Endings = []
        watch.finishLook(seen.rooms.result(of: look), &endings)
        check(endings)
        forgetLook()
    }

    private mutating func forgetLook() {
        look = nil
        read = nil
        ran = nil
    }

    private mutating func end(_ request: RoomRequest) {
        var endings: RoomWatch.Endings = []
        let wasHeld = request.isHeld
        watch.endWait(request, &endings)
        guard wasHeld else { return endings.isEmpty ? () : fail("an answer to one who was not held") }
        guard endings.count == 1, case .read(let reading) = endings[0].ending else {
            return fail("a wait has not ended")
        }
        if !reading.batch.messages.isEmpty { fail("messages at the end of a wait") }
        if open.removeValue(forKey: request.number) == nil { fail("answered twice") }
    }

    struct Failed: Error {}

    // MARK: Checks

    private mutating func check(_ endings: RoomWatch.Endings) {
        for (request, ending) in endings {
            guard let one = open.removeValue(forKey: request.number) else {
                fail("answered twice, or never asked")
                continue
            }
            guard let ran else { continue }
            if case .failed = ending { continue }
            if ran.step < one.step || read.map({ $0.step < one.step }) ?? false {
                fail("a look older than its request")
            }
            check(request, ending, ran.rooms)
        }
    }

    private mutating func check(_ request: RoomRequest, _ ending: RoomRequest.Ending, _ rooms: SimulatedRooms) {
        let standing = rooms.standing(of: request.session, in: request.room)
        switch ending {
        case .viewer(let viewer):
            if rooms.sessions[request.session] != viewer.id { fail("somebody else's session") }
        case .refused(.notLoggedIn):
            if rooms.sessions[request.session] != nil { fail("refused although logged in") }
        case .refused(.noSuchRoom): if rooms.rooms[request.room] != nil { fail("there is that room") }
        case .refused(.notAMember): if case .member = standing { fail("refused although a member") }
        case .refused(let refusal): fail("\(refusal)")
        case .failed: break
        case .history:
            guard case .member = standing else { return fail("history for a stranger") }
            switch request.want {
            case .after(let number, _):
                let newer = (read?.rooms ?? rooms).after(number, limit: .max, in: request.room)?.messages.count ?? 0
                if newer <= RoomReplica.length { fail("history without need") }
            case .newest(let limit): if limit <= RoomReplica.length { fail("history without need") }
            case .viewer: fail("history of nothing")
            }
        case .read(let reading):
            guard case .member(let viewer) = standing else { return fail("read by a stranger") }
            if reading.viewer.id != viewer.id { fail("read as somebody else") }
            // The contents are of the moment when they were read, or there was nothing new since.
            let isRead = look?.contents.contains { $0.room == request.room } ?? false
            let seen = isRead ? read?.rooms ?? rooms : rooms
            let expected = Self.answer(to: request.want, in: request.room, seen)
            let answer = SimulatedRooms.answer(of: reading)
            if answer != expected { fail("\(answer) instead of \(expected.map { "\($0)" } ?? "nothing")") }
            checkPeople(reading, seen)
        }
    }

    private static func answer(
        to want: RoomRequest.Want, in room: Int64, _ rooms: SimulatedRooms
    ) -> SimulatedRooms.Answer? {
        switch want {
        case .after(let number, let limit): rooms.after(number, limit: limit, in: room)
        case .newest(let limit): rooms.newest(limit: limit, in: room)
        case .viewer: nil
        }
    }

    private mutating func checkPeople(_ reading: RoomReading, _ rooms: SimulatedRooms) {
        let others = (rooms.rooms[reading.room.id]?.members ?? []).subtracting([reading.viewer.id]).sorted().prefix(3)
        let names = others.isEmpty ? nil : others.map { rooms.name(of: $0) }.joined(separator: ", ")
        if reading.people != names { fail("people: \(reading.people ?? "-") instead of \(names ?? "-")") }
    }

    /// All that is under way ends: then whoever waits does so rightly, and nobody is left.
    private mutating func settle() {
        for fact in news {
            switch fact {
            case .room(let room): watch.noteNews(ofRoom: room)
            case .person(let person): watch.noteNews(ofPerson: person)
            }
        }
        news = []
        watch.noteMissedNews()
        var rounds = 0
        while look != nil || watch.wantsLook {
            rounds += 1
            guard rounds < 1_000, violation == nil else { return fail("it never comes to rest") }
            if look == nil { beginLook() }
            finishLook()
        }
        for one in open.values { checkWaits(one.request) }
        if watch.heldCount != open.count { fail("\(watch.heldCount) are held of \(open.count)") }
    }

    private mutating func checkWaits(_ request: RoomRequest) {
        guard request.mayWait, case .after(let number, let limit) = request.want else { return fail("one is left") }
        guard case .member = rooms.standing(of: request.session, in: request.room) else {
            return fail("a stranger waits")
        }
        guard let answer = rooms.after(number, limit: limit, in: request.room) else { return fail("waits in no room") }
        if !answer.messages.isEmpty { fail("waits although there is a message") }
        if number > 0, answer.cursor > number { fail("waits although the room has changed") }
    }
}
