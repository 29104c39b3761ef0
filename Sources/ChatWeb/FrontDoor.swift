package import HTTP

/// What every request to a site passes on its way in, and every answer on its way out, whoever makes it: the public
/// files or the chat.
package struct FrontDoor: Sendable {
    private let hosts: OwnHosts
    private let refusals: RefusalLog
    private let chat: ChatApplication
    private let files: @Sendable (HTTPRequest) -> HTTPResponse?

    /// - Parameter files: answers a request for a package file; nil when its target is none.
    package init(
        hosts: OwnHosts, refusals: RefusalLog, chat: ChatApplication,
        files: @escaping @Sendable (HTTPRequest) -> HTTPResponse?
    ) {
        self.hosts = hosts
        self.refusals = refusals
        self.chat = chat
        self.files = files
    }

    /// Answers a request; on the chat's loop.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard let response = answerAtOnce(request) else { return Self.marked(await chat.respond(to: request)) }
        return Self.marked(response)
    }

    private static func marked(_ response: HTTPResponse) -> HTTPResponse {
        // Where many are answered the mark is among the fields already, which are then shared and not copied.
        guard !response.fields.contains(.obrolan) else { return response }
        var response = response
        for (name, value) in Self.marks { response.fields.append(value, for: name) }
        // Redirects and errors have content sometimes, and then no type that may be guessed at.
        if !response.fields.contains(.xContentTypeOptions) {
            response.fields.append("nosniff", for: .xContentTypeOptions)
        }
        return response
    }

    /// What each of our answers has: so the page's script tells it from one of a proxy between us.
    package static let marks: [(HTTPFieldName, String)] = [(.obrolan, "1")]

    /// What needs no waiting: a refusal, a file. Apart from what waits, which is kept for as long.
    private func answerAtOnce(_ request: HTTPRequest) -> HTTPResponse? {
        guard hosts.contains(request.authority) else {
            let host = request.authority ?? ""
            refusals.note("host \(host.prefix { $0 != ":" }.lowercased())") {
                "refused a request for the host \(RefusalLog.shown(host)): it is none of ours; add it to --allowed-hosts "
                    + "(OBROLAN_ALLOWED_HOSTS) if it is"
            }
            return chat.refuse(request, .foreignHost)
        }
        return files(request)
    }
}

extension HTTPFieldName {
    /// The mark of the application's own answers.
    static let obrolan: HTTPFieldName = {
        guard let name = HTTPFieldName("Obrolan") else { preconditionFailure("it is a token") }
        return name
    }()
}
