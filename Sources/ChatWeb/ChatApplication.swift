package import Chat
package import HTTP
import HTMLTemplate
import Logging

/// The application on one event loop.
package struct ChatApplication: Sendable {
    let station: ChatStation
    let pages: @Sendable () throws -> Pages
    /// Whether browsers may send the session's cookie over TLS only.
    let hasSecureCookies: Bool
    let refusals: RefusalLog
    let people = SessionPeople()
    let routes: Router<Route>
    private let logger = Logger(label: "obrolan.chat")

    /// - Parameters:
    ///   - station: of the loop where it is called.
    ///   - refusals: where it is told why a request was taken for another site's.
    ///   - pages: asked for each page, so that a developer's changes can show.
    /// - Throws: `RouterError` when two routes contradict each other.
    package init(
        station: ChatStation, hasSecureCookies: Bool, refusals: RefusalLog,
        pages: @escaping @Sendable () throws -> Pages
    ) throws {
        self.station = station
        self.hasSecureCookies = hasSecureCookies
        self.refusals = refusals
        self.pages = pages
        routes = try Route.table()
    }

    /// Answers a request; on the loop. `FrontDoor` marks each answer as the application's own.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        let match = routes.match(request.method, path: request.target.path)
        var parameters: PathParameters?
        if case .found(_, let found) = match { parameters = found }
        let context = RequestContext(request: request, parameters: parameters)
        do {
            switch match {
            case .found(let route, _): return try await answer(context, by: route)
            case .options(let allowed): return HTTPResponse(status: .noContent, fields: Self.allowField(allowed))
            case .methodNotAllowed(let allowed):
                guard request.method.isKnown else { throw HTTPError(.notImplemented, "Metode itu tidak dikenal.") }
                var response = try response(
                    for: HTTPError(.methodNotAllowed, "Metode itu tidak berlaku untuk halaman ini."), to: context)
                response.fields[.allow] = Self.allowField(allowed)[.allow]
                return response
            case .notFound:
                guard request.method.isKnown else { throw HTTPError(.notImplemented, "Metode itu tidak dikenal.") }
                throw HTTPError.noSuchPage
            }
        } catch {
            return response(toFailure: error, of: context)
        }
    }

    /// Answers a request for which no route is looked up.
    func refuse(_ request: HTTPRequest, _ error: HTTPError) -> HTTPResponse {
        response(toFailure: error, of: RequestContext(request: request, parameters: nil))
    }

    /// Where every handler is called, after what has to be true of each request.
    private func answer(_ context: RequestContext, by route: Route) async throws -> HTTPResponse {
        var context = context
        if let response = try await check(&context, for: route) { return response }
        switch route.handler {
        case .open(let handle):
            return try await handle(self, context)
        case .session(let handle):
            guard let session = context.session else { throw Refusal.notLoggedIn }
            return try await handle(self, context, session)
        }
    }

    private static func allowField(_ methods: [HTTPMethod]) -> HTTPFields {
        var fields = HTTPFields()
        fields[.allow] = methods.map(\.rawValue).joined(separator: ", ")
        return fields
    }

    /// The page of a room that was asked for, for after logging in; nil where it is none.
    private func returnPath(to context: RequestContext) -> ReturnPath? {
        guard ["/room/", "/join/"].contains(where: { context.request.target.path.hasPrefix($0) }) else { return nil }
        return ReturnPath(context.request.target.description, among: routes)
    }

    // MARK: Errors

    private func response(toFailure error: any Error, of context: RequestContext) -> HTTPResponse {
        do {
            if let answer = (error as? any AnsweredError)?.answer {
                // A page that needs a session leads to where one gets it.
                if answer.status == .unauthorized, context.request.method.isSafe, context.format() == .html,
                    !context.isForScript
                {
                    return .redirect(to: returnPath(to: context)?.landing ?? "/")
                }
                return try response(for: answer, to: context)
            }
            note(error, of: context)
            switch Failure(error) {
            case .busy: return try response(for: .busy, to: context)
            case .unavailable: return try response(for: .unavailable, to: context)
            case .unexpected: return try response(for: .failed, to: context)
            }
        } catch {
            // The error's page could not be made either: a template that a developer is changing.
            return .text("\(error)\n", status: .internalServerError)
        }
    }

    /// Writes down why a request was not answered, or not to its end.
    func note(_ error: any Error, of context: RequestContext) {
        if error is any AnsweredError { return logger.info("\(context.description): \(error)") }
        switch Failure(error) {
        case .busy: logger.notice("\(context.description): \(error)")
        case .unavailable: logger.warning("\(context.description): \(error)")
        case .unexpected: logger.error("\(context.description): \(String(reflecting: error))")
        }
    }

    private func response(for error: HTTPError, to context: RequestContext) throws -> HTTPResponse {
        var response = try content(of: error, to: context)
        if error.status == .serviceUnavailable { response.fields[.retryAfter] = "1" }
        return response
    }

    private func content(of error: HTTPError, to context: RequestContext) throws -> HTTPResponse {
        guard context.format(first: context.isForScript ? .json : .html) == .html else {
            return .problem(error)
        }
        let isUnauthorized = error.status == .unauthorized
        let page = ErrorPage(
            frame: try pages().frame(title: error.status.heading, user: nil), status: error.status.code,
            message: error.sentence, typed: context.typed, backURL: isUnauthorized ? "/" : "/dashboard")
        return .html(try pages().error.renderInParts(page), status: error.status)
    }
}

extension HTTPMethod {
    /// One that the server knows, even where it does not apply (RFC 9110 section 9.1).
    fileprivate var isKnown: Bool {
        [.get, .head, .post, .put, .delete, .patch, .options, .trace, .connect].contains(self)
    }
}

extension HTTPStatus {
    /// A title for a page about an error.
    var heading: String {
        switch self {
        case .unauthorized: "Belum masuk"
        case .forbidden: "Tidak boleh"
        case .notFound: "Tidak ditemukan"
        case .serviceUnavailable: "Sedang tidak tersedia"
        case .internalServerError: "Kesalahan server"
        default: "Permintaan ditolak"
        }
    }
}
