import HTTP

/// A file in memory, with the fields that go with it.
struct StaticFile: Sendable {
    /// Tells this content from others.
    let version: String
    private let content: [UInt8]
    private let entityTag: EntityTag?
    private let lastModified: Int64
    private let fields: HTTPFields
    private let versionedFields: HTTPFields

    /// - Parameters:
    ///   - path: its name tells the media type.
    ///   - lastModified: seconds since 1970-01-01T00:00:00Z.
    init(path: String, content: [UInt8], lastModified: Int64) {
        self.content = content
        self.lastModified = lastModified
        version = Self.hash(of: content)
        entityTag = EntityTag(version)
        var fields = HTTPFields()
        fields[.contentType] = Self.mediaType(of: path)
        fields[.etag] = entityTag?.fieldValue
        fields[.lastModified] = String(decoding: IMFFixdate.format(unixSeconds: lastModified), as: UTF8.self)
        fields[.xContentTypeOptions] = "nosniff"
        // Asked again each time, and answered by 304 for as long as it is the same.
        fields[.cacheControl] = "no-cache"
        self.fields = fields
        fields[.cacheControl] = "public, max-age=31536000, immutable"
        versionedFields = fields
    }

    func response(to request: HTTPRequest) -> HTTPResponse {
        switch request.method {
        case .get, .head: break
        case .options: return HTTPResponse(status: .noContent, fields: Self.allow)
        default: return HTTPResponse(status: .methodNotAllowed, fields: Self.allow)
        }
        let fields = request.target.query == "v=\(version)" ? versionedFields : fields
        switch ConditionalRequest.evaluate(
            method: request.method, fields: request.fields, entityTag: entityTag, lastModified: lastModified)
        {
        case .proceed: return HTTPResponse(status: .ok, fields: fields, content: content)
        case .notModified: return HTTPResponse(status: .notModified, fields: fields)
        case .preconditionFailed: return HTTPResponse(status: .preconditionFailed)
        }
    }

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

    private static let mediaTypes = [
        "css": "text/css; charset=utf-8", "html": "text/html; charset=utf-8", "ico": "image/x-icon",
        "jpg": "image/jpeg", "js": "text/javascript; charset=utf-8", "json": "application/json",
        "map": "application/json", "png": "image/png", "svg": "image/svg+xml", "txt": "text/plain; charset=utf-8",
        "webmanifest": "application/manifest+json", "webp": "image/webp", "woff2": "font/woff2",
    ]

    private static func mediaType(of path: String) -> String {
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        return mediaTypes[ending] ?? "application/octet-stream"
    }
}
