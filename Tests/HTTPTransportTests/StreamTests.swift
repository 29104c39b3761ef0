import HTTP
import HTTPTransport
import Testing

extension TransportTests {
    /// Content that is made while it is sent.
    struct StreamTests {
        private static func lines(_ count: Int) -> String {
            (1...count).filter { $0 % 3 != 0 }.map { "piece \($0)\n" }.joined()
        }

        @Test func `a stream comes in chunks, and the connection goes on after it`() async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    let first = try client.fetch("/stream?10")
                    #expect(first.fields["transfer-encoding"] == "chunked" && first.fields["content-length"] == nil)
                    #expect(first.text == Self.lines(10))
                    #expect(try client.fetch("/stream?0").text == "")
                    // What comes behind a request is answered behind it.
                    try client.send(TestClient.request("/stream?4") + TestClient.request("/b"))
                    #expect(try client.receiveResponse().text == Self.lines(4))
                    #expect(try client.receiveResponse().text == "GET /b ")
                }
            }
        }

        @Test func `HEAD gets the head alone, and nothing is made for it`() async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    try client.send("HEAD /stream?10 HTTP/1.1\r\nHost: h\r\n\r\n")
                    #expect(try client.receiveResponse(hasContent: false).fields["transfer-encoding"] == "chunked")
                    #expect(try client.fetch("/b").text == "GET /b ")
                }
                #expect(server.responder.made.count == 0)
            }
        }

        @Test func `to HTTP/1.0 the end of the connection is the end`() async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    try client.send("GET /stream?10 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                    let response = try client.receiveResponse()
                    #expect(response.fields["connection"] == "close")
                    #expect(response.fields["transfer-encoding"] == nil && response.fields["content-length"] == nil)
                    #expect(String(decoding: try client.receiveAll(), as: UTF8.self) == Self.lines(10))
                }
            }
        }

        @Test(arguments: ["HTTP/1.0", "HTTP/1.1"])
        func `a stream that fails ends the connection without its end`(version: String) async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    try client.send("GET /stream?5,fails \(version)\r\nHost: h\r\n\r\n")
                    var response = try client.receiveResponse(hasContent: false)
                    response.content = try client.receiveAll()
                    #expect(response.text.contains("piece 5\n"))
                    #expect(!response.text.hasSuffix("0\r\n\r\n"))
                }
            }
        }

        @Test func `the next piece is made when the one before has been taken`() async throws {
            let size = 500_000
            try await TestServer.run { server in
                let client = try TestClient(port: server.port, receiveBuffer: 4096)
                try client.get("/stream?120,\(size)")
                await server.responder.made.reaches(1)
                // What the kernel takes is a few megabytes; however long one waits, no more is made.
                var made = 0
                while made != server.responder.made.count {
                    made = server.responder.made.count
                    for _ in 0..<1000 { await server.turn() }
                }
                #expect(made < 50)
                #expect(server.server.bufferedBytes < 3 * size)
                let count = try await onThread { try client.receiveResponse().content.count }
                #expect(count == Self.lines(120).utf8.count + 80 * size)
                #expect(server.responder.made.count == 120)
            }
        }

        @Test func `nothing more is made for a client that has gone`() async throws {
            try await TestServer.run { server in
                do {
                    let client = try TestClient(port: server.port, receiveBuffer: 4096)
                    try client.get("/stream?300,1000000")
                    await server.responder.made.reaches(1)
                    client.resetOnClose()
                }
                await server.untilConnections(0)
                // One may be under way, and no other comes after it.
                let made = server.responder.made.count
                for _ in 0..<100 { await server.turn() }
                #expect(server.responder.made.count <= made + 1)
            }
        }

        @Test func `a client that has only ended its side gets all of it`() async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    try client.get("/stream?100,10000")
                    client.shutdownWriting()
                    #expect(try client.receiveResponse().content.count == Self.lines(100).utf8.count + 67 * 10_000)
                    #expect(try client.receive().isEmpty)
                }
            }
        }

        @Test func `a client that takes nothing has the time of any other`() async throws {
            var limits = ServerLimits()
            limits.writeTimeout = .milliseconds(200)
            try await TestServer.run(limits) { server in
                let client = try TestClient(port: server.port, receiveBuffer: 4096)
                try client.get("/stream?300,1000000")
                await server.responder.made.reaches(1)
                await server.untilConnections(0)
                #expect(server.responder.made.count < 50)
            }
        }

        @Test func `a stop waits for the end of a stream`() async throws {
            try await TestServer.run { server in
                let client = try TestClient(port: server.port)
                try client.get("/stream?1,parks")
                await server.responder.parked.reaches(1)
                async let stopped = server.server.stop(within: .seconds(60))
                while (try? TestClient(port: server.port)) != nil { await server.turn() }
                server.responder.gate.open()
                #expect(try await onThread { try client.receiveResponse().text } == "piece 1\n")
                _ = await stopped
            }
        }
    }
}
