import HTTP

/// A file, in memory or open: as it is and, in memory, compressed if that pays, with the fields that go with it.
struct StaticFile: Sendable {
    /// Where the bytes are.
    enum Content: Sendable {
        case memory(HTTPSharedContent)
        case file(OpenFile, length: Int)

        var length: Int {
            switch self {
            case .memory(let content): content.bytes.count
            case .file(_, let length): length
            }
        }
    }

    /// One representation of the file: its tag is its own, its fields are made once.
    private struct Variant: Sendable {
        let content: Content
        let entityTag: EntityTag?
        let fields: HTTPFields
        let lastingFields: HTTPFields

        init(_ content: Content, tag: String, fields: HTTPFields) {
            self.content = content
            entityTag = EntityTag(tag)
            var fields = fields
            fields[.etag] = entityTag?.fieldValue
            // Asked again each time, and answered by 304 for as long as it is the same.
            var passing = fields
            passing.append("no-cache", for: .cacheControl)
            self.fields = passing
            fields.append("public, max-age=31536000, immutable", for: .cacheControl)
            lastingFields = fields
        }
    }

    /// Tells this content from others.
    let version: String
    /// Seconds since 1970-01-01T00:00:00Z.
    let lastModified: Int64
    private let mediaType: String
    private let identity: Variant
    private let gzip: Variant?

    /// - Parameters:
    ///   - path: its name tells the media type.
    ///   - version: tells this content from others.
    ///   - lastModified: seconds since 1970-01-01T00:00:00Z.
    ///   - marks: further fields of every answer.
    init(
        path: String, content: Content, version: String, lastModified: Int64, marks: [(HTTPFieldName, String)] = []
    ) {
        self.lastModified = lastModified
        self.version = version
        mediaType = MediaTypes.mediaType(of: path)
        var fields = HTTPFields()
        fields[.contentType] = mediaType
        fields[.lastModified] = String(decoding: IMFFixdate.format(unixSeconds: lastModified), as: UTF8.self)
        fields[.xContentTypeOptions] = "nosniff"
        fields[.acceptRanges] = "bytes"
        for (name, value) in marks { fields.append(value, for: name) }
        var compressed: [UInt8]?
        if case .memory(let content) = content, MediaTypes.isCompressible(mediaType) {
            compressed = Gzip.compress(Array(content.bytes))
        }
        if compressed != nil { fields[.vary] = "Accept-Encoding" }
        identity = Variant(content, tag: version, fields: fields)
        fields[.contentEncoding] = "gzip"
        gzip = compressed.map { Variant(.memory(HTTPSharedContent($0)), tag: version + "-gzip", fields: fields) }
    }

    /// - Parameter lasts: whether it was asked for by a name that no other content will ever have, so that whoever gets it
    ///   may keep it for good.
    func response(to request: HTTPRequest, lasts: Bool) -> HTTPResponse {
        switch request.method {
        case .get, .head: break
        case .options: return HTTPResponse(status: .noContent, fields: Self.allow)
        default: return HTTPResponse(status: .methodNotAllowed, fields: Self.allow)
        }
        switch ContentCoding.preferred(request.fields, offersGzip: gzip != nil) {
        case .gzip: return response(to: request, gzip ?? identity, lasts: lasts)
        case .identity: return response(to: request, identity, lasts: lasts)
        case nil: return HTTPResponse(status: .notAcceptable, fields: gzip == nil ? HTTPFields() : Self.vary)
        }
    }

    private func response(to request: HTTPRequest, _ variant: Variant, lasts: Bool) -> HTTPResponse {
        let fields = lasts ? variant.lastingFields : variant.fields
        switch ConditionalRequest.evaluate(
            method: request.method, fields: request.fields, entityTag: variant.entityTag, lastModified: lastModified)
        {
        case .proceed: break
        case .notModified: return HTTPResponse(status: .notModified, fields: fields)
        case .preconditionFailed:
            return HTTPResponse(status: .preconditionFailed, fields: gzip == nil ? HTTPFields() : Self.vary)
        }
        switch RangeRequest(
            method: request.method, fields: request.fields, length: variant.content.length,
            // The codings have one date, which cannot tell a part of the one from a part of the other.
            entityTag: variant.entityTag, lastModified: gzip == nil ? lastModified : nil)
        {
        case .whole: return whole(variant.content, fields)
        case .parts(let parts): return partialResponse(parts, of: variant.content, fields)
        case .notSatisfiable:
            var none = gzip == nil ? HTTPFields() : Self.vary
            none[.contentRange] = RangeRequest.unsatisfiedContentRange(length: variant.content.length)
            return HTTPResponse(status: .rangeNotSatisfiable, fields: none)
        }
    }

    private func whole(_ content: Content, _ fields: HTTPFields) -> HTTPResponse {
        switch content {
        case .memory(let bytes): HTTPResponse(fields: fields, shared: bytes)
        case .file(let file, let length): HTTPResponse(fields: fields, file: HTTPFileSlice(file, 0..<length))
        }
    }

    private func partialResponse(_ parts: [Range<Int>], of content: Content, _ fields: HTTPFields) -> HTTPResponse {
        var fields = fields
        if parts.count == 1 {
            fields[.contentRange] = RangeRequest.contentRange(of: parts[0], length: content.length)
            return switch content {
            case .memory(let content):
                HTTPResponse(
                    status: .partialContent, fields: fields,
                    shared: HTTPSharedContent(content.bytes[parts[0]]))
            case .file(let file, _):
                HTTPResponse(status: .partialContent, fields: fields, file: HTTPFileSlice(file, parts[0]))
            }
        }
        // Several parts of an open file would have to be read here. A server may ignore Range (RFC 9110 section 14.2).
        guard case .memory(let content) = content else { return whole(content, fields) }
        let boundary = MultipartByteRanges.makeBoundary()
        fields[.contentType] = MultipartByteRanges.mediaType(boundary: boundary)
        return HTTPResponse(
            status: .partialContent, fields: fields,
            content: MultipartByteRanges.content(
                parts, of: Array(content.bytes), mediaType: mediaType, boundary: boundary))
    }

    private static let vary: HTTPFields = {
        var fields = HTTPFields()
        fields[.vary] = "Accept-Encoding"
        return fields
    }()

    private static let allow: HTTPFields = {
        var fields = HTTPFields()
        fields[.allow] = "GET, HEAD, OPTIONS"
        return fields
    }()
}
