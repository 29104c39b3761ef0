import Glibc
import HTTP
import HTTPTransport
import Synchronization
import Testing

extension TransportTests {
    struct TimeoutTests {
        /// The one time-out that a test is about; the others are out of its way.
        static func limits(_ change: (inout ServerLimits) -> Void) -> ServerLimits {
            var limits = ServerLimits()
            change(&limits)
            return limits
        }

        /// Tells whether a client that has to be quick, or the server's time-out is right, was held up by a busy machine.
        final class Pace {
            private let longest: Duration
            private var last = ContinuousClock.now
            private(set) var isLost = false

            init(longest: Duration) { self.longest = longest }

            /// Another step is done: it is not to take longer than that.
            func step() {
                let now = ContinuousClock.now
                if last.duration(to: now) >= longest { isLost = true }
                last = now
            }
        }

        /// Has a client do what depends on its speed, again and again until it was quick enough: then, and only then, what
        /// it has seen says something about the server. The suite's time limit bounds it.
        static func keepingPace(
            _ longest: Duration, receiveBuffer: Int32? = nil, _ server: TestServer,
            _ body: @escaping @Sendable (TestClient, Pace) throws -> Void
        ) async throws {
            var isLost = true
            while isLost, !Task.isCancelled {
                isLost = try await server.client(receiveBuffer: receiveBuffer) { client in
                    let pace = Pace(longest: longest)
                    do {
                        try body(client, pace)
                    } catch {
                        // What the server did about it is known by the next step.
                        pace.step()
                        guard pace.isLost else { throw error }
                    }
                    return pace.isLost
                }
            }
        }

        @Test(arguments: ["G", "GET / HTTP/1.1\r\nHost: h\r\n"])
        func `a head that is not whole in time is answered 408`(start: String) async throws {
            try await TestServer.run(Self.limits { $0.headTimeout = .milliseconds(150) }) { server in
                try await server.client { client in
                    let began = ContinuousClock.now
                    try client.send(start)
                    let response = try client.receiveResponse()
                    #expect(began.duration(to: .now) >= .milliseconds(150))
                    #expect(response.status == 408)
                    #expect(response.fields["connection"] == "close")
                    #expect(try client.receive().isEmpty)
                }
            }
        }

        @Test func `a head that keeps coming has no more time than another`() async throws {
            let limits = Self.limits {
                $0.headTimeout = .milliseconds(150)
                $0.lingerTimeout = .milliseconds(150)
            }
            try await TestServer.run(limits) { server in
                let client = try TestClient(port: server.port)
                async let sending = onThread {
                    try client.send("GET / HTTP/1.1\r\n")
                    // Ends when the server has closed the connection.
                    do {
                        while true { try client.send("a: b\r\n") }
                    } catch let failure as TestClient.Failure {
                        return failure != .timedOut
                    }
                }
                #expect(try await sending)
            }
        }

        @Test func `content that is not whole in time is answered 408`() async throws {
            try await TestServer.run(Self.limits { $0.contentTimeout = .milliseconds(150) }) { server in
                try await server.client { client in
                    let began = ContinuousClock.now
                    try client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab")
                    #expect(try client.receiveResponse().status == 408)
                    #expect(began.duration(to: .now) >= .milliseconds(150))
                }
            }
        }

        @Test func `content that comes too slowly is answered 408, however steadily it comes`() async throws {
            let limits = Self.limits {
                $0.contentTimeout = .milliseconds(200)
                // A byte earns 20 ms.
                $0.minTransferRate = 50
            }
            try await TestServer.run(limits) { server in
                let client = try TestClient(port: server.port)
                try client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n")
                async let response = onThread { try client.receiveResponse() }
                let isAnswered = Atomic(false)
                async let sending: Void = onThread {
                    // A byte each 40 ms, until there is an answer.
                    let began = ContinuousClock.now
                    var sent = 0
                    while !isAnswered.load(ordering: .relaxed), sent < 900 {
                        guard began.duration(to: .now) >= .milliseconds(40 * sent) else { continue }
                        try client.send("x")
                        sent += 1
                    }
                }
                #expect(try await response.status == 408)
                isAnswered.store(true, ordering: .relaxed)
                try await sending
            }
        }

        @Test func `content that comes at the least rate is taken, however long it takes`() async throws {
            let limits = Self.limits {
                $0.contentTimeout = .milliseconds(200)
                $0.minTransferRate = 50
            }
            try await TestServer.run(limits) { server in
                try await Self.keepingPace(.milliseconds(150), server) { client, pace in
                    try client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 60\r\n\r\n")
                    let began = ContinuousClock.now
                    for sent in 0..<60 {
                        // A byte each 10 ms: three times the time-out in all.
                        while began.duration(to: .now) < .milliseconds(10 * sent) { sched_yield() }
                        try client.send("x")
                        pace.step()
                    }
                    let answer = try client.receiveResponse().text
                    #expect(pace.isLost || answer == "POST / " + String(repeating: "x", count: 60))
                    #expect(began.duration(to: .now) > .milliseconds(500))
                }
            }
        }

