/// Decodes chunked content up to its last chunk (RFC 9112 section 7.1); the trailer section after it is not its own.
struct ChunkedDecoder: Sendable {
    private enum Stage {
        case sizeStart, size
        case whitespace, nameStart, name, nameEnd, valueStart, value, quoted, escaped, quotedEnd
        case sizeLineFeed, data, dataCarriageReturn, dataLineFeed
    }

    private var stage = Stage.sizeStart
    private var remaining = 0
    private var extensionLength = 0
    private(set) var content: [UInt8] = []

    /// Goes on from `position`; true when `position` is after the last chunk's size line.
    mutating func decode(
        _ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int, limits: HTTPLimits
    ) throws(HTTPParseError) -> Bool {
        while position < bytes.count {
            let byte = bytes[position]
            switch stage {
            case .data:
                let end = min(bytes.count, position + remaining)
                content.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[position..<end]))
                remaining -= end - position
                position = end
                if remaining == 0 { stage = .dataCarriageReturn }
                continue
            case .dataCarriageReturn:
                guard byte == .carriageReturn else { throw byte == .lineFeed ? .bareLineFeed : .invalidChunkEnding }
                stage = .dataLineFeed
            case .dataLineFeed:
                guard byte == .lineFeed else { throw .bareCarriageReturn }
                stage = .sizeStart
            case .sizeLineFeed:
                guard byte == .lineFeed else { throw .bareCarriageReturn }
                if remaining == 0 {
                    position += 1
                    return true
                }
                stage = .data
            case .sizeStart, .size: try addSizeByte(byte, limits)
            default:
                if byte != .carriageReturn { try countExtensionByte(limits) }
                try addExtensionByte(byte)
            }
            position += 1
        }
        return false
    }

    private mutating func addSizeByte(_ byte: UInt8, _ limits: HTTPLimits) throws(HTTPParseError) {
        guard let digit = byte.hexDigitValue else {
            guard stage == .size else { throw byte == .lineFeed ? .bareLineFeed : .invalidChunkSize }
            if byte == .semicolon || byte.isWhitespace { try countExtensionByte(limits) }
            switch byte {
            case .semicolon: stage = .nameStart
            case .carriageReturn: stage = .sizeLineFeed
            case .lineFeed: throw .bareLineFeed
            case _ where byte.isWhitespace: stage = .whitespace
            default: throw .invalidChunkSize
            }
            return
        }
        if stage == .size, remaining == 0 { try countExtensionByte(limits) }
        stage = .size
        let (shifted, shiftOverflow) = remaining.multipliedReportingOverflow(by: 16)
        let (size, sumOverflow) = shifted.addingReportingOverflow(Int(digit))
        guard !shiftOverflow, !sumOverflow, size <= limits.maxContentLength - content.count else {
            throw .contentTooLarge
        }
        remaining = size
    }

    private mutating func countExtensionByte(_ limits: HTTPLimits) throws(HTTPParseError) {
        extensionLength += 1
        guard extensionLength <= limits.maxChunkExtensionLength else { throw .chunkExtensionTooLong }
    }

    /// `chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )`; the extensions mean nothing here.
    private mutating func addExtensionByte(_ byte: UInt8) throws(HTTPParseError) {
        let isToken = ByteClass.token.contains(byte)
        switch (stage, byte) {
        case (.quoted, .quote): stage = .quotedEnd
        case (.quoted, .backslash): stage = .escaped
        case (.quoted, _) where byte.isQuotable: break
        case (.escaped, _) where byte.isQuotable: stage = .quoted
        case (_, .lineFeed): throw .bareLineFeed
        case (.nameStart, _) where isToken: stage = .name
        case (.name, _) where isToken: break
        case (.valueStart, _) where isToken: stage = .value
        case (.valueStart, .quote): stage = .quoted
        case (.value, _) where isToken: break
        case (.name, .equalsSign), (.nameEnd, .equalsSign): stage = .valueStart
        case (.name, .semicolon), (.nameEnd, .semicolon), (.value, .semicolon), (.quotedEnd, .semicolon),
            (.whitespace, .semicolon):
            stage = .nameStart
        case (.name, .carriageReturn), (.value, .carriageReturn), (.quotedEnd, .carriageReturn): stage = .sizeLineFeed
        case (.name, _) where byte.isWhitespace: stage = .nameEnd
        case (.value, _) where byte.isWhitespace: stage = .whitespace
        case (.quotedEnd, _) where byte.isWhitespace: stage = .whitespace
        case (.nameStart, _) where byte.isWhitespace: break
        case (.valueStart, _) where byte.isWhitespace: break
        case (.nameEnd, _) where byte.isWhitespace: break
        case (.whitespace, _) where byte.isWhitespace: break
        default: throw .invalidChunkExtension
        }
    }
}
