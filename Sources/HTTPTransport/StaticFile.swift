import HTTP

/// A file in memory, as it is and compressed if that pays, with the fields that go with it.
struct StaticFile: Sendable {
    /// One representation of the file: its tag is its own, its fields are made once.
    private struct Variant: Sendable {
        let content: [UInt8]
        let entityTag: EntityTag?
        let fields: HTTPFields
        let versionedFields: HTTPFields

        init(_ content: [UInt8], tag: String, fields: HTTPFields) {
            self.content = content
            entityTag = EntityTag(tag)
            var fields = fields
            fields[.etag] = entityTag?.fieldValue
            // Asked again each time, and answered by 304 for as long as it is the same.
            var unversioned = fields
            unversioned.append("no-cache", for: .cacheControl)
            self.fields = unversioned
            fields.append("public, max-age=31536000, immutable", for: .cacheControl)
            versionedFields = fields
        }
    }

    /// Tells this content from others.
    let version: String
    private let versionQuery: String
    private let mediaType: String
    private let lastModified: Int64
    private let identity: Variant
    private let gzip: Variant?

    /// - Parameters:
    ///   - path: its name tells the media type.
    ///   - lastModified: seconds since 1970-01-01T00:00:00Z.
    init(path: String, content: [UInt8], lastModified: Int64) {
        self.lastModified = lastModified
        version = Self.hash(of: content)
        versionQuery = "v=\(version)"
        mediaType = MediaTypes.mediaType(of: path)
        var fields = HTTPFields()
        fields[.contentType] = mediaType
        fields[.lastModified] = String(decoding: IMFFixdate.format(unixSeconds: lastModified), as: UTF8.self)
        fields[.xContentTypeOptions] = "nosniff"
        fields[.acceptRanges] = "bytes"
        let compressed = MediaTypes.isCompressible(mediaType) ? Gzip.compress(content) : nil
        if compressed != nil { fields[.vary] = "Accept-Encoding" }
        identity = Variant(content, tag: version, fields: fields)
        fields[.contentEncoding] = "gzip"
        gzip = compressed.map { [version] in Variant($0, tag: version + "-gzip", fields: fields) }
    }

    func response(to request: HTTPRequest) -> HTTPResponse {
        switch request.method {
        case .get, .head: break
        case .options: return HTTPResponse(status: .noContent, fields: Self.allow)
        default: return HTTPResponse(status: .methodNotAllowed, fields: Self.allow)
        }
        switch ContentCoding.preferred(request.fields, offersGzip: gzip != nil) {
        case .gzip: return response(to: request, gzip ?? identity)
        case .identity: return response(to: request, identity)
        case nil: return HTTPResponse(status: .notAcceptable, fields: gzip == nil ? HTTPFields() : Self.vary)
        }
    }

    private func response(to request: HTTPRequest, _ variant: Variant) -> HTTPResponse {
        let fields = request.target.query == versionQuery ? variant.versionedFields : variant.fields
        switch ConditionalRequest.evaluate(
            method: request.method, fields: request.fields, entityTag: variant.entityTag, lastModified: lastModified)
        {
        case .proceed: break
        case .notModified: return HTTPResponse(status: .notModified, fields: fields)
        case .preconditionFailed: return HTTPResponse(status: .preconditionFailed)
        }
        let content = variant.content
        switch RangeRequest(
            method: request.method, fields: request.fields, length: content.count, entityTag: variant.entityTag,
            lastModified: lastModified)
        {
        case .whole: return HTTPResponse(status: .ok, fields: fields, content: content)
        case .parts(let parts): return partialResponse(parts, of: content, fields)
        case .notSatisfiable:
            var none = gzip == nil ? HTTPFields() : Self.vary
            none[.contentRange] = RangeRequest.unsatisfiedContentRange(length: content.count)
            return HTTPResponse(status: .rangeNotSatisfiable, fields: none)
        }
    }

    private func partialResponse(_ parts: [Range<Int>], of content: [UInt8], _ fields: HTTPFields) -> HTTPResponse {
        var fields = fields
        if parts.count == 1 {
            fields[.contentRange] = RangeRequest.contentRange(of: parts[0], length: content.count)
            return HTTPResponse(status: .partialContent, fields: fields, content: Array(content[parts[0]]))
        }
        let boundary = MultipartByteRanges.makeBoundary()
        fields[.contentType] = MultipartByteRanges.mediaType(boundary: boundary)
        return HTTPResponse(
            status: .partialContent, fields: fields,
            content: MultipartByteRanges.content(parts, of: content, mediaType: mediaType, boundary: boundary))
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

    /// FNV-1a with 64 bits: tells the versions of one file apart, which nobody wants to forge.
    private static func hash(of content: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in content { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
