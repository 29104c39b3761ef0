import HTTP

/// Chunked content that is taken holds what a second, simpler reading of it finds, and ends at the same byte.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzChunkedContent(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let input = FuzzInput(data, size)
    let head = Array("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
    let next = Array("GET /next HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
    var parser = HTTPRequestParser()
    head.withUnsafeBytes { parser.feed($0) }
    parser.feed(UnsafeRawBufferPointer(input.bytes))
    guard case .request(let request)? = try? parser.next() else { return 0 }

    guard let (content, end) = naiveContent(Array(input.bytes)) else {
        check(false, "taken, but not by the simpler reading")
        return 0
    }
    check(content == request.content, "\(request.content) rather than \(content)")
    check(parser.bufferedByteCount == input.bytes.count - end, "it ends elsewhere")
    if end == input.bytes.count {
        next.withUnsafeBytes { parser.feed($0) }
        guard case .request(let request)? = try? parser.next() else {
            check(false, "the next request is not seen")
            return 0
        }
        check(request.target.path == "/next", "the next request is \(request)")
    }
    return 0
}

/// Reads chunk by chunk with no regard to extensions and trailers but where they end.
private func naiveContent(_ bytes: [UInt8]) -> (content: [UInt8], end: Int)? {
    var content: [UInt8] = []
    var position = 0
    func line() -> ArraySlice<UInt8>? {
        guard
            let end = bytes.indices.dropFirst(position).first(where: {
                bytes[$0] == 0x0A && $0 > 0 && bytes[$0 - 1] == 0x0D
            })
        else { return nil }
        defer { position = end + 1 }
        return bytes[position..<(end - 1)]
    }
    while true {
        guard let sizeLine = line() else { return nil }
        let digits = sizeLine.prefix { ($0 >= 0x30 && $0 <= 0x39) || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x66) }
        guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
        if size == 0 { break }
        guard position + size + 2 <= bytes.count else { return nil }
        content += bytes[position..<(position + size)]
        position += size + 2
    }
    while let trailer = line() {
        if trailer.isEmpty { return (content, position) }
    }
    return nil
}
