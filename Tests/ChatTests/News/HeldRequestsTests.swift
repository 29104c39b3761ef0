import Testing

@testable import Chat

/// What an event costs is counted in requests that are looked at, whatever the clock says.
struct HeldRequestsTests {
    /// `people` hold a request in each of `rooms`, and all are known there.
    private static func crowd(people: Range<Int64>, rooms: Range<Int64>) -> HeldRequests {
        var held = HeldRequests()
        for room in rooms {
            for person in people {
                let request = HeldRequest(
                    room: room, session: SessionToken(), cursor: 7, limit: 50, members: nil, seenNews: 0)
                held.add(request)
                held.wait(request, of: Viewer(id: person, name: "p\(person)"))
                held.note(Room(id: room, kind: "group", name: nil, memberCount: 3), lastID: 7, news: 0)
                held.note(Viewer(id: person, name: ""), session: request.session, in: room, news: 0)
            }
        }
        return held
    }

    @Test(arguments: [10, 1_000] as [Int64])
    func `a logout costs what that person holds, however many others there are`(_ others: Int64) throws {
        var held = Self.crowd(people: 1..<others, rooms: 1..<5)
        var before = held.visits
        let nobodys = held.noteNews(ofPerson: others + 1)
        #expect(nobodys.isEmpty)
        #expect(held.visits == before, "nobody is concerned")
        let rooms = held.noteNews(ofPerson: 3)
        #expect(rooms == [1, 2, 3, 4])
        // Four requests, and what is known in four rooms.
        #expect(held.visits - before == 8)
        for room in Int64(1)..<5 {
            before = held.visits
            let due = held.takeDue(in: room, atMost: 1_000)
            #expect(due.map(\.viewer?.id) == [3])
            #expect(held.visits - before == 1)
        }
    }

    @Test func `news of a room costs what is held there, and each is looked for once`() throws {
        var held = Self.crowd(people: 1..<2_501, rooms: 1..<4)
        let before = held.visits
        let isKnown = (held.noteNews(inRoom: 2), held.noteNews(inRoom: 9))
        #expect(isKnown == (true, false))
        #expect(held.visits == before)
        var found: [Int] = []
        for count in [1_000, 1_000, 500, 0] {
            let some = held.takeDue(in: 2, atMost: 1_000)
            #expect(some.count == count)
            #expect(some.allSatisfy { $0.room == 2 && $0.seenNews == 1 })
            found += some.map(\.number)
        }
        #expect(Set(found).count == 2_500)
        #expect(held.visits - before == 2_500)
        let elsewhere = held.takeDue(in: 1, atMost: 1_000)
        #expect(elsewhere.isEmpty)
    }

    @Test func `news during a look makes those due again who were taken, and those who were not once`() throws {
        var held = Self.crowd(people: 1..<11, rooms: 1..<2)
        _ = held.noteNews(inRoom: 1)
        let first = held.takeDue(in: 1, atMost: 4)
        _ = held.noteNews(inRoom: 1)
        let again = (held.takeDue(in: 1, atMost: 100).count, held.takeDue(in: 1, atMost: 100).count)
        #expect(again == (10, 0))
        held.makeDue(first[0])
        held.makeDue(first[0])
        let due = held.takeDue(in: 1, atMost: 100)
        #expect(due.map(\.number) == [first[0].number])
    }

    @Test func `who has gone is looked for no more`() throws {
        var held = Self.crowd(people: 1..<3, rooms: 1..<2)
        _ = held.noteNews(inRoom: 1)
        for request in held.takeDue(in: 1, atMost: 1) {
            held.makeDue(request)
            held.remove(request)
        }
        let left = held.takeDue(in: 1, atMost: 10)
        #expect(left.count == 1)
        for request in Array(held.all) { held.remove(request) }
        let rooms = held.noteNews(ofPerson: 1).union(held.noteNews(ofPerson: 2))
        #expect(rooms.isEmpty)
    }

    @Test func `a logout makes the feed forget that person's sessions and nobody else's`() throws {
        var held = Self.crowd(people: 1..<4, rooms: 1..<3)
        let requests = Array(held.all)
        _ = held.noteNews(ofPerson: 2)
        for request in requests {
            let known = held[request.room]?.knowledge.reader(request.session, after: 7, news: 0)
            #expect((known == nil) == (request.viewer?.id == 2))
        }
    }

    @Test func `what rooms have forgotten does not pile up`() {
        var places = KnownPlaces()
        for person in Int64(0)..<100_000 {
            if places.note(person, person % 7) { places.sweep { person, _ in person % 1_000 == 0 } }
            #expect(places.count <= 1_025)
        }
        let taken = (places.take(99_000), places.take(99_000))
        #expect(taken == ([99_000 % 7], []))
    }
}
