import CZlib
import Testing

@testable import HTTPTransport

struct GzipTests {
    @Test func `what is compressed is what was there`() throws {
        let content = Array(String(repeating: "body { color: red } ", count: 500).utf8)
        var compressed = try #require(Gzip.compress(content))
        #expect(compressed.count < content.count / 10)
        var stream = z_stream()
        #expect(inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
        defer { inflateEnd(&stream) }
        var restored = [UInt8](repeating: 0, count: content.count + 1)
        let count = compressed.count
        compressed.withUnsafeMutableBufferPointer { input in
            restored.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                #expect(inflate(&stream, Z_FINISH) == Z_STREAM_END)
            }
        }
        #expect(restored.prefix(Int(stream.total_out)).elementsEqual(content))
    }

    @Test(arguments: [[], [0x61], Array("abcdefgh".utf8)])
    func `what would not become smaller is left alone`(content: [UInt8]) {
        #expect(Gzip.compress(content) == nil)
    }
}
