import ChatWeb
import HTTP
import HTTPTransport

/// What one event loop serves, behind its door.
struct LoopResponder: HTTPResponder {
    let door: FrontDoor

    /// - Parameter files: asked for each request, so that a developer's changes can show.
    init(
        hosts: OwnHosts, refusals: RefusalLog, files: @escaping @Sendable () throws -> StaticFiles,
        chat: ChatApplication
    ) {
        door = FrontDoor(hosts: hosts, refusals: refusals, chat: chat) { request in
            do {
                return try files().response(to: request)
            } catch {
                // Only while files are read anew for each request: somebody is working on them.
                return HTTPResponse(status: .internalServerError, content: Array("\(error)\n".utf8))
            }
        }
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse { await door.respond(to: request) }
}
