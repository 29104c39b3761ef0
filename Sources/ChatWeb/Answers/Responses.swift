import HTMLTemplate
import HTTP

extension HTTPResponse {
    /// What a page may load: this site's own files and nothing inline (CSP Level 3).
    private static let contentSecurityPolicy =
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

    private static func fields(contentType: String) -> HTTPFields {
        var fields = HTTPFields()
        fields[.contentType] = contentType
        fields[.xContentTypeOptions] = "nosniff"
        for (name, value) in FrontDoor.marks { fields.append(value, for: name) }
        // What people say to each other is for no cache, also not for the Back button after logging out.
        fields[.cacheControl] = "no-store"
        return fields
    }

    private static let htmlFields: HTTPFields = {
        var fields = Self.fields(contentType: "text/html; charset=utf-8")
        fields[.contentSecurityPolicy] = contentSecurityPolicy
        fields[.referrerPolicy] = "same-origin"
        fields[.vary] = "Accept-Encoding"
        return fields
    }()

    private static let jsonFields = fields(contentType: "application/json")
    private static let pictureFields: HTTPFields = {
        var fields = Self.fields(contentType: "image/svg+xml")
        // Opened by itself it is a document, and one that does nothing.
        fields[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        return fields
    }()
    private static let problemFields = fields(contentType: "application/problem+json")
    private static let textFields = fields(contentType: "text/plain; charset=utf-8")

    /// A page, or a part of one.
    static func html(_ page: RenderedPage, status: HTTPStatus = .ok) -> HTTPResponse {
        var response = HTTPResponse(status: status, fields: htmlFields, content: page.bytes)
        response.parts = HTTPContentParts(page.parts.map { .init(end: $0.end, isShared: $0.isShared) })
        return response
    }

    /// A JSON text.
    static func json(status: HTTPStatus = .ok, _ body: (inout JSONWriter) -> Void) -> HTTPResponse {
        var writer = JSONWriter()
        body(&writer)
        return HTTPResponse(status: status, fields: jsonFields, content: writer.bytes)
    }

    /// A JSON object with these members.
    static func jsonObject(status: HTTPStatus = .ok, _ members: (inout JSONWriter) -> Void) -> HTTPResponse {
        json(status: status) { $0.object(members) }
    }

    /// An error for a program (RFC 9457).
    static func problem(_ error: HTTPError) -> HTTPResponse {
        var writer = JSONWriter()
        writer.object { object in
            object.name("type")
            object.string("about:blank")
            object.name("title")
            object.string(error.status.reasonPhrase)
            object.name("status")
            object.number(Int64(error.status.code))
            object.name("detail")
            object.string(error.sentence)
            if let field = error.field {
                object.name("field")
                object.string(field)
            }
            if let code = error.code {
                object.name("code")
                object.string(code.rawValue)
            }
        }
        return HTTPResponse(status: error.status, fields: problemFields, content: writer.bytes)
    }

    /// A file, made while it is sent.
    /// - Parameter name: of ASCII letters, digits, `-` and `.` (RFC 6266 section 4.3).
    static func download(_ stream: HTTPContentStream, mediaType: String, name: String) -> HTTPResponse {
        var fields = Self.fields(contentType: mediaType)
        fields[.contentDisposition] = "attachment; filename=\"\(name)\""
        // Also where a browser shows it all the same.
        fields[.contentSecurityPolicy] =
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        return HTTPResponse(fields: fields, stream: stream)
    }

    /// A picture in SVG.
    static func picture(_ svg: String) -> HTTPResponse {
        HTTPResponse(fields: pictureFields, content: Array(svg.utf8))
    }

    static func text(_ text: String, status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(status: status, fields: textFields, content: Array(text.utf8))
    }

    /// After a form: the page to get next (RFC 9110 section 15.4.4).
    static func redirect(to location: String) -> HTTPResponse {
        var fields = HTTPFields()
        fields[.location] = location
        fields[.cacheControl] = "no-store"
        return HTTPResponse(status: .seeOther, fields: fields)
    }

    /// The same with a cookie set.
    func setting(cookie: String) -> HTTPResponse {
        var response = self
        response.fields.append(cookie, for: .setCookie)
        return response
    }
}
