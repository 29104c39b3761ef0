import CZlib
import HTTP

/// Puts gzip streams (RFC 1952) together from parts that were compressed before, and from bytes that stand between them as
/// they are.
///
/// What is one person's is stored, never compressed: no length tells how like it is to what others could write. And what is
/// shared is compressed by itself, a part at a time, so that nothing of one room meets another's.
final class PartwiseGzip {
    private let parts: DeflatedParts

    /// No compression pays for content of fewer bytes, which goes in one packet.
    static let leastContent = 1400
    /// Nor for a part of fewer, since what stands as it is takes no search.
    private static let leastPart = 64
    /// Magic numbers, DEFLATE, no flags, no time, no hints, an unknown system.
    private static let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    /// The last block, with nothing in it.
    private static let end: [UInt8] = [3, 0]

    /// - Parameter maxByteCount: the bound of the memory that parts are kept in.
    init(maxByteCount: Int) { parts = DeflatedParts(maxByteCount: maxByteCount) }

    /// The content compressed; nil when that would not be smaller.
    func compress(_ content: [UInt8], _ parts: HTTPContentParts) -> [UInt8]? {
        var stream = Stream(content)
        var start = 0
        for part in parts.parts {
            let text = content[start..<part.end]
            start = part.end
            if part.isShared, text.count >= Self.leastPart, let deflated = self.parts.part(for: text),
                deflated.isSmaller
            {
                stream.append(deflated)
            } else {
                stream.store(upTo: part.end)
            }
        }
        let bytes = stream.finish()
        return bytes.count < content.count ? bytes : nil
    }

    /// A stream that is being put together.
    private struct Stream {
        private let content: [UInt8]
        private var bytes: [UInt8] = []
        private var checkSum: uLong = 0
        /// So much of the content is in the stream.
        private var done = 0
        /// What comes next is the length of a stored block, whose header is there.
        private var isOpen = false

        init(_ content: [UInt8]) {
            self.content = content
            bytes.reserveCapacity(content.count / 4 + 512)
            bytes += PartwiseGzip.head
        }

        mutating func append(_ part: DeflatedPart) {
            closeStored()
            bytes += part.blocks
            checkSum = part.appended(to: checkSum)
            done += part.textByteCount
            pending = done
            isOpen = true
        }

        /// The content up to there stands as it is; what is said of parts one after the other becomes one block.
        mutating func store(upTo end: Int) { pending = end }
        private var pending = 0

        private mutating func closeStored() {
            if isOpen, pending == done {
                StoredBlock.appendLength(0, to: &bytes)
                isOpen = false
            }
            while done < pending {
                let text = content[done..<min(pending, done + StoredBlock.maxCount)]
                if !isOpen { bytes.append(StoredBlock.header) }
                isOpen = false
                StoredBlock.appendLength(text.count, to: &bytes)
                bytes += text
                checkSum = CheckSum.appending(text, to: checkSum)
                done = text.endIndex
            }
        }

        mutating func finish() -> [UInt8] {
            closeStored()
            bytes += PartwiseGzip.end
            for number in [UInt32(truncatingIfNeeded: checkSum), UInt32(truncatingIfNeeded: content.count)] {
                withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
            }
            return bytes
        }
    }
}
