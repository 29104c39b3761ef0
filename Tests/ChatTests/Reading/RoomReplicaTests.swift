import Testing

@testable import Chat

/// What is kept of rooms.
struct RoomReplicaTests {
    private static func message(_ id: Int64, change: Int64? = nil, size: Int = 1) -> Message {
        Message(
            id: id, room: 7, senderID: 1, sender: "alice", content: Array(repeating: 97, count: size), createdAt: 0,
            clientID: UUIDBytes(UInt128(0)), change: change)
    }

    private static func found(
        _ ids: [Int64], changed: [Message] = [], change: Int64 = 1, members: Int64 = 2, size: Int = 1
    ) -> RoomReplica.Found {
        RoomReplica.Found(
            room: Room(id: 7, kind: "group", name: nil, memberCount: members), change: change, firstPeople: [],
            newer: ids.reversed().map { message($0, size: size) }, changed: changed)
    }

    @Test func `those who ask for the same are given the same, until there is something new`() throws {
        let replica = RoomReplica(Self.found([2, 3, 4]))
        let first = try #require(replica.after(4, limit: 50))
        #expect(replica.after(4, limit: 50) === first)
        replica.merge(Self.found([], change: 1))
        #expect(replica.after(4, limit: 50) === first)
        #expect(replica.after(99, limit: 50) === first, "who is ahead of the room knows no less")
        replica.merge(Self.found([], change: 5, members: 3))
        let second = try #require(replica.after(4, limit: 50))
        #expect(second !== first)
        #expect(second.cursor == 5)
        #expect(second.messages.isEmpty)
    }

    @Test func `what goes back further than what is kept is not answered`() throws {
        let replica = RoomReplica(Self.found(Array(11...61)))
        #expect(replica.newest.count == 50 && replica.hasOlder)
        #expect(replica.after(10, limit: 50) == nil)
        #expect(try #require(replica.after(11, limit: 50)).messages.map(\.id) == Array(12...61))
        #expect(replica.newest(limit: 51) == nil)
        #expect(try #require(replica.newest(limit: 2)).messages.map(\.id) == [60, 61])
    }

    @Test func `a message that has changed before the newest is told to those who follow`() throws {
        let replica = RoomReplica(Self.found(Array(11...61)))
        replica.merge(Self.found([], changed: [Self.message(3, change: 62)], change: 1))
        let answer = try #require(replica.after(61, limit: 50))
        #expect(answer.messages.map(\.id) == [3])
        #expect(answer.cursor == 62)
        #expect(try #require(replica.newest(limit: 50)).messages.last?.id == 61)
    }

    @Test func `what is kept stays within its bytes, however many rooms are visited once`() {
        var replicas = RoomReplicas(bytes: 1_000_000)
        for room in Int64(1)...20_000 {
            let isTaken = replicas.merge(Self.found([2, 3, 4], size: 100), in: room)
            replicas.trim()
            // This one is read all the time.
            let isFirstKept = replicas.use(1) != nil
            #expect(isTaken && isFirstKept)
        }
        #expect(replicas.count < 200, "\(replicas.count) of about 6 kB")
        #expect(replicas.count > 60)
        let isLatestKept = (replicas.use(20_000) != nil, replicas.use(10_000) == nil)
        #expect(isLatestKept == (true, true))
    }

    @Test func `a room that is larger than all that may be kept is answered, and not kept`() {
        var replicas = RoomReplicas(bytes: 10_000)
        let isTaken = replicas.merge(Self.found(Array(2...40), size: 4_000), in: 1)
        let isThere = replicas.use(1) != nil
        replicas.trim()
        let isGone = replicas.use(1) == nil
        #expect(isTaken && isThere && isGone)
    }
}
