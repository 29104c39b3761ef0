import Glibc
import HTTP
import HTTPTransport
import Testing

extension TransportTests {
    struct StopTests {
        @Test func `idle connections are closed and new ones refused`() async throws {
            try await TestServer.run { server in
                let clients = try (0..<20).map { _ in try TestClient(port: server.port) }
                await server.untilConnections(20)
                await server.server.stop(within: .seconds(60))
                try await onThread { () throws in
                    for client in clients { #expect(try client.receive().isEmpty) }
                }
                #expect(throws: TestClient.Failure.call("connect", ECONNREFUSED)) {
                    try TestClient(port: server.port)
                }
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
