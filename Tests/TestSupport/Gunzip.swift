internal import CZlib

/// Decompresses by zlib.
package enum Gunzip {
    /// What the bytes are, which must be one whole member of RFC 1952 with nothing behind it; nil when they are not.
    package static func restore(_ compressed: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        // 15 bits of window, and 16 for the gzip format.
        guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return nil
        }
        defer { inflateEnd(&stream) }
        var input = compressed
        var restored: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 64 * 1024)
        return input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            while true {
                let (status, count) = room.withUnsafeMutableBufferPointer { output in
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(output.count)
                    let status = inflate(&stream, Z_NO_FLUSH)
                    return (status, output.count - Int(stream.avail_out))
                }
                restored += room[..<count]
                switch status {
                case Z_OK where count > 0: continue
                case Z_STREAM_END where stream.avail_in == 0: return restored
                default: return nil
                }
            }
        }
    }
}
