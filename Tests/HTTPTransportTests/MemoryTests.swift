import Glibc
import HTTP
import HTTPTransport
import Testing

extension TransportTests {
    /// What slow clients take of the server's memory.
    struct MemoryTests {
        private static func limits(_ bytes: Int) -> ServerLimits {
            var limits = ServerLimits()
            limits.maxBufferedBytes = bytes
            // Those who are refused are counted until their client has gone.
            limits.lingerTimeout = .seconds(60)
            return limits
        }

        /// Lets the loops go on until they hold no more than that.
        private static func untilBuffered(atMost bytes: Int, _ server: TestServer) async {
            while server.server.bufferedBytes > bytes, !Task.isCancelled { await server.turn() }
        }

        @Test func `clients that do not read a file of Public share its bytes`() async throws {
            var template = Array("/tmp/shared-file-XXXXXX".utf8CString)
            let folder = String(cString: try #require(mkdtemp(&template)))
            defer { rmdir(folder) }
            let path = folder + "/large.bin"
            let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            let file = try #require(fopen(path, "w"))
            #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
            fclose(file)
            defer { unlink(path) }
            let responder = TestResponder(files: try StaticFiles(directory: folder))
            try await TestServer.run(responder: responder) { server in
                let clients = try (0..<500).map { _ in try TestClient(port: server.port, receiveBuffer: 4096) }
                for (index, client) in clients.enumerated() {
                    // A part of it is no copy either.
                    if index % 2 == 0 {
                        try client.get("/large.bin")
                    } else {
                        try client.get("/large.bin", "Range: bytes=1-")
                    }
                }
                await server.responder.called.reaches(500)
                for _ in 0..<3 { await server.turn() }
                // A copy for each would be 500,000,000.
                #expect(server.server.bufferedBytes < 500 * 4096)
                let (first, last) = (clients[0], clients[499])
                #expect(try await onThread { try first.receiveResponse().content } == bytes)
                #expect(try await onThread { try last.receiveResponse().content } == Array(bytes[1...]))
            }
        }

        @Test(arguments: [1, 2])
        func `answers that nobody takes are bounded in bytes, and the oldest of them given up`(loops: Int) async throws
        {
            let limit = 8_000_000
            try await TestServer.run(loops: loops, Self.limits(limit)) { server in
                let port = server.port
                var slow: [TestClient] = []
                for count in 1...40 {
                    slow.append(try TestClient(port: port, receiveBuffer: 4096))
                    try slow[count - 1].get("/big")
                    await server.responder.called.reaches(count)
                    await server.turn()
                    // Who reads is served all the while.
                    if count % 10 == 0 {
                        let answer = try await server.client { try $0.fetch("/big").content.count }
                        #expect(answer == 1_000_000)
                        await server.responder.called.reaches(count + 1)
                    }
                }
                await Self.untilBuffered(atMost: limit, server)
                #expect(server.notices.all == [.memoryUsedUp(limit: limit)])
                #expect(server.connectionDescriptors < 20)

                let first = slow[0]
                let got = try await onThread { () -> Int in
                    var count = 0
                    while case let more = try first.receive(), !more.isEmpty { count += more.count }
                    return count
                }
                #expect(got < 1_000_000)
                let last = slow[39]
                #expect(try await onThread { try last.receiveResponse().content.count } == 1_000_000)

                slow = []
                await server.untilConnections(1)
                #expect(server.notices.all.count == 2)
                guard case .memoryFree(let closed)? = server.notices.all.last else {
                    Issue.record("\(server.notices.all)")
                    return
                }
                #expect(closed >= 30)
                withExtendedLifetime(last) {}
            }
        }

        @Test(arguments: [1, 2])
        func `unfinished requests are bounded in bytes, and the oldest of them answered 503`(loops: Int) async throws {
            let limit = 2_000_000
            let head = "POST /post HTTP/1.1\r\nHost: h\r\nContent-Length: 65536\r\n\r\n"
            try await TestServer.run(loops: loops, Self.limits(limit)) { server in
                let port = server.port
                var clients: [TestClient] = []
                for count in 1...100 {
                    // The last one comes when the server has read from all others: it is the youngest then.
                    if count == 100 {
                        await server.untilConnections(99)
                        for _ in 0..<10 { await server.turn() }
                    }
                    let client = try TestClient(port: port)
                    try client.send(head)
                    try client.send(Array(repeating: 0x78, count: 60_000))
                    clients.append(client)
                }
                let (first, last) = (clients[0], clients[99])
                let refused = try await onThread { () -> TestClient.Response in
                    let response = try first.receiveResponse()
                    #expect(try first.receive().isEmpty)
                    return response
                }
                #expect(refused.status == 503)
                #expect(refused.fields["retry-after"] == "5")
                #expect(refused.fields["connection"] == "close")
                let served = try await onThread { () -> TestClient.Response in
                    try last.send(Array(repeating: 0x79, count: 5_536))
                    return try last.receiveResponse()
                }
                #expect(served.status == 200)
                #expect(served.content.count == 65_536 + "POST /post ".utf8.count)
                await Self.untilBuffered(atMost: limit, server)
                #expect(server.notices.all.first == .memoryUsedUp(limit: limit))
            }
        }

        @Test func `while requests that are being answered take all, further content is refused, and nothing else`()
            async throws
        {
            try await TestServer.run(Self.limits(1_000_000)) { server in
                let port = server.port
                let content = "Content-Length: 60000\r\n\r\n" + String(repeating: "x", count: 60_000)
                let parked = try (0..<17).map { _ in try TestClient(port: port) }
                for client in parked { try client.send("POST /park HTTP/1.1\r\nHost: h\r\n" + content) }
                await server.responder.parked.reaches(17)
                await server.turn()
                for (request, status) in [
                    ("POST / HTTP/1.1\r\nHost: h\r\n" + content, 503), (TestClient.request("/"), 200),
                ] {
                    let answered = try await server.client { client in
                        try client.send(request)
                        return try client.receiveResponse().status
                    }
                    #expect(answered == status)
                }
                server.responder.gate.open()
                try await onThread { () throws in
                    for client in parked { #expect(try client.receiveResponse().status == 200) }
                }
                await server.turn()
                #expect(server.server.bufferedBytes == 0)
                let notices = server.notices.all
                #expect(notices == [.memoryUsedUp(limit: 1_000_000), .memoryFree(closed: 0)])
            }
        }

        @Test func `who sends and reads at once leaves nothing in the count`() async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    for target in ["/", "/big", "/yield"] { #expect(try client.fetch(target).status == 200) }
                    try client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab")
                }
                await server.untilConnections(0)
                #expect(server.server.bufferedBytes == 0)
            }
        }
    }
}
