import HTTP
import HTTPTransport
import Testing

extension TransportTests {
    /// Requests and answers of a client that behaves.
    struct ExchangeTests {
        struct Persistence: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let request: String
            /// The Connection field of the answer.
            let connection: String?
            let persists: Bool
        }

        static let persistence = [
            Persistence(
                testDescription: "1.1", request: "GET /a HTTP/1.1\r\nHost: h\r\n\r\n", connection: nil, persists: true),
            Persistence(
                testDescription: "1.1 with close", request: "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
                connection: "close", persists: false),
            Persistence(
                testDescription: "1.0", request: "GET /a HTTP/1.0\r\n\r\n", connection: "close", persists: false),
            Persistence(
                testDescription: "1.0 with keep-alive", request: "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                connection: "keep-alive", persists: true),
            Persistence(
                testDescription: "the response closes", request: "GET /close HTTP/1.1\r\nHost: h\r\n\r\n",
                connection: "close", persists: false),
        ]

        @Test(arguments: persistence)
        func `a connection persists as version, request and response say`(_ row: Persistence) async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    try client.send(row.request)
                    let response = try client.receiveResponse()
                    #expect(response.status == 200)
                    #expect(response.fields["connection"] == row.connection)
                    if row.persists {
                        #expect(try client.fetch("/again").text == "GET /again ")
                    } else {
                        #expect(try client.receive().isEmpty)
                    }
                }
            }
        }

        @Test func `a request is answered although it comes byte by byte`() async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    let request = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
                    for byte in request.utf8 { try client.send([byte]) }
                    #expect(try client.receiveResponse().text == "POST /a hello")
                }
            }
        }

        @Test func `content larger than one read comes whole`() async throws {
            var limits = ServerLimits()
            limits.http.maxContentLength = 1_000_000
            try await TestServer.run(limits) { server in
                try await server.client { client in
                    let content = String(repeating: "x", count: 1_000_000)
                    try client.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n" + content)
                    #expect(try client.receiveResponse().text == "POST /a " + content)
                }
            }
        }

        @Test func `a big answer comes whole to a client that reads slowly`() async throws {
            try await TestServer.run(responder: TestResponder(bigCount: 20_000_000)) { server in
                try await server.client(receiveBuffer: 4096) { client in
                    let response = try client.fetch("/big")
                    #expect(response.content.count == 20_000_000)
                    #expect(response.content.allSatisfy { $0 == 0x62 })
                    #expect(try client.fetch("/again").text == "GET /again ")
                }
            }
        }

        @Test func `HEAD has the fields of GET and no content`() async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    try client.send("HEAD /big HTTP/1.1\r\nHost: h\r\n\r\n")
                    let response = try client.receiveResponse(hasContent: false)
                    #expect(response.fields["content-length"] == "1000000")
                    #expect(try client.fetch("/again").text == "GET /again ")
                }
            }
        }

        @Test func `Date is now`() async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    let before = unixSeconds()
                    let date = try #require(try client.fetch("/").fields["date"])
                    let seconds = try #require(IMFFixdate.parse(date.utf8))
                    #expect((before...unixSeconds()).contains(seconds))
                }
            }
        }

        @Test func `100 is sent when the content has not come, before it is read`() async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    try client.send("POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
                    #expect(try client.receiveResponse().status == 100)
                    try client.send("hi")
                    #expect(try client.receiveResponse().text == "POST /a hi")
                }
            }
        }

        @Test func `100 is not sent when the content has come`() async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    try client.send(
                        "POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi")
                    #expect(try client.receiveResponse().text == "POST /a hi")
                }
            }
        }

        @Test func `100 is not sent for content that is too large`() async throws {
            try await TestServer.run { server in
                try await server.client { client in
                    try client.send(
                        "POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 65537\r\n\r\n")
                    #expect(try client.receiveResponse().status == 413)
                    #expect(try client.receive().isEmpty)
                }
            }
        }
    }
}
