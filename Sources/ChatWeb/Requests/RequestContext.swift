import Chat
import HTTP

/// A request with what the handlers want to know of it.
///
/// A class, because it goes through many hands: each of them would otherwise copy two dozen references.
final class RequestContext: Sendable {
    let request: HTTPRequest
    let parameters: PathParameters?
    /// The sessions that the request's cookies name, the one that counts first; whether there is such a session, the
    /// database tells.
    let sessions: [SessionToken]
    private let readForm: Result<HTTPForm, HTTPError>
    private let readQuery: Result<HTTPForm, HTTPError>

    init(request: HTTPRequest, parameters: PathParameters?) {
        self.request = request
        self.parameters = parameters
        sessions = SessionCookie.tokens(in: request.fields)
        readForm = Self.readForm(of: request)
        readQuery = request.target.query.map { Self.read($0.utf8) } ?? .success(HTTPForm())
    }

    /// The session that counts.
    var session: SessionToken? { sessions.first }

    private init(_ other: RequestContext, sessions: [SessionToken]) {
        request = other.request
        parameters = other.parameters
        self.sessions = sessions
        readForm = other.readForm
        readQuery = other.readQuery
    }

    /// The same with the session at that index as the one that counts.
    func choosing(session index: Int) -> RequestContext {
        var sessions = sessions
        sessions.swapAt(0, index)
        return RequestContext(self, sessions: sessions)
    }

    /// The request as the log calls it.
    var description: String {
        "\(request.method) \(request.target.path) (\(request.id))"
    }

    /// What a client may be answered with.
    enum Format: Sendable { case html, json }

    /// The form that the client's Accept field prefers; `first` when it does not mind.
    func format(first: Format = .html) -> Format {
        let offered = first == .html ? [Self.html, Self.json] : [Self.json, Self.html]
        return AcceptPreference(request.fields).bestMediaType(of: offered).map { $0 == Self.html ? .html : .json }
            ?? first
    }

    private static let html = "text/html"
    private static let json = "application/json"

    // MARK: What was sent

    /// The form in the request's content.
    /// - Throws: `HTTPError` 415 when it is none, 422 when it is not in UTF-8.
    func form() throws -> HTTPForm { try readForm.get() }

    /// The parameters in the target's query.
    func query() throws -> HTTPForm { try readQuery.get() }

    /// Why the content cannot be read although it is a form.
    var formError: HTTPError? {
        guard case .failure(let error) = readForm, error.status == .unprocessableContent else { return nil }
        return error
    }

    /// The values that a field has in the form and in the query; none of what cannot be read.
    func values(of name: String) -> [String] {
        var values: [String] = []
        if case .success(let form) = readForm { values = form.values(name) }
        if case .success(let query) = readQuery { values += query.values(name) }
        return values
    }

    /// Whether a form was sent that a page of the session has made. Of the session that counts: another's cookie, and so
    /// its token, somebody else may have planted.
    var hasFormToken: Bool {
        guard let session, let token = values(of: "token").first else { return false }
        return token == session.formToken
    }

    /// The ids of those for whom the page was made that has made the request: mostly none or one.
    /// - Throws: `HTTPError` 422 when one is no id.
    func claimedViewers() throws -> [Int64] {
        try values(of: "viewer").map { text in
            guard let id = PositiveInteger.parse(text) else {
                throw HTTPError(
                    .unprocessableContent, "viewer harus berupa bilangan dari 1 sampai \(Int64.max).", field: "viewer")
            }
            return id
        }
    }

    private static func readForm(of request: HTTPRequest) -> Result<HTTPForm, HTTPError> {
        guard let type = request.fields[.contentType].flatMap({ MediaType($0) }),
            type.essence == "application/x-www-form-urlencoded", type.charset == nil || type.charset == "utf-8"
        else { return .failure(noForm) }
        return read(request.content)
    }

    private static let noForm = HTTPError(
        .unsupportedMediaType, "Isi permintaan harus application/x-www-form-urlencoded dalam UTF-8.")

    private static func read(_ bytes: some Collection<UInt8>) -> Result<HTTPForm, HTTPError> {
        do {
            return .success(try HTTPForm(urlencoded: bytes))
        } catch {
            return .failure(HTTPError(.unprocessableContent, sentence(for: error)))
        }
    }

    private static func sentence(for error: HTTPFormError) -> String {
        switch error {
        case .containsNUL: "Isian tidak boleh berisi karakter NUL."
        case .invalidUTF8: "Isian harus dalam UTF-8."
        case .invalidPercentEncoding: "Tanda persen dalam isian harus diikuti dua digit heksadesimal."
        case .tooManyPairs: "Isian terlalu banyak."
        }
    }

    /// The room that the target's path names; routes with `{id:int}` only.
    var room: Int64 { parameters?.int("id") ?? 0 }

    /// The message that it names; routes with `{message:int}` only.
    var message: Int64 { parameters?.int("message") ?? 0 }
}

extension RequestContext {
    /// Whether a browser fetches what nobody has asked for yet (`Sec-Purpose` of Fetch, and its forerunners).
    var isPrefetch: Bool {
        [HTTPFieldName].prefetchMarks.contains { name in
            let purpose = request.fields[name]?.lowercased() ?? ""
            return ["prefetch", "prerender", "preview"].contains { purpose.contains($0) }
        }
    }

    /// The target is for programs: JSON is what it answers unless HTML is wanted, and it leads nowhere else.
    var isForScript: Bool { request.target.path.hasSuffix("/messages") }

    /// What was typed into the form that was refused.
    var typed: String? {
        guard request.method == .post, case .success(let form) = readForm else { return nil }
        let texts = ["content", "name", "with", "room_id", "username"].compactMap { form[$0] }.filter { !$0.isEmpty }
        return texts.isEmpty ? nil : texts.joined(separator: "\n")
    }
}

extension [HTTPFieldName] {
    fileprivate static let prefetchMarks = ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"].compactMap {
        HTTPFieldName($0)
    }
}

extension HTTPForm {
    /// The field's value, empty when there is none.
    func text(_ name: String) -> String { self[name] ?? "" }
}
