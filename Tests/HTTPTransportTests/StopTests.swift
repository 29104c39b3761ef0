import Glibc
import HTTP
import HTTPTransport
import Testing

extension TransportTests {
    struct StopTests {
        private static func limits(idleGrace: Duration) -> ServerLimits {
            var limits = ServerLimits()
            limits.idleGrace = idleGrace
            return limits
        }

        @Test func `idle connections are closed after the grace and new ones refused`() async throws {
            try await TestServer.run(Self.limits(idleGrace: .milliseconds(200))) { server in
                let clients = try (0..<20).map { _ in try TestClient(port: server.port) }
                await server.untilConnections(20)
                let began = ContinuousClock.now
                await server.server.stop(within: .seconds(60))
                #expect(began.duration(to: .now) >= .milliseconds(200))
                try await onThread { () throws in
                    for client in clients { #expect(try client.receive().isEmpty) }
                }
                #expect(throws: TestClient.Failure.call("connect", ECONNREFUSED)) {
                    try TestClient(port: server.port)
                }
            }
        }

        @Test func `a request on an idle connection is answered, with Connection: close`() async throws {
            try await TestServer.run(Self.limits(idleGrace: .seconds(60))) { server in
                let client = try TestClient(port: server.port)
                _ = try client.fetch("/before")
                async let stopped: Void = server.server.stop(within: .seconds(60))
                while (try? TestClient(port: server.port)) != nil { await server.turn() }
                let response = try await onThread {
                    let response = try client.fetch("/after")
                    #expect(try client.receive().isEmpty)
                    client.shutdownWriting()
                    return response
                }
                #expect(response.text == "GET /after ")
                #expect(response.fields["connection"] == "close")
                await stopped
            }
        }

        @Test func `whoever has connected before the socket is closed gets an answer`() async throws {
            try await TestServer.run { server in
                let port = server.port
                let answered = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            try await onThread {
                                var answered = 0
                                while true {
                                    let client: TestClient
                                    do {
                                        client = try TestClient(port: port)
                                    } catch TestClient.Failure.call("connect", ECONNREFUSED) {
                                        return answered
                                    }
                                    // A reset would be an error here.
                                    #expect(try client.fetch("/").status == 200)
                                    answered += 1
                                }
                            }
                        }
                    }
                    await server.responder.called.reaches(1_000)
                    await server.server.stop(within: .seconds(60))
                    return try await group.reduce(0, +)
                }
                #expect(answered >= 1_000)
            }
        }

        @Test func `a request in progress is answered, with Connection: close`() async throws {
            try await TestServer.run { server in
                let client = try TestClient(port: server.port)
                try client.get("/park")
                await server.responder.parked.reaches(1)
                async let stopped: Void = server.server.stop(within: .seconds(60))
                // The stop has begun when nobody listens any more.
                while (try? TestClient(port: server.port)) != nil { await server.turn() }
                server.responder.gate.open()
                let response = try await onThread {
                    let response = try client.receiveResponse()
                    #expect(try client.receive().isEmpty)
                    client.shutdownWriting()
                    return response
                }
                #expect(response.text == "GET /park ")
                #expect(response.fields["connection"] == "close")
                await stopped
                #expect(server.responder.cancelled.count == 0)
            }
        }

        @Test func `a request of which a part has come is answered, with Connection: close`() async throws {
            try await TestServer.run { server in
                let client = try TestClient(port: server.port)
                try client.send("GET /slow HTTP/1.1\r\n")
                await server.untilConnections(1)
                for _ in 0..<3 { await server.turn() }
                async let stopped: Void = server.server.stop(within: .seconds(60))
                while (try? TestClient(port: server.port)) != nil { await server.turn() }
                try client.send("Host: h\r\n\r\n")
                let response = try await onThread {
                    let response = try client.receiveResponse()
                    #expect(try client.receive().isEmpty)
                    client.shutdownWriting()
                    return response
                }
                #expect(response.text == "GET /slow ")
                #expect(response.fields["connection"] == "close")
                await stopped
            }
        }

        @Test func `requests that are still parked at the end are aborted`() async throws {
            try await TestServer.run { server in
                let clients = try (0..<20).map { _ in try TestClient(port: server.port) }
                for client in clients { try client.get("/park") }
                await server.responder.parked.reaches(20)
                let began = ContinuousClock.now
                await server.server.stop(within: .milliseconds(150))
                #expect(began.duration(to: .now) >= .milliseconds(150))
                await server.responder.cancelled.reaches(20)
                try await onThread { () throws in
                    for client in clients { #expect(try client.receive().isEmpty) }
                }
            }
        }

        @Test func `stopping twice is stopping once`() async throws {
            try await TestServer.run { server in
                let client = try TestClient(port: server.port)
                await server.untilConnections(1)
                await server.server.stop(within: .zero)
                await server.server.stop(within: .zero)
                #expect(try await onThread { try client.receive() }.isEmpty)
            }
        }
    }
}
