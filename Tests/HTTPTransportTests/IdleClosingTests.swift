import HTTP
import HTTPTransport
import Testing

extension TransportTests {
    /// What is done for newcomers when every place is taken.
    struct IdleClosingTests {
        private static func limits(_ count: Int, leastIdleTime: Duration = .zero) -> ServerLimits {
            var limits = ServerLimits()
            limits.maxConnections = count
            limits.leastIdleTime = leastIdleTime
            limits.idleTimeout = .seconds(3600)
            return limits
        }

        /// Asks and waits until the server has noted that the connection is idle again.
        private static func visit(_ client: TestClient, _ server: TestServer) async throws {
            #expect(try await onThread { try client.fetch("/").status } == 200)
            await server.turn()
        }

        @Test(arguments: [1, 3])
        func `for a newcomer the longest idle connection of any loop is closed, and that is said once`(loops: Int)
            async throws
        {
            try await TestServer.run(loops: loops, Self.limits(3)) { server in
                let port = server.port
                var clients: [TestClient] = []
                for _ in 0..<3 {
                    clients.append(try TestClient(port: port))
                    try await Self.visit(clients[clients.count - 1], server)
                }
                // Now the second is the oldest.
                try await Self.visit(clients[0], server)
                for oldest in [1, 2, 0] {
                    let newcomer = try TestClient(port: port)
                    try await Self.visit(newcomer, server)
                    let old = clients[oldest]
                    #expect(try await onThread { try old.receive() }.isEmpty)
                    clients.append(newcomer)
                    #expect(server.connectionDescriptors == 3)
                }
                #expect(server.notices.all == [.connectionsUsedUp(limit: 3)])

                for index in 3..<6 { try await Self.visit(clients[index], server) }
                clients = []
                await server.untilConnections(0)
                try await Self.visit(TestClient(port: port), server)
                #expect(server.notices.all == [.connectionsUsedUp(limit: 3), .connectionsFree(closedIdle: 3)])
            }
        }

        @Test func `a hundred idle clients lock nobody out`() async throws {
            try await TestServer.run(Self.limits(100)) { server in
                let port = server.port
                let idle = try (0..<100).map { _ in try TestClient(port: port) }
                await server.untilConnections(100)
                for _ in 0..<150 { try await Self.visit(TestClient(port: port), server) }
                #expect(server.connectionDescriptors <= 100)
                withExtendedLifetime(idle) {}
            }
        }

        @Test func `one that has just been answered, or is busy, is not closed for a newcomer`() async throws {
            try await TestServer.run(loops: 1, Self.limits(2, leastIdleTime: .seconds(3600))) { server in
                let port = server.port
                let answered = try TestClient(port: port)
                let busy = try TestClient(port: port)
                try await Self.visit(answered, server)
                try busy.get("/park")
                await server.responder.parked.reaches(1)
                let newcomer = try TestClient(port: port)
                try newcomer.get("/newcomer")
                for _ in 0..<3 { await server.turn() }
                try await Self.visit(answered, server)
                #expect(!newcomer.isReadable && !busy.isReadable)
                server.responder.gate.open()
                #expect(try await onThread { try busy.receiveResponse().text } == "GET /park ")
            }
        }

        @Test func `one that becomes idle while others wait gives its place to them`() async throws {
            try await TestServer.run(loops: 1, Self.limits(1)) { server in
                let port = server.port
                let busy = try TestClient(port: port)
                try busy.get("/park")
                await server.responder.parked.reaches(1)
                let newcomer = try TestClient(port: port)
                try newcomer.get("/newcomer")
                for _ in 0..<3 { await server.turn() }
                #expect(!newcomer.isReadable)
                server.responder.gate.open()
                #expect(try await onThread { try newcomer.receiveResponse().text } == "GET /newcomer ")
                #expect(try await onThread { try busy.receiveResponse().text } == "GET /park ")
                #expect(try await onThread { try busy.receive() }.isEmpty)
            }
        }

        struct Descriptors: Sendable {
            let configured, limit, open, reserve, expected: Int
        }

        @Test(arguments: [
            Descriptors(configured: 20_000, limit: 1_048_576, open: 40, reserve: 64, expected: 20_000),
            Descriptors(configured: 20_000, limit: 20_000, open: 40, reserve: 64, expected: 19_896),
            Descriptors(configured: 100, limit: 120, open: 20, reserve: 64, expected: 36),
            Descriptors(configured: 100, limit: 64, open: 20, reserve: 64, expected: 1),
            Descriptors(configured: 100, limit: .max, open: .max, reserve: .max, expected: 1),
            Descriptors(configured: 7, limit: .max, open: 20, reserve: 64, expected: 7),
        ])
        func `there are no more connections than the descriptors allow`(row: Descriptors) {
            #expect(
                ServerLimits.effectiveConnections(
                    configured: row.configured, descriptorLimit: row.limit, open: row.open, reserve: row.reserve)
                    == row.expected)
        }
    }
}
