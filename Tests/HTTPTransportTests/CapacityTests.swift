import Glibc
import HTTP
import HTTPTransport
import Testing

extension TransportTests {
    /// Many connections.
    struct CapacityTests {
        @Test func `a connection over the limit waits while none is idle, and is served when another closes`()
            async throws
        {
            var limits = ServerLimits()
            limits.maxConnections = 2
            limits.leastIdleTime = .zero
            try await TestServer.run(loops: 1, limits) { server in
                let port = server.port
                var first: TestClient? = try TestClient(port: port)
                let second = try TestClient(port: port)
                try first?.get("/park")
                try second.get("/park")
                await server.responder.called.reaches(2)
                let third = try TestClient(port: port)
                try third.get("/third")
                for _ in 0..<3 { await server.turn() }
                #expect(server.connectionDescriptors == 2)
                #expect(server.responder.called.count == 2)
                first = nil
                #expect(try await onThread { try third.receiveResponse().text } == "GET /third ")
                withExtendedLifetime(second) {}
            }
        }

        @Test func `a connection that was reset while it waited is passed over`() async throws {
            var limits = ServerLimits()
            limits.maxConnections = 1
            try await TestServer.run(loops: 1, limits) { server in
                let port = server.port
                var first: TestClient? = try TestClient(port: port)
                try first?.get("/park")
                await server.responder.called.reaches(1)
                for index in 0..<100 {
                    let gone = try TestClient(port: port)
                    if index % 2 == 0 { try gone.get("/gone") }
                    gone.resetOnClose()
                }
                let last = try TestClient(port: port)
                try last.get("/last")
                first = nil
                #expect(try await onThread { try last.receiveResponse().text } == "GET /last ")
                #expect(server.responder.called.count == 2)
            }
        }

        @Test func `the limit is one for all event loops, and those over it are served by whichever has room`()
            async throws
        {
            var limits = ServerLimits()
            limits.maxConnections = 4
            // They are closed by their clients here, once these have read their answers.
            limits.leastIdleTime = .seconds(3600)
            try await TestServer.run(loops: 3, limits) { server in
                let port = server.port
                // The kernel spreads them over the loops as it likes.
                var clients = try (0..<40).map { _ in try TestClient(port: port) }
                for client in clients { try client.get("/one") }
                var answered = 0
                while !clients.isEmpty {
                    await server.responder.called.reaches(min(answered + 4, 40))
                    #expect(server.connectionDescriptors <= 4)
                    #expect(server.responder.called.count <= answered + 4)
                    let ready = clients.filter(\.isReadable)
                    for client in ready { #expect(try client.receiveResponse().text == "GET /one ") }
                    answered += ready.count
                    clients.removeAll { client in ready.contains { $0 === client } }
                }
                #expect(server.responder.called.count == 40)
            }
        }

        @Test func `two thousand clients that connect and reset leave nothing behind`() async throws {
            try await TestServer.run { server in
                let port = server.port
                try await onThread {
                    for index in 0..<2000 {
                        let client = try TestClient(port: port)
                        switch index % 4 {
                        case 0: break
                        case 1: try client.send("GET / HT")
                        case 2: try client.get("/park")
                        default: try client.get("/big")
                        }
                        client.resetOnClose()
                    }
                }
                await server.untilConnections(0)
                // Those that were parked have been cancelled: none of them has an answer to wait for.
                await server.responder.cancelled.reaches(server.responder.parked.count)
                let text = try await server.client { try $0.fetch("/after").text }
                #expect(text == "GET /after ")
            }
        }

        @Test func `two thousand idle connections have no threads of their own`() async throws {
            try #require(raiseDescriptorLimit() >= 5000)
            try await TestServer.run { server in
                let port = server.port
                #expect(try await server.client { try $0.fetch("/").status } == 200)
                let before = threadsOfThisProcess()
                let clients = try await onThread { try (0..<2000).map { _ in try TestClient(port: port) } }
                await server.untilConnections(2000)
                // Other tests of the program may run meanwhile, and Dispatch has a few threads more or less.
                #expect(threadsOfThisProcess() - before < 50)
                let last = try #require(clients.last)
                #expect(try await onThread { try last.fetch("/last").text } == "GET /last ")
                withExtendedLifetime(clients) {}
            }
        }
    }
}
