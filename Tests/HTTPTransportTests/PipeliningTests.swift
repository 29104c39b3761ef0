import HTTP
import HTTPTransport
import Testing

extension TransportTests {
    struct PipeliningTests {
        @Test(arguments: [1, 2])
        func `a hundred requests in one piece are answered in order`(loops: Int) async throws {
            try await TestServer.run(loops: loops) { server in
                try await server.client { client in
                    let targets = (0..<100).map { $0.isMultiple(of: 3) ? "/yield?\($0)" : "/echo?\($0)" }
                    try client.send(targets.map { TestClient.request($0) }.joined())
                    for target in targets { #expect(try client.receiveResponse().text == "GET \(target) ") }
                }
            }
        }

        @Test func `more requests than one turn answers are all answered`() async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    let targets = (0..<1000).map { "/echo?\($0)" }
                    try client.send(targets.map { TestClient.request($0) }.joined())
                    for target in targets { #expect(try client.receiveResponse().text == "GET \(target) ") }
                }
            }
        }

        @Test(arguments: ["/echo", "/yield"])
        func `an error behind other requests is answered after them, and closes`(target: String) async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    let good = TestClient.request(target)
                    try client.send(good + good + "GET / HTTP/1.1\r\nNo Host\r\n\r\n" + good)
                    #expect(try client.receiveResponse().status == 200)
                    #expect(try client.receiveResponse().status == 200)
                    let refusal = try client.receiveResponse()
                    #expect(refusal.status == 400)
                    #expect(refusal.fields["connection"] == "close")
                    #expect(try client.receive().isEmpty)
                }
                #expect(server.responder.called.count == 2)
            }
        }

        @Test func `what follows a request that closes is not answered`() async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    try client.send(TestClient.request("/a", ["Connection: close"]) + TestClient.request("/b"))
                    #expect(try client.receiveResponse().text == "GET /a ")
                    #expect(try client.receive().isEmpty)
                }
                #expect(server.responder.called.count == 1)
            }
        }

        @Test func `requests wait while their client does not read the answers`() async throws {
            var limits = ServerLimits()
            limits.writeTimeout = .milliseconds(200)
            try await TestServer.run(limits) { server in
                let port = server.port
                let client = try TestClient(port: port)
                try await onThread {
                    try client.send(String(repeating: TestClient.request("/big"), count: 200))
                }
                await server.responder.called.reaches(1)
                await server.untilConnections(0)
                // What the kernel buffers for two sockets, some megabytes, and one answer of our own.
                #expect(server.responder.called.count < 30)
            }
        }

        @Test func `what comes while a request is answered is read up to the limit, and answered all the same`()
            async throws
        {
            var limits = ServerLimits()
            limits.maxPendingInput = 1000
            try await TestServer.run(limits) { server in
                let client = try TestClient(port: server.port)
                try client.get("/park")
                await server.responder.parked.reaches(1)
                // Far more than the kernel keeps for both sides: it stays with the client.
                let request = Array(TestClient.request("/next?" + String(repeating: "x", count: 4000)).utf8)
                var sent = 0
                while sent < 20_000, client.isWritable {
                    try client.send(request)
                    sent += 1
                }
                #expect(sent < 10_000)
                #expect(server.responder.called.count == 1)
                server.responder.gate.open()
                let count = sent
                try await onThread { () throws in
                    #expect(try client.receiveResponse().text == "GET /park ")
                    for _ in 0..<count { #expect(try client.receiveResponse().status == 200) }
                }
            }
        }

        @Test func `an endless stream of requests does not hold up others on the loop`() async throws {
            try await TestServer.run(loops: 1) { server in
                let port = server.port
                let streamer = try TestClient(port: port)
                // Both end with an error when the test ends the connection.
                async let sending = onThread {
                    let requests = Array(String(repeating: TestClient.request("/echo"), count: 500).utf8)
                    return Result { while true { try streamer.send(requests) } }
                }
                async let receiving = onThread { Result { try streamer.receiveAll() } }
                await server.responder.called.reaches(1000)
                for _ in 0..<10 {
                    let text = try await server.client { try $0.fetch("/other").text }
                    #expect(text == "GET /other ")
                }
                streamer.shutdownBoth()
                _ = try await (sending, receiving)
            }
        }
    }
}
