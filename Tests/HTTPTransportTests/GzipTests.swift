import TestSupport
import Testing

@testable import HTTPTransport

struct GzipTests {
    @Test func `what is compressed is what was there`() throws {
        let content = Array(String(repeating: "body { color: red } ", count: 500).utf8)
        let compressed = try #require(Gzip.compress(content))
        #expect(compressed.count < content.count / 10)
        #expect(Gunzip.restore(compressed) == content)
    }

    @Test(arguments: [[], [0x61], Array("abcdefgh".utf8)])
    func `what would not become smaller is left alone`(content: [UInt8]) {
        #expect(Gzip.compress(content) == nil)
    }
}
