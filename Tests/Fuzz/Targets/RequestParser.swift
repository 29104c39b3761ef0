import HTTP

/// The parser gives the same requests and the same error, however its input is cut, and keeps its limits.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRequestParser(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    var limits = HTTPLimits()
    limits.maxTargetLength = 64
    limits.maxFieldCount = 8
    limits.maxFieldsSize = 256
    limits.maxContentLength = 64
    limits.maxChunkExtensionLength = 16

    var whole = ParsedRequests(limits)
    whole.feed(input.bytes)
    var cut = ParsedRequests(limits)
    input.forEachPiece { cut.feed($0) }
    check(whole.seen == cut.seen, "in one piece: \(whole.seen)\nin several: \(cut.seen)")
    return 0
}

/// What a parser has made of what it was fed.
private struct ParsedRequests {
    private(set) var seen: [String] = []
    private var parser: HTTPRequestParser
    private let limits: HTTPLimits

    init(_ limits: HTTPLimits) {
        self.limits = limits
        parser = HTTPRequestParser(limits: limits)
    }

    mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
        parser.feed(UnsafeRawBufferPointer(bytes))
        do throws(HTTPParseError) {
            while case .request(let request) = try parser.next() { note(request) }
        } catch {
            if seen.last != "\(error)" { seen.append("\(error)") }
            check(parser.bufferedByteCount == 0, "bytes are kept after an error")
            checkIsFinal(error)
        }
    }

    private mutating func note(_ request: HTTPRequest) {
        check(request.content.count <= limits.maxContentLength, "too much content")
        check(request.target.description.utf8.count <= limits.maxTargetLength + 1, "too long a target")
        check(request.fields.count <= limits.maxFieldCount + 1, "too many fields")
        check(!request.fields.contains(.contentLength) || !request.fields.contains(.transferEncoding), "two framings")
        check(request.version == .http10 || request.fields.contains(.host), "no Host")
        check(request.fields.values(of: .host).count <= 1, "two Hosts")
        let fields = request.fields.map { "\($0.name): \($0.value)" }
        check(fields.allSatisfy { !$0.utf8.contains { $0 < 0x20 && $0 != 0x09 } }, "a control in \(fields)")
        let trailers = request.trailers.map { "\($0.name): \($0.value)" }
        seen.append(
            "\(request.method) \(request.target) \(request.version) \(fields) \(request.content) \(trailers) "
                + "\(request.keepsAlive)")
    }

    private mutating func checkIsFinal(_ error: HTTPParseError) {
        do throws(HTTPParseError) {
            _ = try parser.next()
            check(false, "an error is not for ever")
        } catch let second {
            check(second == error, "\(second) after \(error)")
        }
    }
}
