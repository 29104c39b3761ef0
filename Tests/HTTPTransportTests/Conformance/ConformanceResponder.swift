import HTTP
import HTTPTransport

/// The application of the conformance table: it answers methods as the chat does, and its echo shows how a message was
/// framed.
struct ConformanceResponder: HTTPResponder {
    private enum Route: Sendable {
        /// The request on one line.
        case echo
        /// A representation with an entity tag and a date, which preconditions look at.
        case tagged
        case empty(HTTPStatus)
    }

    private let routes: Router<Route>
    private static let entityTag = EntityTag("v1")
    /// 1 January 2020.
    private static let lastModified: Int64 = 1_577_836_800

    init() throws {
        var routes = Router<Route>()
        try routes.add(.get, "/{path...}", .echo)
        try routes.add(.post, "/{path...}", .echo)
        try routes.add(.get, "/get", .echo)
        try routes.add(.post, "/post", .echo)
        for method: HTTPMethod in [.get, .put, .delete, .patch] { try routes.add(method, "/file", .echo) }
        try routes.add(.get, "/tagged", .tagged)
        try routes.add(.post, "/tagged", .tagged)
        try routes.add(.get, "/204", .empty(.noContent))
        try routes.add(.post, "/204", .empty(.noContent))
        try routes.add(.get, "/205", .empty(.resetContent))
        try routes.add(.get, "/404", .empty(.notFound))
        self.routes = routes
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        switch routes.match(request.method, path: request.target.path) {
        case .found(.echo, _): return HTTPResponse(content: Array(Self.echo(of: request).utf8))
        case .found(.tagged, _): return Self.tagged(request)
        case .found(.empty(let status), _): return HTTPResponse(status: status, content: Array("never sent".utf8))
        case .options(let allowed): return HTTPResponse(status: .noContent, fields: Self.allowField(allowed))
        case .methodNotAllowed where !Self.isKnown(request.method), .notFound where !Self.isKnown(request.method):
            return HTTPResponse(status: .notImplemented)
        case .methodNotAllowed(let allowed):
            return HTTPResponse(status: .methodNotAllowed, fields: Self.allowField(allowed))
        case .notFound: return HTTPResponse(status: .notFound)
        }
    }

    /// `METHOD target @host <content> [trailers] {values of Echo}`, what is empty left out. HEAD is answered as GET.
    private static func echo(of request: HTTPRequest) -> String {
        let method = request.method == .head ? .get : request.method
        var text = "\(method) \(request.target) @\(request.authority ?? "")"
        if !request.content.isEmpty { text += " <\(String(decoding: request.content, as: UTF8.self))>" }
        if !request.trailers.isEmpty {
            text += " [\(request.trailers.map { "\($0.name)=\($0.value)" }.joined(separator: "|"))]"
        }
        if let name = HTTPFieldName("Echo"), request.fields.contains(name) {
            text += " {\(request.fields.values(of: name).joined(separator: "|"))}"
        }
        return text
    }

    private static func tagged(_ request: HTTPRequest) -> HTTPResponse {
        let outcome = ConditionalRequest.evaluate(
            method: request.method, fields: request.fields, entityTag: entityTag, lastModified: lastModified)
        var response = HTTPResponse(content: Array("tagged".utf8))
        response.fields[.etag] = entityTag?.fieldValue
        switch outcome {
        case .proceed: break
        case .notModified: response.status = .notModified
        case .preconditionFailed: response.status = .preconditionFailed
        }
        return response
    }

    private static func allowField(_ methods: [HTTPMethod]) -> HTTPFields {
        var fields = HTTPFields()
        fields[.allow] = methods.map(\.rawValue).joined(separator: ", ")
        return fields
    }

    private static func isKnown(_ method: HTTPMethod) -> Bool {
        [.get, .head, .post, .put, .delete, .patch, .options, .trace, .connect].contains(method)
    }
}
