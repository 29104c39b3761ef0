import Testing

@testable import Chat

/// What the simulation does not say: whom a look is for, and what an event costs.
struct RoomWatchTests {
    /// Rooms in which everybody is a member, each with one message.
    private static func rooms(_ count: Int64, people: Int64) -> SimulatedRooms {
        var rooms = SimulatedRooms()
        for room in 1...count {
            rooms.rooms[room] = SimulatedRooms.OneRoom()
            for person in 1...people { rooms.join(room, person) }
            rooms.send(1, to: room, by: 1)
        }
        for person in 1...people { rooms.sessions[token(person)] = person }
        return rooms
    }

    private static func token(_ person: Int64) -> SessionToken {
        let bytes = [UInt8](repeating: 0, count: 24) + withUnsafeBytes(of: person.bigEndian) { [UInt8]($0) }
        guard let token = SessionToken(bytes) else { preconditionFailure("32 bytes are a token") }
        return token
    }

    private static func follow(_ room: Int64, _ person: Int64, _ rooms: SimulatedRooms) -> RoomRequest {
        let cursor = rooms.newest(limit: 1, in: room)?.cursor ?? 0
        return RoomRequest(
            session: token(person), room: room, want: .after(cursor, limit: 50), mayWait: true)
    }

    /// Makes the looks that are wanted, and gives whom each was for.
    private static func settle(_ watch: inout RoomWatch, _ rooms: SimulatedRooms) -> (
        looks: [[RoomLook.Line]], endings: RoomWatch.Endings
    ) {
        var looks: [[RoomLook.Line]] = []
        var endings: RoomWatch.Endings = []
        while let look = watch.beginLook() {
            looks.append(look.lines)
            if !look.contents.isEmpty { watch.take(rooms.contents(for: look)) }
            watch.finishLook(rooms.result(of: look), &endings)
        }
        return (looks, endings)
    }

    /// A watch in which each of `people` waits in each of `count` rooms.
    private static func crowd(people: Int64, rooms count: Int64) -> (RoomWatch, SimulatedRooms) {
        let rooms = rooms(count, people: people)
        var watch = RoomWatch(bytes: 10_000_000)
        for room in 1...count { for person in 1...people { watch.ask(follow(room, person, rooms)) } }
        let (_, endings) = settle(&watch, rooms)
        precondition(endings.isEmpty && watch.heldCount == Int(people * count), "all wait")
        return (watch, rooms)
    }

    @Test(arguments: [10, 300] as [Int64])
    func `a logout costs what that person holds, however many others there are`(_ others: Int64) {
        var (watch, rooms) = Self.crowd(people: others, rooms: 4)
        let before = watch.visits
        watch.noteNews(ofPerson: others + 1)
        #expect(watch.visits == before && !watch.wantsLook, "nobody is concerned")
        rooms.sessions[Self.token(3)] = nil
        watch.noteNews(ofPerson: 3)
        #expect(watch.visits - before == 4)
        let (looks, endings) = Self.settle(&watch, rooms)
        #expect(looks.map(\.count) == [4])
        #expect(endings.count == 4)
        for (_, ending) in endings {
            guard case .refused(.notLoggedIn) = ending else {
                Issue.record("\(ending)")
                continue
            }
        }
    }

    @Test func `news of a room is read once for all who wait there, and costs the other rooms nothing`() {
        var (watch, rooms) = Self.crowd(people: 600, rooms: 2)
        rooms.send(1, to: 2, by: 1)
        watch.noteNews(ofRoom: 2)
        watch.noteNews(ofRoom: 9)
        let first = watch.beginLook()
        #expect(first?.contents.map(\.room) == [2])
        #expect(first?.lines.count == 256)
        var endings: RoomWatch.Endings = []
        if let first {
            watch.take(rooms.contents(for: first))
            watch.finishLook(rooms.result(of: first), &endings)
        }
        let second = watch.beginLook()
        #expect(second?.contents.isEmpty == true, "it is known by now")
        if let second { watch.finishLook(rooms.result(of: second), &endings) }
        let rest = Self.settle(&watch, rooms)
        #expect(rest.looks.map(\.count) == [600 - 512])
        #expect(endings.count + rest.endings.count == 600)
        #expect(watch.heldCount == 600)
        var batches: Set<ObjectIdentifier> = []
        for (_, ending) in endings {
            if case .read(let reading) = ending { batches.insert(ObjectIdentifier(reading.batch)) }
        }
        #expect(batches.count == 1, "what is made of it is made once")
    }

