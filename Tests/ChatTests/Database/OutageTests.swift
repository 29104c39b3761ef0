import EmbeddedPostgreSQL
import FoundationEssentials
import Glibc
import Testing

struct OutageTests {
    @Test func `while PostgreSQL is away requests are refused soon, and all goes on when it is back`() async throws {
        let (cluster, folder) = try await TestDatabase.startCluster()
        let schema = TestSchema(name: "outage", number: 1, connectionString: cluster.connectionString)
        try await TestSite.start(on: schema, acquireTimeout: .seconds(1)).runThenStop { site in
            let alice = try await site.person("alice")
            let room = try await alice.makeRoom()
            try await alice.say("before", in: room)
            let cursor = try #require(try await alice.messages(in: room)["cursor"].int)
            let held = try await alice.wait(in: room, after: cursor, seconds: 30)
            #expect(try await held.isHeld())

            // As `pg_ctl stop -m immediate` does.
            let file = try String(contentsOfFile: "\(folder)/postmaster.pid", encoding: .utf8)
            let pid = try #require(file.split(separator: "\n").first.flatMap { pid_t($0) })
            #expect(kill(pid, SIGQUIT) == 0)
            #expect(try await eventually { try await alice.get("/healthz").status == 503 })

            let start = ContinuousClock.now
            for (method, target, form) in [
                ("GET", "/dashboard", [:]), ("GET", "/room/\(room)", [:]), ("GET", "/room/\(room)/messages", [:]),
                ("GET", "/room/\(room)/messages?after=\(cursor)&wait=30", [:]),
                ("POST", "/register", ["username": "bob"]),
                ("POST", "/login", ["username": "alice"]), ("POST", "/room/create", ["type": "group"]),
                ("POST", "/room/join", ["room_id": "\(room)"]), ("POST", "/room/\(room)/leave", [:]),
                ("POST", "/account/delete", [:]), ("GET", "/logout", [:]), ("GET", "/", [:]), ("GET", "/healthz", [:]),
            ] {
                for format in [Client.Format.html, .json] {
                    let response =
                        method == "POST"
                        ? try await alice.post(target, form, as: format) : try await alice.get(target, as: format)
                    #expect(response.status == 503, "\(method) \(target)")
                    #expect(response["retry-after"].flatMap { Int($0) } ?? 0 > 0, "\(method) \(target)")
                    if format == .html { expectPage(response, 503) } else { try expectProblem(response, 503) }
                }
            }
            let typed = try await alice.post("/room/\(room)/send", ["content": "<not lost>"])
            expectPage(typed, 503, "&lt;not lost&gt;")
            #expect(ContinuousClock.now - start < .seconds(15), "refused rather than left to hang")
            #expect(try await site.visitor().get("/").status == 200, "what needs no database goes on")
            #expect(try await site.visitor().get("/css/style.css").status == 200)

            try await cluster.start()
            // Each event loop finds back by itself, and which of them a connection gets is the kernel's choice.
            let isBack = try await eventually(within: .seconds(15)) {
                try await atOnce(20) { _ in try await alice.get("/healthz").status }.allSatisfy { $0 == 200 }
            }
            #expect(isBack)
            #expect(try await alice.name() == "alice", "the session is still there")
            // What reads, what writes and what stores messages have connections of their own.
            let isStored = try await eventually(within: .seconds(15)) {
                try await alice.post("/room/\(room)/send", ["content": "after"], as: .json).status == 201
            }
            #expect(isStored)
            let message = try await alice.messages(in: room, "?after=\(cursor)")["messages"][0]
            #expect(try await held.json()["messages"] == .array([message]), "held all along")
            #expect(try await alice.contents(in: room) == ["before", "after"])
        }
        try await cluster.stop()
    }
}
