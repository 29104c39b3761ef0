import HTTP
import Testing

struct FramingTests {
    @Test(arguments: [
        Row("length", "Content-Length: 5\r\n\r\nhello", "hello"),
        Row("length of zero", "Content-Length: 0\r\n\r\n", ""),
        Row("length with leading zeros", "Content-Length: 0005\r\n\r\nhello", "hello"),
        Row("no framing is no content", "\r\n", ""),
        Row("chunked", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello"),
        Row("chunked in capitals", "Transfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello"),
        Row("two chunks", "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "hello"),
        Row(
            "hexadecimal sizes", "Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n",
            "01234567890123456789"),
        Row("leading zeros", "Transfer-Encoding: chunked\r\n\r\n0005\r\nhello\r\n000\r\n\r\n", "hello"),
        Row("no chunks", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ""),
        Row("CRLF in chunk data", "Transfer-Encoding: chunked\r\n\r\n4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n"),
        Row("extension", "Transfer-Encoding: chunked\r\n\r\n5;a\r\nhello\r\n0;b\r\n\r\n", "hello"),
        Row("extension with a value", "Transfer-Encoding: chunked\r\n\r\n5;a=b;c=d\r\nhello\r\n0\r\n\r\n", "hello"),
        Row(
            "extension after a quoted one",
            "Transfer-Encoding: chunked\r\n\r\n5;a=\"b\";c \t;d\r\nhello\r\n0\r\n\r\n", "hello"),
        Row(
            "quoted extension", "Transfer-Encoding: chunked\r\n\r\n5;a=\"b;\\\" \t\u{E9}\"\r\nhello\r\n0\r\n\r\n",
            "hello"),
        Row(
            "white space in extensions",
            "Transfer-Encoding: chunked\r\n\r\n5 \t; a = b ; c\t= \"d\" ;e\r\nhello\r\n0\r\n\r\n", "hello"),
    ])
    func `content is read`(row: Row<String, String>) {
        let outcome = parse("POST / HTTP/1.1\r\nHost: h\r\n\(row.input)")
        #expect(outcome.error == nil)
        #expect(outcome.isIdle)
        #expect(outcome.requests.map { $0.drop { $0 != "]" }.dropFirst(2) } == [row.expected[...]])
    }

    @Test(arguments: [
        Row(
            "smuggle by two content lengths", "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
            HTTPParseError.duplicateField(.contentLength)),
        Row(
            "two equal content lengths", "Content-Length: 5\r\nContent-Length: 5\r\n\r\n",
            .duplicateField(.contentLength)),
        Row("list of equal content lengths", "Content-Length: 5, 5\r\n\r\n", .invalidContentLength),
        Row("list of content lengths", "Content-Length: 5, 6\r\n\r\n", .invalidContentLength),
        Row("empty content length", "Content-Length:\r\n\r\n", .invalidContentLength),
        Row("content length with a plus", "Content-Length: +5\r\n\r\n", .invalidContentLength),
        Row("content length with a minus", "Content-Length: -5\r\n\r\n", .invalidContentLength),
        Row("hexadecimal content length", "Content-Length: 0x5\r\n\r\n", .invalidContentLength),
        Row("content length with a fraction", "Content-Length: 5.0\r\n\r\n", .invalidContentLength),
        Row("content length with a space inside", "Content-Length: 5 5\r\n\r\n", .invalidContentLength),
        Row("content length in other digits", "Content-Length: ٥\r\n\r\n", .invalidContentLength),
        Row("content length of 65 bits", "Content-Length: 18446744073709551617\r\n\r\n", .contentTooLarge),
        Row("content length of many digits", "Content-Length: 99999999999999999999999999\r\n\r\n", .contentTooLarge),
        Row("content length one over the limit", "Content-Length: 65537\r\n\r\n", .contentTooLarge),
        Row("smuggle by both framings", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", .conflictingFraming),
        Row(
            "smuggle by both framings turned round", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
            .conflictingFraming),
        Row(
            "content length beside a foreign coding", "Content-Length: 5\r\nTransfer-Encoding: x\r\n\r\n",
            .conflictingFraming),
        Row(
            "content length of zero beside chunked", "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
            .conflictingFraming),
        Row("unknown coding", "Transfer-Encoding: xchunked\r\n\r\n", .invalidTransferEncoding),
        Row("gzip", "Transfer-Encoding: gzip\r\n\r\n", .invalidTransferEncoding),
        Row("gzip and chunked", "Transfer-Encoding: gzip, chunked\r\n\r\n", .unsupportedTransferCoding),
        Row(
            "gzip and chunked on two lines", "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
            .unsupportedTransferCoding),
        Row("identity", "Transfer-Encoding: identity\r\n\r\n", .invalidTransferEncoding),
        Row(
            "coding with a parameter, then chunked", "Transfer-Encoding: x;a=\"b,c\", chunked\r\n\r\n",
            .unsupportedTransferCoding),
        Row("coding with a parameter", "Transfer-Encoding: x;a=\"b,c\"\r\n\r\n", .invalidTransferEncoding),
        Row("chunked not last", "Transfer-Encoding: chunked, gzip\r\n\r\n", .invalidTransferEncoding),
        Row("chunked twice", "Transfer-Encoding: chunked, chunked\r\n\r\n", .invalidTransferEncoding),
        Row(
            "chunked on two lines", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            .invalidTransferEncoding),
        Row(
            "identity after chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n",
            .invalidTransferEncoding),
        Row("chunked with a parameter", "Transfer-Encoding: chunked;a=b\r\n\r\n", .invalidTransferEncoding),
        Row("chunked with a semicolon", "Transfer-Encoding: chunked;\r\n\r\n", .invalidTransferEncoding),
        Row("chunked and a comma", "Transfer-Encoding: chunked,\r\n\r\n", .invalidTransferEncoding),
        Row("comma and chunked", "Transfer-Encoding: ,chunked\r\n\r\n", .invalidTransferEncoding),
        Row("empty transfer encoding", "Transfer-Encoding:\r\n\r\n", .invalidTransferEncoding),
        Row("quoted chunked", "Transfer-Encoding: \"chunked\"\r\n\r\n", .invalidTransferEncoding),
        Row("chunked with junk", "Transfer-Encoding: chunked x\r\n\r\n", .invalidTransferEncoding),
        Row("vertical tab before chunked", "Transfer-Encoding: \u{B}chunked\r\n\r\n", .invalidFieldValue),
        Row("space before the colon", "Transfer-Encoding : chunked\r\n\r\n", .invalidFieldName),
        Row(
            "expectation that nobody knows, too large", "Expect: x\r\nContent-Length: 99999999\r\n\r\n",
            .unsupportedExpectation),
    ])
    func `ambiguous or unknown framing is refused`(row: Row<String, HTTPParseError>) {
        let outcome = parse("POST / HTTP/1.1\r\nHost: h\r\n\(row.input)")
        #expect(outcome.error == row.expected)
        #expect(outcome.requests == [])
    }

    @Test func `HTTP 1.0 has no transfer encoding`() {
        let outcome = parse("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        #expect(outcome.error == .transferEncodingInHTTP10)
        #expect(parse("POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi").requests.count == 1)
    }

    @Test(arguments: [
        Row("no size", "\r\n", HTTPParseError.invalidChunkSize),
        Row("not hexadecimal", "g\r\n", .invalidChunkSize),
        Row("size with a sign", "+5\r\n", .invalidChunkSize),
        Row("negative size", "-1\r\n", .invalidChunkSize),
        Row("size with 0x", "0x5\r\n", .invalidChunkSize),
        Row("space before the size", " 5\r\n", .invalidChunkSize),
        Row("size of 65 bits", "10000000000000005\r\n", .contentTooLarge),
        Row("size of many digits", "ffffffffffffffffffffffff\r\n", .contentTooLarge),
        Row("size one over the limit", "10001\r\n", .contentTooLarge),
        Row("space after the size", "5 \r\n", .invalidChunkExtension),
        Row("empty extension", "5;\r\n", .invalidChunkExtension),
        Row("extension without a name", "5;=b\r\n", .invalidChunkExtension),
        Row("extension without a value", "5;a=\r\n", .invalidChunkExtension),
        Row("extension of two words", "5;a b\r\n", .invalidChunkExtension),
        Row("control in an extension", "5;a\u{0}\r\n", .invalidChunkExtension),
        Row("control in a quoted extension", "5;a=\"\u{1}\"\r\n", .invalidChunkExtension),
        Row("CR in a quoted extension", "5;a=\"\r\n", .invalidChunkExtension),
        Row("junk after a quoted extension", "5;a=\"b\"c\r\n", .invalidChunkExtension),
        Row("bare LF after the size", "5\nhello", .bareLineFeed),
        Row("bare LF as the size", "\n", .bareLineFeed),
        Row("bare LF in an extension", "5;a\nhello", .bareLineFeed),
        Row("bare LF in a quoted extension", "5;a=\"\nX", .bareLineFeed),
        Row("bare CR after the size", "5\rhello", .bareCarriageReturn),
        Row("more data than the size", "5\r\nhello!\r\n", .invalidChunkEnding),
        Row("bare LF after the data", "5\r\nhello\n0\r\n\r\n", .bareLineFeed),
        Row("bare CR after the data", "5\r\nhello\r0", .bareCarriageReturn),
        Row("bare LF at the end", "0\r\n\nX", .bareLineFeed),
        Row("folded trailer", "0\r\nA: b\r\n c\r\n\r\n", .obsoleteLineFolding),
        Row("invalid trailer", "0\r\nA b\r\n\r\n", .invalidFieldName),
    ])
    func `malformed chunks are refused`(row: Row<String, HTTPParseError>) {
        let head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        let outcome = parse(head + row.input)
        #expect(outcome.error == row.expected)
        #expect(outcome.requests == [])
    }

    @Test func `content may be as long as the limit`() {
        var limits = HTTPLimits()
        limits.maxContentLength = 5
        let head = "POST / HTTP/1.1\r\nHost: h\r\n"
        #expect(parse(head + "Content-Length: 5\r\n\r\nhello", limits: limits).requests.count == 1)
        #expect(parse(head + "Content-Length: 6\r\n\r\nhello!", limits: limits).error == .contentTooLarge)
        let chunked = head + "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n"
        #expect(parse(chunked + "3\r\nllo\r\n0\r\n\r\n", limits: limits).requests.count == 1)
        #expect(parse(chunked + "4\r\nllo!\r\n0\r\n\r\n", limits: limits).error == .contentTooLarge)
        #expect(HTTPLimits().maxContentLength == 65536)
    }

    @Test func `chunk extensions and leading zeros may be as long as the limit`() {
        var limits = HTTPLimits()
        limits.maxChunkExtensionLength = 5
        let head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(parse(head + "1;a\r\nx\r\n0;bc\r\n\r\n", limits: limits).error == nil)
        #expect(parse(head + "1;abcd\r\nx\r\n0\r\n\r\n", limits: limits).error == nil)
        #expect(parse(head + "1;abcde\r\nx\r\n0\r\n\r\n", limits: limits).error == .chunkExtensionTooLong)
        #expect(parse(head + "000001\r\nx\r\n0\r\n\r\n", limits: limits).error == nil)
        #expect(parse(head + "0000001\r\nx\r\n0\r\n\r\n", limits: limits).error == .chunkExtensionTooLong)
    }

    @Test func `trailers are kept apart, under the limits of fields`() throws {
        let text =
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nContent-Length: 9\r\nA: b\r\n\r\n"
        #expect(parse(text).error == nil)
        let request = try #require(try firstRequest(text))
        #expect(request.trailers.map(\.name) == ["Content-Length", "A"])
        #expect(request.fields[.contentLength] == nil)
        var limits = HTTPLimits()
        limits.maxFieldCount = 2
        #expect(parse(text, limits: limits).error == nil)
        #expect(parse(text.replacing("A: b", with: "A: b\r\nB: c"), limits: limits).error == .tooManyFields)
        limits.maxFieldsSize = 37
        #expect(parse(text.replacing("A: b", with: "A: b234567890123"), limits: limits).error == nil)
        #expect(parse(text.replacing("A: b", with: "A: b2345678901234"), limits: limits).error == .fieldsTooLarge)
    }

    private func firstRequest(_ text: String) throws -> HTTPRequest? {
        var parser = HTTPRequestParser()
        Array(text.utf8).withUnsafeBytes { parser.feed($0) }
        guard case .request(let request) = try parser.next() else { return nil }
        return request
    }
}
