import FoundationEssentials
import Glibc
import Testing

/// The whole program with its private cluster.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct PrivateDatabaseTests {
    @Test func `fifty event loops have the connections that they need`() async throws {
        try await ProgramWithCluster.with(["--event-loops", "50"]) { program in
            let port = try await program.port()
            let answers = try (0..<100).map { _ in try RawRequest("GET", "/healthz", port: port) }
            #expect(answers.map(\.status) == answers.map { _ in 200 })
            kill(program.pid, SIGTERM)
            let status = await program.end(within: .seconds(30))
            #expect(status == 0)
            let left = try program.left()
            #expect(left == [])
        }
    }

    /// A message, by the cookie of who sends it.
    private struct Sending {
        let cookie: String
        let target: String
        let content: String
        let clientID = UUID()

        func send(to port: UInt16) throws -> RawRequest {
            try RawRequest(
                "POST", target, port: port, cookie: cookie, form: "content=\(content)&client_id=\(clientID)")
        }
    }

    /// Whoever sends is told that the message is stored, which is so, or that the database cannot be reached: the server
    /// may not be back within the time that a request waits for it, and a commit that the signal met may be done or not.
    /// Sent again, as the page does, each message is there once.
    @Test func `a stop of every process at once, as systemd's, answers the requests in progress`() async throws {
        try await ProgramWithCluster.with(["--event-loops", "2"]) { program in
            let port = try await program.port()
            let cookies = try (0..<8).map { number in
                let registered = try RawRequest(
                    "POST", "/register", port: port, form: "username=p\(number)", accept: "text/html")
                return String(try #require(registered.field("set-cookie")).prefix { $0 != ";" })
            }
            let created = try RawRequest(
                "POST", "/room/create", port: port, cookie: cookies[0], form: "type=group", accept: "text/html")
            let room = try #require(created.field("location"))
            let id = try #require(room.split(separator: "/").last)
            for cookie in cookies.dropFirst() {
                let joined = try RawRequest("POST", "/room/join", port: port, cookie: cookie, form: "room_id=\(id)")
                #expect((200..<400).contains(joined.status))
            }
            let held = try cookies.map {
                try RawRequest("GET", "\(room)/messages?after=999999999&wait=30", port: port, cookie: $0)
            }
            // Each is answered after those before it.
            #expect(try RawRequest("GET", "\(room)/messages", port: port, cookie: cookies[0]).status == 200)
            let sendings = cookies.indices.map {
                Sending(cookie: cookies[$0], target: "\(room)/send", content: "hello-\($0)")
            }
            let answers = try sendings.map { try $0.send(to: port) }
            // The database first: it is gone before the program hears of it.
            for process in try program.descendants() + [program.pid] { kill(process, SIGTERM) }

            #expect(held.map(\.status) == held.map { _ in 200 })
            for answer in answers {
                let mayBeRepeated = answer.status == 503 && answer.field("retry-after") != nil
                #expect(answer.status == 201 || mayBeRepeated, "\(answer.answer)")
            }
            let status = await program.end(within: .seconds(30))
            #expect(status == 0)
            let left = try program.left()
            #expect(left == [])

            try await program.again(["--event-loops", "2"]) { program in
                let port = try await program.port()
                for (sending, answer) in zip(sendings, answers) {
                    let status = try sending.send(to: port).status
                    // 200: it was stored before.
                    #expect(status == 200 || status == 201 && answer.status == 503, "after \(answer.status)")
                }
                let messages = try RawRequest("GET", "\(room)/messages", port: port, cookie: cookies[0]).answer
                for sending in sendings {
                    #expect(messages.split(separator: "\"content\":\"\(sending.content)\"").count == 2, "\(messages)")
                }
                kill(program.pid, SIGTERM)
                let status = await program.end(within: .seconds(30))
                #expect(status == 0)
            }
        }
    }

    @Test func `a stop while the cluster is being made leaves nothing running`() async throws {
        try await ProgramWithCluster.with([]) { program in
            // The log is there before initdb is.
            while access("\(program.directory)/data/postgresql.log", F_OK) != 0 { await Task.yield() }
            kill(program.pid, SIGTERM)
            let status = await program.end(within: .seconds(30))
            #expect(status == 0)
            let left = try program.left()
            #expect(left == [])
            #expect(program.text("out") == "")
        }
    }
}