    @Test func `those who come back do not go before those who have not been told, and pages go before both`() {
        var (watch, rooms) = Self.crowd(people: 600, rooms: 1)
        rooms.send(1, to: 1, by: 1)
        watch.noteNews(ofRoom: 1)
        var told: RoomWatch.Endings = []
        var order: [Int] = []
        for turn in 0..<2 {
            guard let look = watch.beginLook() else {
                Issue.record("no look")
                return
            }
            order.append(look.lines.count)
            if !look.contents.isEmpty { watch.take(rooms.contents(for: look)) }
            var endings: RoomWatch.Endings = []
            watch.finishLook(rooms.result(of: look), &endings)
            told += endings
            for (request, _) in endings { watch.ask(Self.follow(1, Self.person(request), rooms)) }
            guard turn == 0 else { continue }
            for person in Int64(1)...300 {
                watch.ask(RoomRequest(session: Self.token(person), room: 1, want: .newest(limit: 50)))
            }
        }
        // Of the second, three quarters are pages, and the rest is of those who have waited for longest.
        #expect(order == [256, 256])
        #expect(told.suffix(256).filter { $0.request.mayWait }.count == 64)
        let followers = told.filter { $0.request.mayWait }
        #expect(Set(followers.map { ObjectIdentifier($0.request) }).count == 320)
        #expect(
            followers.allSatisfy { if case .after(let number, _) = $0.request.want { number < 602 } else { false } })
    }

    private static func person(_ request: RoomRequest) -> Int64 {
        request.session.bytes.suffix(8).reduce(0) { $0 << 8 | Int64($1) }
    }

    @Test func `of rooms of which nothing is known only some are asked for at once`() {
        let rooms = Self.rooms(40, people: 1)
        var watch = RoomWatch(bytes: 10_000_000)
        for room in Int64(1)...40 { watch.ask(Self.follow(room, 1, rooms)) }
        let (looks, _) = Self.settle(&watch, rooms)
        #expect(looks.map(\.count) == [16, 16, 8])
        #expect(watch.heldCount == 40)
    }

    @Test func `a failure that may be one request's own is that one's alone`() {
        let rooms = Self.rooms(3, people: 1)
        var watch = RoomWatch(bytes: 10_000_000)
        for room in Int64(1)...3 { watch.ask(RoomRequest(session: Self.token(1), room: room, want: .newest(limit: 1))) }
        var endings: RoomWatch.Endings = []
        _ = watch.beginLook()
        watch.failLook(Failed(), isOnes: true, &endings)
        #expect(endings.isEmpty)
        while let look = watch.beginLook() {
            #expect(look.lines.count == 1)
            if look.lines[0].room == 2 {
                watch.failLook(Failed(), isOnes: true, &endings)
            } else {
                watch.take(rooms.contents(for: look))
                watch.finishLook(rooms.result(of: look), &endings)
            }
        }
        let failed = endings.filter { if case .failed = $0.ending { true } else { false } }
        #expect(endings.count == 3)
        #expect(failed.map(\.request.room) == [2])
    }

    private struct Failed: Error {}

    /// Begins a look for whoever is due, and has the database answer it, so that what comes now comes too late for it.
    private static func answeredLook(_ watch: inout RoomWatch, _ rooms: SimulatedRooms) -> RoomLook.Result? {
        guard let look = watch.beginLook() else { return nil }
        if !look.contents.isEmpty { watch.take(rooms.contents(for: look)) }
        return rooms.result(of: look)
    }

    @Test func `news of a room that comes while a look is under way makes those due whom it is for`() throws {
        var rooms = Self.rooms(1, people: 1)
        var watch = RoomWatch(bytes: 10_000_000)
        watch.ask(Self.follow(1, 1, rooms))
        let result = try #require(Self.answeredLook(&watch, rooms))
        rooms.send(1, to: 1, by: 1)
        watch.noteNews(ofRoom: 1)
        var endings: RoomWatch.Endings = []
        watch.finishLook(result, &endings)
        #expect(endings.isEmpty && watch.wantsLook, "the look knew nothing of it")
        let rest = Self.settle(&watch, rooms)
        guard case .read(let reading)? = rest.endings.first?.ending else {
            Issue.record("\(rest.endings)")
            return
        }
        #expect(reading.batch.messages.count == 1)
    }

    @Test func `a logout that comes while a look is under way makes those due whose it is`() throws {
        var rooms = Self.rooms(1, people: 2)
        var watch = RoomWatch(bytes: 10_000_000)
        for person in Int64(1)...2 { watch.ask(Self.follow(1, person, rooms)) }
        let result = try #require(Self.answeredLook(&watch, rooms))
        rooms.sessions[Self.token(2)] = nil
        watch.noteNews(ofPerson: 2)
        var endings: RoomWatch.Endings = []
        watch.finishLook(result, &endings)
        #expect(endings.isEmpty && watch.wantsLook)
        let rest = Self.settle(&watch, rooms)
        guard rest.endings.count == 1, case .refused(.notLoggedIn) = rest.endings[0].ending else {
            Issue.record("\(rest.endings)")
            return
        }
        #expect(watch.heldCount == 1)
    }

    @Test func `when the database is away who is held stays held, and what was to be read is read by the next look`() {
        var (watch, rooms) = Self.crowd(people: 3, rooms: 1)
        rooms.send(1, to: 1, by: 1)
        watch.noteNews(ofRoom: 1)
        var endings: RoomWatch.Endings = []
        #expect(watch.beginLook()?.contents.map(\.room) == [1])
        watch.failLook(Failed(), isOnes: false, &endings)
        #expect(endings.isEmpty && watch.heldCount == 3 && !watch.wantsLook)
        // Who is not held yet is told.
        watch.ask(RoomRequest(session: Self.token(1), room: 1, want: .newest(limit: 1)))
        #expect(watch.beginLook()?.contents.map(\.room) == [1], "the look before has not read it")
        watch.failLook(Failed(), isOnes: false, &endings)
        #expect(endings.count == 1 && watch.heldCount == 3)
        watch.noteMissedNews()
        #expect(Self.settle(&watch, rooms).endings.count == 3)
    }

    @Test func `whoever asks after the stop is not held`() {
        let rooms = Self.rooms(1, people: 1)
        var watch = RoomWatch(bytes: 10_000_000)
        var endings: RoomWatch.Endings = []
        watch.stop(&endings)
        watch.ask(Self.follow(1, 1, rooms))
        #expect(Self.settle(&watch, rooms).endings.count == 1)
        #expect(watch.heldCount == 0)
    }

    @Test func `who comes while a look is under way that fails with the database waits for no other`() {
        var (watch, rooms) = Self.crowd(people: 2, rooms: 1)
        rooms.send(1, to: 1, by: 1)
        watch.noteNews(ofRoom: 1)
        let begun = watch.beginLook()
        #expect(begun?.lines.count == 2)
        watch.ask(RoomRequest(session: Self.token(1), room: 1, want: .newest(limit: 1)))
        watch.ask(Self.follow(1, 2, rooms))
        watch.noteNews(ofRoom: 1)
        var endings: RoomWatch.Endings = []
        watch.failLook(Failed(), isOnes: false, &endings)
        #expect(endings.count == 2 && endings.allSatisfy { if case .failed = $0.ending { true } else { false } })
        #expect(watch.heldCount == 2, "who is held waits on")
        watch.noteMissedNews()
        #expect(Self.settle(&watch, rooms).endings.count == 2)
    }
}
