import CZlib

/// A text that many pages have, compressed once for all of them.
final class DeflatedPart {
    private let text: [UInt8]
    /// As `Deflater.blocks` makes them; empty when they would not be smaller than the text.
    let blocks: [UInt8]
    private let checkSum: uLong
    /// What appending the text does to the check sum of what is before it.
    private let combination: uLong

    /// The memory that it takes, in bytes, with its place among the others.
    var byteCount: Int { text.count + blocks.count + 256 }
    var textByteCount: Int { text.count }
    var isSmaller: Bool { !blocks.isEmpty }

    init(_ text: ArraySlice<UInt8>, by deflater: Deflater) {
        self.text = Array(text)
        let blocks = deflater.blocks(of: text) ?? []
        self.blocks = blocks.count + StoredBlock.lengthByteCount < text.count ? blocks : []
        checkSum = CheckSum.appending(text, to: 0)
        combination = crc32_combine_gen(text.count)
    }

    func `is`(_ other: ArraySlice<UInt8>) -> Bool {
        guard text.count == other.count else { return false }
        return text.withUnsafeBytes { text in other.withUnsafeBytes { Self.areEqual(text, $0) } }
    }

    /// Compares 32 bytes at a time; both have as many.
    private static func areEqual(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
        typealias Words = SIMD4<UInt64>
        let stride = MemoryLayout<Words>.size
        var difference = Words.zero
        var index = 0
        while index + stride <= one.count {
            difference |=
                one.loadUnaligned(fromByteOffset: index, as: Words.self)
                ^ other.loadUnaligned(fromByteOffset: index, as: Words.self)
            index += stride
        }
        return difference == .zero && one[index...].elementsEqual(other[index...])
    }

    /// The check sum of a text and this one behind it.
    func appended(to checkSum: uLong) -> uLong { crc32_combine_op(checkSum, self.checkSum, combination) }
}

/// The check sum of RFC 1952 section 8.
enum CheckSum {
    static func appending(_ text: ArraySlice<UInt8>, to checkSum: uLong) -> uLong {
        text.withUnsafeBufferPointer { crc32_z(checkSum, $0.baseAddress, $0.count) }
    }
}
