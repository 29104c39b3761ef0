import Chat
import HTTP
import HTTPTransport

/// What one event loop serves: the files of `Public/`, and the chat.
struct Site: HTTPResponder {
    let files: @Sendable () throws -> StaticFiles
    let chat: ChatApplication

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        do {
            if let response = try files().response(to: request) { return response }
        } catch {
            // Only while files are read anew for each request: somebody is working on them.
            return HTTPResponse(status: .internalServerError, content: Array("\(error)\n".utf8))
        }
        return await chat.respond(to: request)
    }
}
