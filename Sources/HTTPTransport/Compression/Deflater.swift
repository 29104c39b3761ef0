import CZlib

/// Compresses one text after the other into blocks of DEFLATE (RFC 1951) that fit into any stream, because they refer to
/// nothing before them.
final class Deflater {
    /// zlib keeps its address.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    /// How far back a repetition may be, as a power of two: 8 KiB, beyond which messages repeat nothing that was not said
    /// again since. Memory follows from it.
    private static let windowBits: Int32 = 13
    /// Of nine steps: at five the table of hashes, which is cleared for each text, has 8 KiB.
    private static let memoryLevel: Int32 = 5
    /// Of nine: beyond it a text of 8 KB gets a hundredth smaller at most, and takes twice the time.
    private static let level: Int32 = 4

    /// Nil when zlib has no memory.
    init?() {
        stream.initialize(to: z_stream())
        // A negative window stands for DEFLATE without a format around it.
        let status = deflateInit2_(
            stream, Self.level, Z_DEFLATED, -Self.windowBits, Self.memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// What comes before the text that follows in the stream: its blocks, and the header of a stored block whose length is
    /// to come next (RFC 1951 section 3.2.4). Ends at a whole byte. Nil when zlib could not.
    func blocks(of text: ArraySlice<UInt8>) -> [UInt8]? {
        guard let count = UInt32(exactly: text.count), deflateReset(stream) == Z_OK else { return nil }
        // Beyond what the text may take, a flush takes at most six bytes (zlib.h).
        let room = Int(deflateBound(stream, UInt(count))) + 6
        let blocks = [UInt8](unsafeUninitializedCapacity: room) { output, written in
            text.withUnsafeBufferPointer { text in
                // zlib only reads it.
                stream.pointee.next_in = UnsafeMutablePointer(mutating: text.baseAddress)
                stream.pointee.avail_in = count
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(room)
                let isWhole = deflate(stream, Z_SYNC_FLUSH) == Z_OK && stream.pointee.avail_in == 0
                // The flush has stored a block of no bytes: its length is for others to say.
                written = isWhole ? room - Int(stream.pointee.avail_out) - StoredBlock.lengthByteCount : 0
            }
        }
        return blocks.isEmpty ? nil : blocks
    }
}

/// Bytes as they are, in DEFLATE (RFC 1951 section 3.2.4).
enum StoredBlock {
    /// The most bytes that one may have.
    static let maxCount = 0xFFFF
    /// The two numbers that follow its header.
    static let lengthByteCount = 4
    /// The header of one that is not the last, where a whole byte has just ended.
    static let header: UInt8 = 0

    /// Appends the length, and its complement.
    static func appendLength(_ count: Int, to out: inout [UInt8]) {
        for number in [UInt16(count), ~UInt16(count)] {
            out.append(UInt8(truncatingIfNeeded: number))
            out.append(UInt8(truncatingIfNeeded: number >> 8))
        }
    }
}
