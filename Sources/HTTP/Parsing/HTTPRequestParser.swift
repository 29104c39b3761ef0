/// Makes requests of the bytes of one connection (RFC 9112): feed what has been read, then take requests with `next()`
/// until it is incomplete.
///
/// The result depends only on the bytes, never on how they were cut. Every byte of a head is looked at once. A parser
/// between two requests holds no memory but itself.
public struct HTTPRequestParser: Sendable {
    /// What `next()` gives.
    public enum Output: Sendable {
        /// More bytes are needed.
        case incomplete
        /// A complete request, its content included.
        case request(HTTPRequest)
    }

    /// How far the next request has come.
    public enum Phase: Hashable, Sendable {
        /// Nothing of it has come.
        case idle
        /// Its head is coming, or has come and has not been looked at.
        case head
        /// Its head has come and its content is coming.
        case content
    }

    private enum Stage {
        case head
        case length(HTTPRequest, Int)
        case chunked(HTTPRequest, ChunkedDecoder)
        case trailers(HTTPRequest, FieldSectionParser)
        case failed(HTTPParseError)
    }

    private let limits: HTTPLimits
    private var buffer: [UInt8] = []
    /// Where in `buffer` the unread part starts, or the head or trailer section that is being read.
    private var consumed = 0
    /// How far that section has been read, from its start.
    private var scanned = 0
    private var stage = Stage.head
    private var requestLine = RequestLineParser()
    private var fieldSection: FieldSectionParser?
    private var skippedEmptyLine = false
    private var continueExpected = false

    /// Makes a parser of a new connection.
    public init(limits: HTTPLimits = .init()) {
        self.limits = limits
    }

    /// The number of bytes that have been fed and not yet become part of a request.
    public var bufferedByteCount: Int { buffer.count - consumed }

    /// How far the next request has come; after an error, `head` or `content` no longer means anything.
    public var phase: Phase {
        switch stage {
        case .head: bufferedByteCount == 0 ? .idle : .head
        case .length, .chunked, .trailers: .content
        case .failed: .head
        }
    }

    /// Adds bytes that have been read; after an error they are dropped.
    public mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        if case .failed = stage { return }
        if consumed == buffer.count {
            buffer = Array(bytes)
            consumed = 0
            return
        }
        // Waiting until half of the buffer is free keeps the moving linear.
        if consumed > buffer.count / 2 {
            buffer.removeFirst(consumed)
            consumed = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// Gives the next complete request; the bytes of those behind it stay buffered. Once it has thrown, it throws the same
    /// error for ever, because nobody can know where another request would begin.
    public mutating func next() throws(HTTPParseError) -> Output {
        do throws(HTTPParseError) {
            return try advance()
        } catch {
            stage = .failed(error)
            buffer = []
            consumed = 0
            fieldSection = nil
            continueExpected = false
            throw error
        }
    }

    /// Whether to send 100 (Continue) now: true once for a request whose client waits for it and of whose content nothing
    /// has come.
    public mutating func takeContinueExpectation() -> Bool {
        defer { continueExpected = false }
        return continueExpected
    }
}

extension HTTPRequestParser {
    private mutating func advance() throws(HTTPParseError) -> Output {
        while true {
            let isComplete: Bool
            switch stage {
            case .failed(let error): throw error
            case .head: isComplete = try advanceHead()
            case .length(let request, let length): return advanceContent(of: request, length: length)
            case .chunked(let request, var decoder):
                // The stage must not hold the decoder's content while it grows, or each piece would copy it.
                stage = .head
                isComplete = try advance(&decoder, of: request)
            case .trailers(let request, var section):
                stage = .head
                return try advance(&section, of: request)
            }
            guard isComplete else { return .incomplete }
        }
    }

    private mutating func advanceHead() throws(HTTPParseError) -> Bool {
        guard try skipEmptyLine() else { return false }
        if fieldSection == nil {
            guard try parseRequestLine() else { return false }
            fieldSection = FieldSectionParser(start: scanned)
        }
        guard try parseFieldSection() else { return false }
        try endHead()
        return true
    }

    /// Skips one empty line before a request (RFC 9112 section 2.2); false when it needs more bytes.
    private mutating func skipEmptyLine() throws(HTTPParseError) -> Bool {
        guard scanned == 0, !skippedEmptyLine else { return consumed < buffer.count }
        guard consumed < buffer.count else { return false }
        guard buffer[consumed] == .carriageReturn else { return true }
        guard consumed + 1 < buffer.count else { return false }
        guard buffer[consumed + 1] == .lineFeed else { throw .bareCarriageReturn }
        consumed += 2
        skippedEmptyLine = true
        releaseIfDrained()
        return consumed < buffer.count
    }

