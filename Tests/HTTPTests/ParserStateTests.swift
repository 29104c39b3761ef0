import HTTP
import Testing

struct ParserStateTests {
    private func feed(_ parser: inout HTTPRequestParser, _ text: String) throws -> HTTPRequest? {
        Array(text.utf8).withUnsafeBytes { parser.feed($0) }
        guard case .request(let request) = try parser.next() else { return nil }
        return request
    }

    private func takesExpectation(_ parser: inout HTTPRequestParser) -> Bool {
        parser.takeContinueExpectation()
    }

    @Test func `pipelined requests come one after another`() {
        let get = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
        let post = "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
        let chunked = "POST /3 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nT: u\r\n\r\n"
        let outcome = parse(get + post + chunked + "\r\n" + get)
        #expect(outcome.error == nil)
        #expect(
            outcome.requests == [
                "GET /1 1.1 keep [Host=h] ", "POST /2 1.1 keep [Host=h|Content-Length=3] abc",
                "POST /3 1.1 keep [Host=h|Transfer-Encoding=chunked|T=u] x", "GET /1 1.1 keep [Host=h] ",
            ])
    }

    @Test func `a good request before a bad one is still given`() {
        let outcome = parse("GET / HTTP/1.1\r\nHost: h\r\n\r\nBAD\u{0}")
        #expect(outcome.requests.count == 1)
        #expect(outcome.error == .invalidMethod)
    }

    @Test(arguments: [
        Row("nothing", "", HTTPMethod?.none),
        Row("half a method", "HEA", nil),
        Row("an invalid method", "HE(D / HTTP/1.1\r\n", nil),
        Row("half a request line", "HEAD /", .head),
        Row("half a head", "HEAD / HTTP/1.1\r\nHo", .head),
        Row("half of the content", "HEAD / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nh", .head),
        Row("a whole request", "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", nil),
        Row("an invalid target", "HEAD /< HTTP/1.1\r\n", .head),
        Row("an invalid form of target", "HEAD * HTTP/1.1\r\n", .head),
        Row("an invalid version", "HEAD / HTTP/2.0\r\n", .head),
        Row("an invalid field", "HEAD / HTTP/1.1\r\nbad\r\n", .head),
        Row("a missing Host", "HEAD / HTTP/1.1\r\n\r\n", .head),
        Row("invalid framing", "HEAD / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n", .head),
        Row("an invalid chunk", "HEAD / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx", .head),
        Row("another request before", "GET / HTTP/1.1\r\nHost: h\r\n\r\nHEAD / HTTP/1.1\r\n\r\n", .head),
        Row("another request before junk", "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n\u{0}", nil),
    ])
    func `the method is known as soon as it has come, also of what is refused`(row: Row<String, HTTPMethod?>) {
        let input = Array(row.input.utf8)
        for cut in input.indices {
            var parser = HTTPRequestParser()
            for piece in [input[..<cut], input[cut...]] {
                piece.withUnsafeBytes { parser.feed($0) }
                do throws(HTTPParseError) {
                    while case .request = try parser.next() {}
                } catch {
                    #expect(parser.phase == .head)
                }
            }
            #expect(parser.method == row.expected, "cut at \(cut)")
        }
        #expect(HTTPRequestParser().method == nil)
    }

    @Test func `a smuggled request is content and nothing else`() {
        let inner = "GET /admin HTTP/1.1\r\nHost: h\r\n\r\n"
        let outcome = parse("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(inner.utf8.count)\r\n\r\n\(inner)")
        #expect(outcome.requests.count == 1)
        #expect(outcome.requests.first?.hasSuffix(inner) == true)
    }

    @Test func `an error stays and frees the buffer`() throws {
        var parser = HTTPRequestParser()
        #expect(throws: HTTPParseError.invalidMethod) { try feed(&parser, "(") }
        #expect(throws: HTTPParseError.invalidMethod) { try feed(&parser, "GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
        #expect(parser.bufferedByteCount == 0)
        #expect(parser.phase == .head)
    }

    @Test func `the phase follows the request`() throws {
        var parser = HTTPRequestParser()
        #expect(parser.phase == .idle)
        #expect(try feed(&parser, "\r\n") == nil)
        #expect(parser.phase == .idle)
        #expect(try feed(&parser, "POST / HT") == nil)
        #expect(parser.phase == .head)
        #expect(parser.bufferedByteCount == 9)
        #expect(try feed(&parser, "TP/1.1\r\n") == nil)
        #expect(parser.phase == .head)
        #expect(try feed(&parser, "Host: h\r\nContent-Length: 2\r\n\r\n") == nil)
        #expect(parser.phase == .content)
        #expect(try feed(&parser, "a") == nil)
        #expect(parser.phase == .content)
        #expect(try feed(&parser, "bGET") != nil)
        #expect(parser.phase == .head)
        #expect(parser.bufferedByteCount == 3)
    }

    @Test func `the phase is content until the trailers have come`() throws {
        var parser = HTTPRequestParser()
        #expect(try feed(&parser, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n") == nil)
        #expect(parser.phase == .content)
        #expect(try feed(&parser, "0\r\nA:") == nil)
        #expect(parser.phase == .content)
        #expect(try feed(&parser, "b\r\n\r\n") != nil)
        #expect(parser.phase == .idle)
    }

    @Test(arguments: [
        Row("length", "1.1\r\nContent-Length: 2\r\nExpect: 100-continue", true),
        Row("chunked", "1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-Continue", true),
        Row("on two lines", "1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\nExpect: 100-continue", true),
        Row("empty expectation", "1.1\r\nContent-Length: 2\r\nExpect: ,", false),
        Row("no expectation", "1.1\r\nContent-Length: 2", false),
        Row("no content", "1.1\r\nContent-Length: 0\r\nExpect: 100-continue", false),
        Row("HTTP 1.0", "1.0\r\nContent-Length: 2\r\nExpect: 100-continue", false),
        Row("another expectation in HTTP 1.0", "1.0\r\nContent-Length: 2\r\nExpect: x", false),
    ])
    func `an expectation is reported once, before the content`(row: Row<String, Bool>) throws {
        let head = "POST / HTTP/\(row.input)\r\nHost: h\r\n\r\n"
        var parser = HTTPRequestParser()
        _ = try feed(&parser, head)
        #expect(takesExpectation(&parser) == row.expected)
        #expect(!takesExpectation(&parser))
    }

    @Test func `no 100 is wanted once content has come`() throws {
        let head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        var parser = HTTPRequestParser()
        #expect(try feed(&parser, head + "a") == nil)
        #expect(!takesExpectation(&parser))
        parser = HTTPRequestParser()
        #expect(try feed(&parser, head) == nil)
        #expect(try feed(&parser, "a") == nil)
        #expect(!takesExpectation(&parser))
        parser = HTTPRequestParser()
        #expect(try feed(&parser, head) == nil)
        #expect(takesExpectation(&parser))
        #expect(try feed(&parser, "ab")?.content == [97, 98])
        #expect(!takesExpectation(&parser))
    }

    @Test func `an error too large is found before the content`() {
        var parser = HTTPRequestParser()
        #expect(throws: HTTPParseError.contentTooLarge) {
            try feed(&parser, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 65537\r\nExpect: 100-continue\r\n\r\n")
        }
        #expect(!takesExpectation(&parser))
    }

    @Test func `every error has its status and one sentence`() {
        let statuses: [(HTTPParseError, UInt16)] = [
            (.invalidRequestLine, 400), (.invalidMethod, 400), (.methodTooLong, 501), (.invalidTarget, 400),
            (.targetTooLong, 414), (.invalidTargetForm, 400), (.invalidVersion, 400), (.unsupportedVersion, 505),
            (.bareLineFeed, 400), (.bareCarriageReturn, 400), (.obsoleteLineFolding, 400), (.invalidFieldName, 400),
            (.invalidFieldValue, 400), (.tooManyFields, 431), (.fieldsTooLarge, 431), (.duplicateField(.host), 400),
            (.missingHost, 400), (.invalidHost, 400), (.invalidContentLength, 400), (.conflictingFraming, 400),
            (.transferEncodingInHTTP10, 400), (.invalidTransferEncoding, 400), (.unsupportedTransferCoding, 501),
            (.unsupportedExpectation, 417), (.contentTooLarge, 413), (.unsecuredTarget, 421), (.invalidChunkSize, 400),
            (.invalidChunkExtension, 400), (.chunkExtensionTooLong, 400), (.invalidChunkEnding, 400),
        ]
        for (error, code) in statuses {
            #expect(error.status.code == code, "\(error)")
            #expect(error.description.hasSuffix("."))
        }
        #expect(Set(statuses.map(\.0.description)).count == statuses.count)
    }
}
