import HTTP
import HTTPTransport
import NonblockingIO
import Synchronization
import Testing

extension TransportTests {
    struct AccessLogTests {
        /// Keeps the records.
        private final class Records: AccessLog {
            private let records = Mutex<[AccessRecord]>([])

            var all: [AccessRecord] { records.withLock { $0 } }

            func record(_ record: AccessRecord) { records.withLock { $0.append(record) } }
        }

        @Test func `each answer is recorded once`() async throws {
            let records = Records()
            try await TestServer.run(accessLog: records) { server in
                let peer = try await server.client { client in
                    try client.send(
                        "GET /a?b=%0A HTTP/1.1\r\nHost: h\r\n\r\nHEAD /c HTTP/1.1\r\nHost: h\r\n\r\n"
                            + "POST /d HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nxy")
                    #expect(try client.receiveResponse().status == 200)
                    #expect(try client.receiveResponse(hasContent: false).status == 200)
                    #expect(try client.receiveResponse().text == "POST /d xy")
                    return client.localAddress
                }
                let all = records.all
                #expect(all.map(\.method) == ["GET", "HEAD", "POST"])
                #expect(all.map(\.target) == ["/a?b=%0A", "/c", "/d"])
                #expect(all.map(\.status) == [200, 200, 200])
                #expect(all.map(\.contentLength) == ["GET /a?b=%0A ".utf8.count, 0, "POST /d xy".utf8.count])
                #expect(all.allSatisfy { $0.peer == peer })
                #expect(all.allSatisfy { $0.duration > .zero && $0.duration < .seconds(10) })
                #expect(Set(all.map(\.requestID)).count == 3)
            }
        }

        @Test(arguments: [true, false])
        func `the client that a proxy names is recorded if the proxy is trusted`(isTrusted: Bool) async throws {
            let records = Records()
            let network = try #require(IPNetwork(isTrusted ? "127.0.0.0/8" : "10.0.0.0/8"))
            try await TestServer.run(trustedProxies: [network], accessLog: records) { server in
                let peer = try await server.client { client in
                    _ = try client.fetch("/", "X-Forwarded-For: 10.1.1.1, 192.0.2.7, 127.0.0.9")
                    return client.localAddress
                }
                #expect(records.all.map(\.peer) == [isTrusted ? "192.0.2.7" : peer])
            }
        }

        @Test func `what is no request is recorded without method and target`() async throws {
            let records = Records()
            try await TestServer.run(accessLog: records) { server in
                try await server.client { client in
                    try client.send("GET /\u{1B}[31m HTTP/1.1\r\n\r\n")
                    #expect(try client.receiveResponse().status == 400)
                }
                let record = try #require(records.all.first)
                #expect(records.all.count == 1)
                #expect(record.method == nil && record.target == nil && record.requestID == nil)
                #expect(record.status == 400)
            }
        }

        @Test func `the time that an answer took is the one that is recorded`() async throws {
            let records = Records()
            try await TestServer.run(accessLog: records) { server in
                let client = try TestClient(port: server.port)
                let begin = ContinuousClock.now
                try client.get("/park")
                await server.responder.parked.reaches(1)
                let parked = ContinuousClock.now
                while parked.duration(to: .now) < .milliseconds(20) { await server.turn() }
                server.responder.gate.open()
                #expect(try await onThread { try client.receiveResponse().status } == 200)
                let duration = try #require(records.all.first).duration
                #expect(duration >= .milliseconds(20) && duration <= begin.duration(to: .now))
            }
        }
    }
}
