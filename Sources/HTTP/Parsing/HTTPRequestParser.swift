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

    private enum Stage { case requestLine, fields, content(length: Int), chunks, trailers }

    private let limits: HTTPLimits
    private var buffer: [UInt8] = []
    /// Where in `buffer` the unread part starts, or the head or trailer section that is being read.
    private var consumed = 0
    /// How far that section has been read, from its start.
    private var scanned = 0
    private var stage = Stage.requestLine
    private var failure: HTTPParseError?
    private var refusedMethod: HTTPMethod?
    private var skippedEmptyLine = false
    private var continueExpected = false
    private var requestLine = RequestLineParser()
    private var fieldSection = FieldSectionParser()
    private var chunkedDecoder = ChunkedDecoder()
    /// The request whose request line has come, while the rest is coming.
    private var pending: HTTPRequest?

    /// Makes a parser of a new connection.
    public init(limits: HTTPLimits = .init()) {
        self.limits = limits
    }

    /// The number of bytes that have been fed and not yet become part of a request.
    public var bufferedByteCount: Int { buffer.count - consumed }

    /// The memory that the bytes of a request take that has not come in full, in bytes: 0 between two requests. What is
    /// free in an array counts, for it is taken.
    public var heldByteCount: Int {
        buffer.capacity + chunkedDecoder.content.capacity + (pending?.fields.bytes.count ?? 0)
    }

    /// How far the next request has come; `head` for ever after an error.
    public var phase: Phase {
        switch stage {
        case _ where failure != nil: .head
        case .requestLine: bufferedByteCount == 0 ? .idle : .head
        case .fields: .head
        case .content, .chunks, .trailers: .content
        }
    }

    /// The method of the request that is coming or that was refused; nil as long as it is not known. An error, too, is
    /// answered to HEAD without content (RFC 9110 section 9.3.2).
    public var method: HTTPMethod? {
        if failure != nil { return refusedMethod }
        if let pending { return pending.method }
        guard let length = requestLine.methodLength else { return nil }
        return HTTPMethod(validated: String(decoding: buffer[consumed..<(consumed + length)], as: UTF8.self))
    }

    /// Adds bytes that have been read; after an error they are dropped.
    public mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        if failure != nil { return }
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

    /// Gives the next complete request; the bytes of those behind it stay buffered. Once it has thrown, it throws the
    /// same error for ever, because nobody can know where another request would begin.
    public mutating func next() throws(HTTPParseError) -> Output {
        if let failure { throw failure }
        do throws(HTTPParseError) {
            return try advance()
        } catch {
            let method = method
            self = HTTPRequestParser(limits: limits)
            failure = error
            refusedMethod = method
            throw error
        }
    }

    /// Whether the client of the request that is coming waits for 100 (Continue), and nothing of its content has come.
    public var expectsContinue: Bool { continueExpected }

    /// Whether to send 100 (Continue) now: true once for a request whose client waits for it and of whose content
    /// nothing has come.
    public mutating func takeContinueExpectation() -> Bool {
        defer { continueExpected = false }
        return continueExpected
    }
}

extension HTTPRequestParser {
    private mutating func advance() throws(HTTPParseError) -> Output {
        switch stage {
        case .requestLine, .fields: try advanceHead()
        case .content(let length): advanceContent(length: length)
        case .chunks, .trailers: try advanceChunks()
        }
    }

    private mutating func advanceHead() throws(HTTPParseError) -> Output {
        if case .requestLine = stage {
            guard try skipEmptyLine(), let request = try parseRequestLine() else { return .incomplete }
            pending = request
            fieldSection = FieldSectionParser(start: scanned)
            stage = .fields
        }
        guard try parseFieldSection(), var request = pending else { return .incomplete }
        let known = fieldSection.known
        request.fields = takeFields()
        try Self.checkHost(request, known)
        let framing = try MessageFraming(request.fields, known, version: request.version, limits: limits)
        // RFC 9112 section 3.2.2: the authority of the target counts, whatever Host says.
        if let authority = request.target.authority { request.fields[.host] = authority }
        if known.contains(.connection) || request.version == .http10 {
            request.keepsAlive = ConnectionOptions(request.fields).keepsAlive(in: request.version)
        }
        requestLine = RequestLineParser()
        skippedEmptyLine = false
        switch framing {
        case .length(0):
            stage = .requestLine
            pending = nil
            return .request(request)
        case .length(let length): stage = .content(length: length)
        case .chunked: stage = .chunks
        }
        continueExpected =
            known.contains(.expect) && MessageFraming.expectsContinue(request.fields, version: request.version)
        pending = request
        return try advance()
    }

