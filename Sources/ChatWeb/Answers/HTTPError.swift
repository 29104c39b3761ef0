import HTTP

/// A request that is answered with an error, in a sentence for the person who made it.
struct HTTPError: Error {
    /// What programs tell errors of one status apart by, where they have to do different things: `code` in the JSON.
    enum Code: String, Sendable {
        case busy
        case crossSite = "cross_site"
        case noSuchRoom = "no_such_room"
        case notAMember = "not_a_member"
        case notLoggedIn = "not_logged_in"
        case otherViewer = "other_viewer"
        case unavailable
    }

    let status: HTTPStatus
    let sentence: String
    /// The form's field that the sentence is about.
    let field: String?
    let code: Code?

    init(_ status: HTTPStatus, _ sentence: String, field: String? = nil, code: Code? = nil) {
        self.status = status
        self.sentence = sentence
        self.field = field
        self.code = code
    }

    static let noSuchPage = HTTPError(.notFound, "Halaman itu tidak ada.")
    static let crossSite = HTTPError(
        .forbidden, "Permintaan ini datang dari situs lain, jadi ditolak.", code: .crossSite)
    static let unknownSite = HTTPError(
        .forbidden,
        "Peramban tidak menyebut dari halaman mana permintaan ini datang, jadi ditolak. Muat ulang halamannya, lalu coba "
            + "lagi.", code: .crossSite)
    static let prefetch = HTTPError(.serviceUnavailable, "Halaman ini tidak dibuka sebelum diminta.")
    static let foreignHost = HTTPError(
        .misdirectedRequest,
        "Obrolan ini tidak dikenal dengan nama itu. Pengelola server dapat mengizinkannya dengan pilihan --allowed-hosts "
            + "(OBROLAN_ALLOWED_HOSTS).")
    static let unavailable = HTTPError(
        .serviceUnavailable, "Basis data sedang tidak dapat dihubungi. Coba lagi sebentar lagi.", code: .unavailable)
    static let busy = HTTPError(
        .serviceUnavailable, "Server sedang sibuk. Coba lagi sebentar lagi.", code: .busy)
    static let failed = HTTPError(.internalServerError, "Terjadi kesalahan pada server.")

    /// The page was made for somebody else than `name`, who is logged in now.
    static func otherViewer(than name: String) -> HTTPError {
        HTTPError(
            .conflict,
            "Di peramban ini yang masuk sekarang orang lain, yaitu \(name). Halaman itu bukan untuknya, jadi tidak ada "
                + "yang dilakukan.", code: .otherViewer)
    }

    /// What was sent cannot be taken as it is: told where it was typed.
    var isAboutForm: Bool {
        status == .unprocessableContent || status == .unsupportedMediaType || status == .conflict
    }
}
