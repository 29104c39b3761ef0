import HTTP
import HTTPTransport
import NonblockingIO
import Synchronization
import Testing

extension TransportTests {
    /// Connections that one side or the other ends.
    struct ClosingTests {
        @Test(arguments: ["/echo", "/yield", "/park", "/big"])
        func `a client that has ended its side is answered, then closed`(target: String) async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    try client.get(target)
                    client.shutdownWriting()
                    #expect(try client.receiveResponse().status == 200)
                    #expect(try client.receive().isEmpty)
                }
                await server.untilConnections(0)
            }
        }

        @Test func `a client that ends its side later is answered, then closed`() async throws {
            try await TestServer.run { server in
                let client = try TestClient(port: server.port)
                try client.get("/park")
                await server.responder.parked.reaches(1)
                try await onThread { () throws in
                    client.shutdownWriting()
                    #expect(try client.receiveResponse().status == 200)
                    #expect(try client.receive().isEmpty)
                }
                #expect(server.responder.cancelled.count == 1)
            }
        }

        @Test func `a request and the end of the stream that are seen at once are both seen`() async throws {
            try await TestServer.run(loops: 1) { server in
                let client = try TestClient(port: server.port)
                _ = try await onThread { try client.fetch("/first") }
                let isBusy = Tally()
                let hasSent = Atomic(false)
                server.loops[0].execute {
                    isBusy.add()
                    while !hasSent.load(ordering: .acquiring) {}
                }
                await isBusy.reaches(1)
                try client.get("/second")
                client.shutdownWriting()
                hasSent.store(true, ordering: .releasing)
                #expect(try await onThread { try client.receiveResponse().text } == "GET /second ")
                #expect(try await onThread { try client.receive() }.isEmpty)
            }
        }

        @Test func `a client that ends its side within a request is closed without an answer`() async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    try client.send("GET / HTTP/1.1\r\nHos")
                    client.shutdownWriting()
                    #expect(try client.receive().isEmpty)
                }
            }
        }

        enum Departure: Sendable, CaseIterable { case closes, resets }

        @Test(arguments: Departure.allCases)
        func `a client that goes away cancels its request and frees the connection`(how: Departure) async throws {
            try await TestServer.run { server in
                var client: TestClient? = try TestClient(port: server.port)
                try client?.get("/park")
                await server.responder.parked.reaches(1)
                await server.untilConnections(1)
                if how == .resets { client?.resetOnClose() }
                client = nil
                await server.responder.cancelled.reaches(1)
                await server.untilConnections(0)
            }
        }

        @Test func `a client that goes away at once cancels its request all the same`() async throws {
            try await TestServer.run { server in
                for count in 1...50 {
                    try await server.client { try $0.get("/park") }
                    await server.responder.cancelled.reaches(count)
                }
                await server.untilConnections(0)
            }
        }

        @Test func `content that is too large is answered before it is read, and the client sees the answer`()
            async throws
        {
            try await TestServer.run { server in
                try await server.client { client in
                    try client.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1048576\r\n\r\n")
                    try client.send(Array(repeating: 0x78, count: 1_048_576))
                    #expect(try client.receiveResponse().status == 413)
                    #expect(try client.receive().isEmpty)
                }
                #expect(server.responder.called.count == 0)
            }
        }

        @Test func `content that ends at the limit is answered, one byte more is refused`() async throws {
            try await TestServer.run { server in
                for (count, status) in [(65_536, 200), (65_537, 413)] {
                    try await server.client { client in
                        try client.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: \(count)\r\n\r\n")
                        try client.send(Array(repeating: 0x78, count: count))
                        #expect(try client.receiveResponse().status == status)
                    }
                }
            }
        }

        @Test func `what is sent for ever after the last answer ends with the linger time-out`() async throws {
            var limits = ServerLimits()
            limits.lingerTimeout = .milliseconds(200)
            try await TestServer.run(loops: 1, limits) { server in
                let client = try TestClient(port: server.port)
                async let sending = onThread {
                    try client.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000000\r\n\r\n")
                    let piece = Array(repeating: UInt8(0x78), count: 1_000_000)
                    do {
                        while true { try client.send(piece) }
                    } catch let failure as TestClient.Failure {
                        return failure != .timedOut
                    }
                }
                // Nor does it hold up anybody on the loop.
                let text = try await server.client { try $0.fetch("/other").text }
                #expect(text == "GET /other ")
                #expect(try await sending)
                await server.untilConnections(0)
            }
        }
    }
}
