import CZlib

/// Compresses by zlib into the format of RFC 1952.
enum Gzip {
    /// The content compressed as well as zlib can (level 9), always to the same bytes: the header names neither file nor
    /// time. Nil when that is not smaller, or when zlib has no memory.
    static func compress(_ content: [UInt8]) -> [UInt8]? {
        guard let count = UInt32(exactly: content.count) else { return nil }
        var stream = z_stream()
        // 15 bits of window, and 16 for the gzip format; 9 is the most memory.
        guard
            deflateInit2_(
                &stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        var input = content
        // Room for one byte less than before: what does not fit does not pay.
        let room = content.count - 1
        // An array without room is the one that all empty arrays share, and its count would be written.
        guard room > 0 else { return nil }
        let compressed = [UInt8](unsafeUninitializedCapacity: room) { output, written in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = count
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(room)
                written = deflate(&stream, Z_FINISH) == Z_STREAM_END ? Int(stream.total_out) : 0
            }
        }
        return compressed.isEmpty ? nil : compressed
    }
}