    private mutating func parseRequestLine() throws(HTTPParseError) -> Bool {
        var line = requestLine
        var position = scanned
        defer {
            requestLine = line
            scanned = position
        }
        return try buffer.withUnsafeBufferPointer { (bytes) throws(HTTPParseError) in
            try line.parse(
                UnsafeBufferPointer(rebasing: bytes[consumed...]), at: &position, limits: limits)
        }
    }

    private mutating func parseFieldSection() throws(HTTPParseError) -> Bool {
        guard var section = fieldSection.take() else { return false }
        defer { fieldSection = section }
        return try parse(&section)
    }

    private mutating func parse(_ section: inout FieldSectionParser) throws(HTTPParseError) -> Bool {
        var position = scanned
        defer { scanned = position }
        return try buffer.withUnsafeBufferPointer { (bytes) throws(HTTPParseError) in
            try section.parse(UnsafeBufferPointer(rebasing: bytes[consumed...]), at: &position, limits: limits)
        }
    }

    private mutating func endHead() throws(HTTPParseError) {
        guard let line = requestLine.result, let section = fieldSection.take() else { throw .invalidRequestLine }
        var fields = takeFields(section)
        try Self.checkHost(fields, section.known, target: line.target, version: line.version)
        let framing = try MessageFraming(fields, section.known, version: line.version, limits: limits)
        // RFC 9112 section 3.2.2: the authority of the target counts, whatever Host says.
        if let authority = line.target.authority { fields[.host] = authority }
        let request = HTTPRequest(method: line.method, target: line.target, version: line.version, fields: fields)
        requestLine = RequestLineParser()
        skippedEmptyLine = false
        if bufferedByteCount == 0, section.known.contains(.expect) {
            continueExpected = MessageFraming.expectsContinue(fields, version: line.version)
        }
        switch framing {
        case .length(let length):
            stage = .length(request, length)
            if length == 0 { continueExpected = false }
        case .chunked: stage = .chunked(request, ChunkedDecoder())
        }
    }

    /// Ends the section that has been read and takes its fields, without copying if nothing else is in the buffer.
    private mutating func takeFields(_ section: FieldSectionParser) -> HTTPFields {
        let end = consumed + scanned
        let isWholeBuffer = consumed == 0 && end == buffer.count
        let bytes = isWholeBuffer ? buffer : Array(buffer[consumed..<end])
        consumed = end
        scanned = 0
        releaseIfDrained()
        return HTTPFields(parsed: bytes, entries: section.entries)
    }

    /// RFC 9112 section 3.2: exactly one valid Host in HTTP/1.1, at most one in 1.0; two have been found before.
    private static func checkHost(
        _ fields: HTTPFields, _ known: KnownFields, target: HTTPTarget, version: HTTPVersion
    ) throws(HTTPParseError) {
        guard known.contains(.host), let host = fields.firstValueBytes(of: .host) else {
            guard version == .http10 else { throw .missingHost }
            return
        }
        guard !host.isEmpty else {
            guard target.authority == nil else { throw .invalidHost }
            return
        }
        guard host.withUnsafeBufferPointer({ Authority($0) }) != nil else { throw .invalidHost }
    }

    private mutating func advanceContent(of request: HTTPRequest, length: Int) -> Output {
        if bufferedByteCount > 0 { continueExpected = false }
        guard bufferedByteCount >= length else { return .incomplete }
        var request = request
        if length > 0 { request.content = Array(buffer[consumed..<(consumed + length)]) }
        consumed += length
        return end(request)
    }

    private mutating func advance(
        _ decoder: inout ChunkedDecoder, of request: HTTPRequest
    ) throws(HTTPParseError) -> Bool {
        if bufferedByteCount > 0 { continueExpected = false }
        var position = 0
        let isComplete = try buffer.withUnsafeBufferPointer { (bytes) throws(HTTPParseError) in
            try decoder.decode(UnsafeBufferPointer(rebasing: bytes[consumed...]), at: &position, limits: limits)
        }
        consumed += position
        guard isComplete else {
            stage = .chunked(request, decoder)
            releaseIfDrained()
            return false
        }
        var request = request
        request.content = decoder.content
        stage = .trailers(request, FieldSectionParser())
        return true
    }

    private mutating func advance(
        _ section: inout FieldSectionParser, of request: HTTPRequest
    ) throws(HTTPParseError) -> Output {
        guard try parse(&section) else {
            stage = .trailers(request, section)
            return .incomplete
        }
        var request = request
        if section.entries.isEmpty {
            consumed += scanned
            scanned = 0
        } else {
            request.trailers = takeFields(section)
        }
        return end(request)
    }

    private mutating func end(_ request: HTTPRequest) -> Output {
        stage = .head
        releaseIfDrained()
        return .request(request)
    }

    private mutating func releaseIfDrained() {
        guard consumed == buffer.count else { return }
        buffer = []
        consumed = 0
    }
}