        @Test func `a client that reads too slowly is closed, however steadily it reads`() async throws {
            let limits = Self.limits {
                $0.writeTimeout = .milliseconds(200)
                $0.minTransferRate = 1_000_000_000
            }
            try await TestServer.run(responder: TestResponder(bigCount: 20_000_000), limits) { server in
                let isClosed = Atomic(false)
                let port = server.port
                async let received = onThread {
                    let client = try TestClient(port: port, receiveBuffer: 65_536)
                    try client.get("/big")
                    let began = ContinuousClock.now
                    var count = 0
                    // A megabyte a second, where a thousand are asked for: twenty seconds, if it were let.
                    while count < 20_000_000, !isClosed.load(ordering: .relaxed) {
                        guard began.duration(to: .now) >= .microseconds(count) else { continue }
                        do {
                            let more = try client.receive(atMost: 16_384)
                            if more.isEmpty { break }
                            count += more.count
                        } catch TestClient.Failure.call("recv", _) {
                            break
                        }
                    }
                    return count
                }
                await server.responder.called.reaches(1)
                await server.untilConnections(0)
                isClosed.store(true, ordering: .relaxed)
                let count = try await received
                #expect(count < 20_000_000)
            }
        }

        @Test(arguments: ["/echo", "/yield"])
        func `each request of a pipeline has its own time`(target: String) async throws {
            try await TestServer.run(Self.limits { $0.headTimeout = .milliseconds(300) }) { server in
                try await Self.keepingPace(.milliseconds(300), server) { client, pace in
                    // The start of the next request comes with the end of each, for longer than one may take.
                    let request = Array(TestClient.request(target).utf8)
                    let began = ContinuousClock.now
                    try client.send(request.prefix(3))
                    while began.duration(to: .now) < .milliseconds(700), !pace.isLost {
                        try client.send(request.dropFirst(3) + request.prefix(3))
                        pace.step()
                        let status = try client.receiveResponse().status
                        #expect(pace.isLost || status == 200)
                    }
                }
            }
        }

        @Test(arguments: ["", "/echo", "/yield"])
        func `an idle connection is closed without a word`(target: String) async throws {
            try await TestServer.run(Self.limits { $0.idleTimeout = .milliseconds(150) }) { server in
                try await server.client { client throws in
                    // Before the request: the server begins to count while the answer is on its way.
                    let began = ContinuousClock.now
                    if !target.isEmpty { #expect(try client.fetch(target).status == 200) }
                    #expect(try client.receive().isEmpty)
                    #expect(target.isEmpty || began.duration(to: .now) >= .milliseconds(150))
                }
            }
        }

        @Test func `a request that takes long is not idle`() async throws {
            let limits = Self.limits {
                $0.idleTimeout = .milliseconds(100)
                $0.headTimeout = .milliseconds(100)
                $0.contentTimeout = .milliseconds(100)
                $0.writeTimeout = .milliseconds(100)
                $0.lingerTimeout = .milliseconds(100)
            }
            try await TestServer.run(limits) { server in
                let client = try TestClient(port: server.port)
                try client.get("/park")
                await server.responder.parked.reaches(1)
                // Another connection comes to the end of its idle time, twice.
                for _ in 0..<2 {
                    let end = try await server.client { try $0.receive() }
                    #expect(end.isEmpty)
                }
                server.responder.gate.open()
                #expect(try await onThread { try client.receiveResponse().text } == "GET /park ")
                #expect(server.responder.cancelled.count == 0)
            }
        }

        @Test func `a client that does not read its answer is closed`() async throws {
            let limits = Self.limits { $0.writeTimeout = .milliseconds(150) }
            try await TestServer.run(responder: TestResponder(bigCount: 20_000_000), limits) { server in
                let client = try TestClient(port: server.port)
                try client.get("/big")
                await server.responder.called.reaches(1)
                await server.untilConnections(0)
                let received = try await onThread { () -> Int in
                    var count = 0
                    // The end is a reset, for there was more to send.
                    do {
                        while true {
                            let more = try client.receive()
                            if more.isEmpty { return count }
                            count += more.count
                        }
                    } catch TestClient.Failure.call("recv", _) {
                        return count
                    }
                }
                #expect(received < 20_000_000)
            }
        }

        @Test func `a client that reads slowly but steadily is not closed`() async throws {
            let limits = Self.limits { $0.writeTimeout = .milliseconds(300) }
            try await TestServer.run(responder: TestResponder(bigCount: 20_000_000), limits) { server in
                // Another connection's idle time-outs tell the time here.
                try await Self.keepingPace(.milliseconds(150), receiveBuffer: 65_536, server) { client, pace in
                    try client.get("/big")
                    let began = ContinuousClock.now
                    var count = 0
                    while count < 20_000_000 {
                        let more = try client.receive(atMost: 16_384)
                        pace.step()
                        guard !more.isEmpty else { break }
                        count += more.count
                        // Twenty megabytes in no less than a second.
                        while began.duration(to: .now) < .milliseconds(count / 20_000) { sched_yield() }
                    }
                    #expect(pace.isLost || count >= 20_000_000)
                }
            }
        }
    }
}