    /// Skips one empty line before a request (RFC 9112 section 2.2); false when nothing else has come.
    private mutating func skipEmptyLine() throws(HTTPParseError) -> Bool {
        guard consumed < buffer.count else { return false }
        guard scanned == 0, !skippedEmptyLine, buffer[consumed] == .carriageReturn else { return true }
        guard consumed + 1 < buffer.count else { return false }
        guard buffer[consumed + 1] == .lineFeed else { throw .bareCarriageReturn }
        skippedEmptyLine = true
        consume(2)
        return consumed < buffer.count
    }

    private mutating func parseRequestLine() throws(HTTPParseError) -> HTTPRequest? {
        // The element parsers are moved out and back, because they change while the buffer is borrowed.
        var parser = RequestLineParser()
        swap(&parser, &requestLine)
        var position = scanned
        defer {
            swap(&parser, &requestLine)
            scanned = position
        }
        return try buffer.withUnsafeBufferPointer { (bytes) throws(HTTPParseError) in
            try parser.parse(UnsafeBufferPointer(rebasing: bytes[consumed...]), at: &position, limits: limits)
        }
    }

    private mutating func parseFieldSection() throws(HTTPParseError) -> Bool {
        var parser = FieldSectionParser()
        swap(&parser, &fieldSection)
        var position = scanned
        defer {
            swap(&parser, &fieldSection)
            scanned = position
        }
        return try buffer.withUnsafeBufferPointer { (bytes) throws(HTTPParseError) in
            try parser.parse(UnsafeBufferPointer(rebasing: bytes[consumed...]), at: &position, limits: limits)
        }
    }

    private mutating func decodeChunks() throws(HTTPParseError) -> Bool {
        var decoder = ChunkedDecoder()
        swap(&decoder, &chunkedDecoder)
        var position = 0
        defer {
            swap(&decoder, &chunkedDecoder)
            consume(position)
        }
        return try buffer.withUnsafeBufferPointer { (bytes) throws(HTTPParseError) in
            try decoder.decode(UnsafeBufferPointer(rebasing: bytes[consumed...]), at: &position, limits: limits)
        }
    }

    /// Takes the fields of the section that has been read, without copying if nothing else is in the buffer.
    private mutating func takeFields() -> HTTPFields {
        let end = consumed + scanned
        let bytes = consumed == 0 && end == buffer.count ? buffer : Array(buffer[consumed..<end])
        let fields = HTTPFields(parsed: bytes, entries: fieldSection.entries)
        fieldSection = FieldSectionParser()
        consume(scanned)
        scanned = 0
        return fields
    }

    /// RFC 9112 section 3.2: exactly one valid Host in HTTP/1.1, at most one in 1.0; two have been found before.
    private static func checkHost(_ request: HTTPRequest, _ known: KnownFields) throws(HTTPParseError) {
        guard known.contains(.host), let host = request.fields.firstValueBytes(of: .host) else {
            guard request.version == .http10 else { throw .missingHost }
            return
        }
        // An empty one is valid (RFC 9110 section 7.2), and beside a target with an authority it is ignored.
        guard !host.isEmpty else { return }
        guard host.withUnsafeBufferPointer({ Authority($0) }) != nil else { throw .invalidHost }
    }

    private mutating func advanceContent(length: Int) -> Output {
        if bufferedByteCount > 0 { continueExpected = false }
        guard bufferedByteCount >= length else { return .incomplete }
        let content = Array(buffer[consumed..<(consumed + length)])
        consume(length)
        return endRequest(content: content, trailers: HTTPFields())
    }

    private mutating func advanceChunks() throws(HTTPParseError) -> Output {
        if bufferedByteCount > 0 { continueExpected = false }
        if case .chunks = stage {
            guard try decodeChunks() else { return .incomplete }
            stage = .trailers
        }
        guard try parseFieldSection() else { return .incomplete }
        let content = chunkedDecoder.content
        chunkedDecoder = ChunkedDecoder()
        return endRequest(content: content, trailers: takeFields())
    }

    private mutating func endRequest(content: [UInt8], trailers: HTTPFields) -> Output {
        stage = .requestLine
        guard var request = pending.take() else { return .incomplete }
        request.content = content
        if !trailers.isEmpty { request.trailers = trailers }
        return .request(request)
    }

    /// Leaves `count` bytes behind, and the buffer with them when it has no more.
    private mutating func consume(_ count: Int) {
        consumed += count
        guard consumed == buffer.count else { return }
        buffer = []
        consumed = 0
    }
}
