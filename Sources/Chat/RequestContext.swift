import HTTP

/// A request with what the handlers want to know of it.
struct RequestContext: Sendable {
    let request: HTTPRequest
    let parameters: PathParameters?
    /// The session that the request's cookie names; whether there is such a session, the database tells.
    let session: SessionToken?

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

    /// The form in the request's content.
    /// - Throws: `HTTPError` 415 when it is none, 422 when it is not in UTF-8.
    func form() throws -> HTTPForm {
        guard let type = request.fields[.contentType].flatMap({ MediaType($0) }),
            type.essence == "application/x-www-form-urlencoded", type.charset == nil || type.charset == "utf-8"
        else {
            throw HTTPError(
                .unsupportedMediaType, "Isi permintaan harus application/x-www-form-urlencoded dalam UTF-8.")
        }
        do {
            return try HTTPForm(urlencoded: request.content)
        } catch {
            throw HTTPError(.unprocessableContent, Self.sentence(for: error))
        }
    }

    /// The parameters in the target's query.
    func query() throws -> HTTPForm {
        do {
            return try HTTPForm(urlencoded: (request.target.query ?? "").utf8)
        } catch {
            throw HTTPError(.unprocessableContent, Self.sentence(for: error))
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
}

extension HTTPForm {
    /// The field's value, empty when there is none.
    func text(_ name: String) -> String { self[name] ?? "" }
}
