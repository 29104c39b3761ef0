import HTTP
import PostgreSQL
import Testing

/// Nobody without a session gets in anywhere.
struct StrangerTests {
    /// Every request that needs a session; ROOM stands for a room that exists.
    static let requests: [(method: String, target: String, form: [String: String])] = [
        ("GET", "/dashboard", [:]), ("GET", "/my-rooms", [:]), ("GET", "/room/ROOM", [:]),
        ("GET", "/room/ROOM?before=9", [:]), ("GET", "/room/ROOM/messages", [:]),
        ("GET", "/room/ROOM/export?format=txt", [:]), ("GET", "/join/ROOM", [:]), ("GET", "/room/ROOM/details", [:]),
        ("GET", "/join/ROOM/poster", [:]), ("GET", "/join/ROOM/qr.svg", [:]),
        ("POST", "/room/ROOM/name", ["name": "mine"]),
        ("GET", "/room/ROOM/messages?after=0", [:]), ("GET", "/room/ROOM/messages?before=99", [:]),
        ("GET", "/room/ROOM/messages?after=99999&wait=5", [:]), ("HEAD", "/room/ROOM", [:]),
        ("POST", "/room/create", ["type": "group"]), ("POST", "/room/create", ["type": "dm", "with": "alice"]),
        ("POST", "/room/join", ["room_id": "ROOM"]), ("POST", "/room/ROOM/leave", [:]),
        ("GET", "/room/ROOM?reply=1", [:]), ("GET", "/room/ROOM/message/1", [:]),
        ("POST", "/room/ROOM/message/1/edit", ["content": "let me in"]), ("POST", "/room/ROOM/message/1/delete", [:]),
        ("POST", "/room/ROOM/send", ["content": "let me in", "reply_to": "1"]),
        ("POST", "/room/ROOM/send", ["content": "let me in"]), ("POST", "/account/delete", [:]),
        ("POST", "/logout/others", [:]),
    ]

    enum Cookie: CaseIterable {
        case none, nonsense, unknown, empty, tooLong, ofAnotherName, loggedOut, ofADeletedAccount, expired
    }

    @Test(arguments: Cookie.allCases) func `nobody gets in by any endpoint`(with cookie: Cookie) async throws {
        try await TestSite.with { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom(name: "watercooler")
            try await alice.say("secret", in: room)
            let bob = try await site.person("bob")
            try await bob.join(room)
            #expect(try await bob.contents(in: room) == ["secret"], "bob exists and is in")
            let stranger = site.visitor(cookie: try await Self.spoil(cookie, of: bob, at: site))
            let before = try await Self.fingerprint(site)

            for request in Self.requests {
                let target = request.target.replacing("ROOM", with: "\(room)")
                let form = request.form.mapValues { $0.replacing("ROOM", with: "\(room)") }
                let asks = { (format: Client.Format) in
                    request.method == "POST"
                        ? try await stranger.post(target, form, as: format)
                        : try await stranger.send(request.method, target, as: format)
                }
                let page = try await asks(.html)
                if request.method != "POST", !target.contains("/messages") {
                    let leadsBack = target.hasPrefix("/room/") || target.hasPrefix("/join/")
                    expectRedirect(page, to: leadsBack ? "/?next=\(PercentCoding.encode(target))" : "/")
                } else {
                    #expect(page.status == 401, "\(target)")
                }
                #expect(!page.contains("secret") && !page.contains("watercooler"))
                let program = try await asks(.json)
                if request.method == "HEAD" {
                    #expect(program.status == 401)
                } else {
                    try expectProblem(program, 401)
                }
            }
            #expect(try await Self.fingerprint(site) == before, "nothing has changed")
        }
    }

    /// A cookie that once was bob's, or never was anybody's.
    private static func spoil(_ cookie: Cookie, of bob: Client, at site: TestSite) async throws -> String? {
        let own = bob.cookie ?? ""
        switch cookie {
        case .none: return nil
        case .nonsense: return "obrolan_session=nonsense"
        case .unknown: return "obrolan_session=" + String(repeating: "0", count: 64)
        case .empty: return "obrolan_session="
        case .tooLong: return own + "00"
        case .ofAnotherName: return own.replacing("obrolan_session=", with: "Session=")
        case .loggedOut: _ = try await bob.post("/logout")
        case .ofADeletedAccount: _ = try await bob.post("/account/delete")
        case .expired:
            _ = try await site.query(
                "UPDATE sessions SET expires_at = now() WHERE user_id = $1", [.int(try await bob.id())])
        }
        return own
    }

    private static func fingerprint(_ site: TestSite) async throws -> [Int64] {
        var counts: [Int64] = []
        // What is left of an account that was deleted goes by and by.
        for table in ["users WHERE deleted_at IS NULL", "rooms", "room_members", "messages", "sessions"] {
            counts.append(try await site.int("SELECT count(*) FROM \(table)"))
        }
        return counts
    }
}
