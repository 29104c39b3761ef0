import Glibc
import HTTP
import HTTPTransport
import Testing

extension TransportTests {
    /// That time-outs end connections; when they do is told in virtual time, by `ConnectionDeadlineTests`.
    struct TimeoutTests {
        /// The one time-out that a test is about; the others are out of its way.
        static func limits(_ change: (inout ServerLimits) -> Void) -> ServerLimits {
            var limits = ServerLimits()
            change(&limits)
            return limits
        }

        @Test(arguments: [
            "G", "GET / HTTP/1.1\r\nHost: h\r\n", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab",
        ])
        func `a request that is not whole in time is answered 408`(start: String) async throws {
            let limits = Self.limits {
                $0.headTimeout = .milliseconds(150)
                $0.contentTimeout = .milliseconds(150)
            }
            try await TestServer.run(limits) { server in
                try await server.client { client in
                    let began = ContinuousClock.now
                    try client.send(start)
                    let response = try client.receiveResponse()
                    #expect(began.duration(to: .now) >= .milliseconds(150))
                    #expect(response.status == 408)
                    #expect(response.fields["connection"] == "close")
                    #expect(try client.receive().isEmpty)
                }
            }
        }

        @Test(arguments: ["", "/echo", "/yield"])
        func `an idle connection is closed without a word`(target: String) async throws {
            try await TestServer.run(Self.limits { $0.idleTimeout = .milliseconds(150) }) { server in
                try await server.client { client throws in
                    // Before the request: the server begins to count while the answer is on its way.
                    let began = ContinuousClock.now
                    if !target.isEmpty { #expect(try client.fetch(target).status == 200) }
                    #expect(try client.receive().isEmpty)
                    #expect(target.isEmpty || began.duration(to: .now) >= .milliseconds(150))
                }
            }
        }

        @Test func `a client that does not read its answer is closed`() async throws {
            let limits = Self.limits { $0.writeTimeout = .milliseconds(150) }
            try await TestServer.run(responder: TestResponder(bigCount: 20_000_000), limits) { server in
                let client = try TestClient(port: server.port)
                try client.get("/big")
                await server.responder.called.reaches(1)
                await server.untilConnections(0)
                let received = try await onThread { () -> Int in
                    var count = 0
                    // The end is a reset, for there was more to send.
                    do {
                        while true {
                            let more = try client.receive()
                            if more.isEmpty { return count }
                            count += more.count
                        }
                    } catch TestClient.Failure.call("recv", _) {
                        return count
                    }
                }
                #expect(received < 20_000_000)
            }
        }
    }
}
