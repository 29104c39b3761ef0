import Testing

struct MembershipRaceTests {
    @Test func `leaving, joining and deleting the account at once is no error of the server`() async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            var rooms: [Int64] = []
            for _ in 0..<4 { rooms.append(try await alice.makeRoom()) }
            let ids = rooms
            for round in 0..<15 {
                let bob = try await site.person("bob\(round)")
                for room in ids { try await bob.join(room) }
                let statuses = try await atOnce(13) { index in
                    let bob = bob.at(site)
                    let room = ids[index % 4]
                    return switch index {
                    case 6: try await bob.post("/account/delete", as: .json).status
                    case _ where index.isMultiple(of: 3):
                        try await bob.post("/room/join", ["room_id": "\(room)"], as: .json).status
                    default: try await bob.post("/room/\(room)/leave", as: .json).status
                    }
                }
                #expect(statuses.allSatisfy { [200, 401, 403].contains($0) }, "\(statuses)")
            }
            #expect(try await site.int("SELECT count(*) FROM users WHERE deleted_at IS NULL") == 1)
            #expect(try await site.int("SELECT count(*) FROM room_members") == 4)
            #expect(try await site.int("SELECT sum(member_count)::bigint FROM rooms") == 4)
        }
    }
}
