import HTTP

/// Whatever is put into the fields of a response, it stays one head with as many lines as fields.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzResponses(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let input = FuzzInput(data, size)
    var response = HTTPResponse()
    let names: [HTTPFieldName] = [.location, .setCookie, .contentType, .etag, .connection, .contentLength]
    let lines = input.text.split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
    for (index, line) in lines.prefix(64).enumerated() {
        response.fields.append(line, for: names[index % names.count])
        if index % 7 == 6 { response.fields[names[index % 5]] = line }
    }
    var out: [UInt8] = []
    HTTPSerializer.append(
        response, requestMethod: .get, version: .http11, keepAlive: true,
        date: IMFFixdate.format(unixSeconds: 1_750_000_000), to: &out)
    let head = out
    check(head.suffix(4).elementsEqual(Array("\r\n\r\n".utf8)), "it does not end as a head does")
    // Each CR and LF belongs to a line end, and there is one empty line, the last.
    var lineCount = 0
    for index in head.indices where head[index] == 0x0A || head[index] == 0x0D {
        let isEnd = head[index] == 0x0A ? index > 0 && head[index - 1] == 0x0D : head[index + 1] == 0x0A
        check(isEnd, "a bare CR or LF")
        if head[index] == 0x0A { lineCount += 1 }
    }
    let framing = response.fields.values(of: .connection).count + response.fields.values(of: .contentLength).count
    // The status line, Date, Content-Length and the empty line are added, and own framing is left out.
    check(lineCount == response.fields.count - framing + 4, "\(lineCount) lines of \(response.fields.count) fields")
    check(!head.contains(0), "NUL")
    return 0
}
