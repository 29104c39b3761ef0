import Dispatch
import HTTP
import HTTPTransport
import NonblockingIO
import Testing

extension TransportTests {
    /// A stop while many wait, or while a loop is held up.
    struct QueuedStopTests {
        /// Holds the loops of a server up until it is released.
        private final class Obstacle: Sendable {
            private let semaphore = DispatchSemaphore(value: 0)
            private let reached = Tally()
            private let count: Int

            init(_ server: TestServer) async {
                count = server.loops.count
                for loop in server.loops {
                    loop.execute { [self] in
                        reached.add()
                        semaphore.wait()
                    }
                }
                await reached.reaches(count)
            }

            func release() { for _ in 0..<count { semaphore.signal() } }
        }

        @Test func `three thousand connections that nobody has accepted are answered, and none is reset`() async throws
        {
            try #require(raiseDescriptorLimit() >= 8000)
            try await TestServer.run { server in
                let port = server.port
                let obstacle = await Obstacle(server)
                let clients = try await onThread {
                    try (0..<3000).map { _ in
                        let client = try TestClient(port: port)
                        try client.get("/queued")
                        return client
                    }
                }
                async let stopped = server.server.stop(within: .seconds(100), overtime: .seconds(100))
                obstacle.release()
                let answered = try await onThread { () -> Int in
                    var answered = 0
                    for client in clients {
                        // A reset would be an error here.
                        let response = try client.receiveResponse()
                        #expect(response.status == 200)
                        // Who was accepted before the stop had come to the loop is closed as idle.
                        client.shutdownWriting()
                        answered += 1
                    }
                    return answered
                }
                #expect(answered == 3000)
                #expect(await stopped)
                #expect(server.responder.called.count == 3000)
            }
        }

        @Test func `those for whom there is no place are answered 503 rather than reset`() async throws {
            var limits = ServerLimits()
            limits.maxConnections = 10
            try await TestServer.run(limits) { server in
                let port = server.port
                let parked = try (0..<10).map { _ in try TestClient(port: port) }
                for client in parked { try client.get("/park") }
                await server.responder.parked.reaches(10)
                let queued = try await onThread {
                    try (0..<300).map { index in
                        let client = try TestClient(port: port)
                        // Some have not asked yet.
                        if index % 3 > 0 { try client.get("/queued") }
                        return client
                    }
                }
                async let stopped = server.server.stop(within: .seconds(100), overtime: .seconds(100))
                try await onThread { () throws in
                    for client in queued {
                        let response = try client.receiveResponse()
                        #expect(response.status == 503)
                        #expect(response.fields["retry-after"] == "5")
                        #expect(response.fields["connection"] == "close")
                        #expect(try client.receive().isEmpty)
                        client.shutdownWriting()
                    }
                }
                server.responder.gate.open()
                try await onThread { () throws in
                    for client in parked {
                        #expect(try client.receiveResponse().text == "GET /park ")
                        client.shutdownWriting()
                    }
                }
                #expect(await stopped)
                #expect(server.responder.called.count == 10)
            }
        }

        @Test func `a stop ends although a loop is held up, and says so`() async throws {
            try await TestServer.run(loops: 2) { server in
                let client = try TestClient(port: server.port)
                await server.untilConnections(1)
                let obstacle = await Obstacle(server)
                // Comes back before the loops are released, or never.
                let isOver = await server.server.stop(within: .zero, overtime: .milliseconds(10))
                #expect(!isOver)
                #expect(server.notices.all == [.stopOverdue(loops: 2)])
                obstacle.release()
                #expect(try await onThread { try client.receive() }.isEmpty)
                await server.untilConnections(0)
            }
        }
    }
}
