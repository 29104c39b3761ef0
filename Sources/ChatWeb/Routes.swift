import Chat
import HTTP

/// One line of the table of routes. A route needs a session unless it is marked open: its handler is given the
/// session's token, and hands it to the database with each statement.
struct Route: Sendable {
    typealias OpenHandler = @Sendable (ChatApplication, RequestContext) async throws -> HTTPResponse
    typealias SessionHandler = @Sendable (ChatApplication, RequestContext, SessionToken) async throws -> HTTPResponse

    enum Handler: Sendable {
        case open(OpenHandler)
        case session(SessionHandler)
    }

    let method: HTTPMethod
    let pattern: String
    let handler: Handler
    /// It changes something although its method is safe.
    let changesState: Bool
    /// Its handler reads the form, and says on the form's own page when that cannot be read.
    let saysWhatIsWrongWithForm: Bool

    private static func open(
        _ method: HTTPMethod, _ pattern: String, changesState: Bool = false, readsForm: Bool = false,
        _ handler: @escaping OpenHandler
    ) -> Route {
        Route(
            method: method, pattern: pattern, handler: .open(handler), changesState: changesState,
            saysWhatIsWrongWithForm: readsForm)
    }

    private static func session(
        _ method: HTTPMethod, _ pattern: String, readsForm: Bool = false, _ handler: @escaping SessionHandler
    ) -> Route {
        Route(
            method: method, pattern: pattern, handler: .session(handler), changesState: false,
            saysWhatIsWrongWithForm: readsForm)
    }

    static let all: [Route] = [
        open(.get, "/") { try await $0.showLanding($1) },
        open(.post, "/register", readsForm: true) { try await $0.register($1) },
        open(.post, "/login", readsForm: true) { try await $0.logIn($1) },
        open(.get, "/logout", changesState: true) { try await $0.logOut($1) },
        open(.post, "/logout") { try await $0.logOut($1) },
        session(.post, "/logout/others") { try await $0.logOutOthers($1, $2) },
        session(.post, "/account/delete") { try await $0.deleteAccount($1, $2) },

        session(.get, "/dashboard") { try await $0.showDashboard($1, $2) },
        session(.get, "/my-rooms") { try await $0.showMyRooms($1, $2) },
        session(.post, "/room/create", readsForm: true) { try await $0.createRoom($1, $2) },
        session(.post, "/room/join", readsForm: true) { try await $0.joinRoom($1, $2) },
        session(.get, "/join/{id:int}") { try await $0.showInvitation($1, $2) },
        session(.get, "/join/{id:int}/poster") { try await $0.showPoster($1, $2) },
        session(.get, "/join/{id:int}/qr.svg") { try await $0.showQRCode($1, $2) },
        session(.get, "/room/{id:int}") { try await $0.showRoom($1, $2) },
        session(.post, "/room/{id:int}/leave") { try await $0.leaveRoom($1, $2) },

        session(.get, "/room/{id:int}/details") { try await $0.showRoomDetails($1, $2) },
        session(.post, "/room/{id:int}/name", readsForm: true) { try await $0.renameRoom($1, $2) },
        session(.get, "/room/{id:int}/export") { try await $0.exportRoom($1, $2) },

        session(.get, "/room/{id:int}/messages") { try await $0.readMessages($1, $2) },
        session(.post, "/room/{id:int}/send", readsForm: true) { try await $0.sendMessage($1, $2) },
        session(.get, "/room/{id:int}/message/{message:int}") { try await $0.showMessage($1, $2) },
        session(.post, "/room/{id:int}/message/{message:int}/edit", readsForm: true) {
            try await $0.editMessage($1, $2)
        },
        session(.post, "/room/{id:int}/message/{message:int}/delete") { try await $0.deleteMessage($1, $2) },

        open(.get, "/healthz") { try await $0.checkHealth($1) },
    ]

    static func table() throws -> Router<Route> {
        var router = Router<Route>()
        for route in all { try router.add(route.method, route.pattern, route) }
        return router
    }
}
