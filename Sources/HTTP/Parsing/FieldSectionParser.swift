/// Reads field lines up to and with the empty line after them (RFC 9112 section 5), byte after byte, so that any cut of
/// the input gives the same result. Serves heads and trailer sections.
struct FieldSectionParser: Sendable {
    private enum Stage { case lineStart, name, whitespace, value, valueLineFeed, endLineFeed }

    private let start: Int
    private var stage = Stage.lineStart
    private var nameStart = 0
    private var nameEnd = 0
    private var valueStart = 0
    private var valueEnd = 0
    private(set) var entries: [HTTPFields.Entry] = []
    private(set) var known: KnownFields = []

    /// Starts a section whose first line is at `start`; what is parsed later must begin at the same byte.
    init(start: Int = 0) {
        self.start = start
    }

    /// Goes on from `position`; true when the section is complete and `position` is after its empty line.
    mutating func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int, limits: HTTPLimits
    ) throws(HTTPParseError) -> Bool {
        // A local index stays in a register.
        var index = position
        defer { position = index }
        let (sum, overflow) = start.addingReportingOverflow(limits.maxFieldsSize)
        let sizeEnd = overflow ? .max : sum
        let end = min(bytes.count, sizeEnd)
        while index < bytes.count {
            switch stage {
            case .lineStart:
                if bytes[index] == .carriageReturn {
                    stage = .endLineFeed
                    index += 1
                    continue
                }
                guard !bytes[index].isWhitespace else { throw .obsoleteLineFolding }
                guard bytes[index] != .lineFeed else { throw .bareLineFeed }
                guard entries.count < limits.maxFieldCount else { throw .tooManyFields }
                nameStart = index
                stage = .name
            case .endLineFeed:
                guard bytes[index] == .lineFeed else { throw .bareCarriageReturn }
                index += 1
                return true
            case _ where index >= sizeEnd: throw .fieldsTooLarge
            case .name:
                while index < end, Self.isNameByte(bytes[index]) { index += 1 }
                guard index < end else { continue }
                guard bytes[index] == .colon, index > nameStart else {
                    throw bytes[index] == .lineFeed ? .bareLineFeed : .invalidFieldName
                }
                nameEnd = index
                index += 1
                stage = .whitespace
            case .whitespace:
                while index < end, bytes[index].isWhitespace { index += 1 }
                guard index < end else { continue }
                valueStart = index
                stage = .value
            case .value:
                Self.skipValue(bytes, at: &index, until: end)
                guard index < end else { continue }
                guard bytes[index] == .carriageReturn else {
                    throw bytes[index] == .lineFeed ? .bareLineFeed : .invalidFieldValue
                }
                valueEnd = index
                index += 1
                stage = .valueLineFeed
            case .valueLineFeed:
                guard bytes[index] == .lineFeed else { throw .bareCarriageReturn }
                index += 1
                try endLine(bytes)
                stage = .lineStart
            }
        }
        return false
    }

    /// Whether a name may hold the byte; nearly all are letters and hyphens, which takes half the time to see.
    @inline(__always)
    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isLetter || byte == .hyphen || ByteClass.token.contains(byte)
    }

    /// Moves `position` to the first control other than HTAB, eight bytes at a time.
    @inline(__always)
    private static func skipValue(_ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int, until end: Int) {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highBits = ones << 7
        let raw = UnsafeRawBufferPointer(bytes)
        while position + 8 <= end {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let delete = word ^ (ones &* 0x7F)
            // The lowest flagged byte is exact: a borrow spreads only to the bytes above a flagged one.
            let flags = (((word &- ones &* 0x20) & ~word) | ((delete &- ones) & ~delete)) & highBits
            guard flags != 0 else {
                position += 8
                continue
            }
            position += flags.trailingZeroBitCount / 8
            guard bytes[position] == .horizontalTab else { return }
            position += 1
        }
        while position < end, !bytes[position].isForbiddenControl { position += 1 }
    }

    private mutating func endLine(_ bytes: UnsafeBufferPointer<UInt8>) throws(HTTPParseError) {
        while valueEnd > valueStart, bytes[valueEnd - 1].isWhitespace { valueEnd -= 1 }
        let name = UnsafeBufferPointer(rebasing: bytes[nameStart..<nameEnd])
        let field = KnownFields(name: name)
        if field.isSingleton, known.contains(field) {
            guard let name = HTTPFieldName(String(decoding: name, as: UTF8.self)) else { throw .invalidFieldName }
            throw .duplicateField(name)
        }
        known.formUnion(field)
        if entries.isEmpty { entries.reserveCapacity(16) }
        entries.append(
            HTTPFields.Entry(
                nameStart: UInt32(nameStart), nameEnd: UInt32(nameEnd),
                valueStart: UInt32(valueStart), valueEnd: UInt32(valueEnd)))
    }
}
