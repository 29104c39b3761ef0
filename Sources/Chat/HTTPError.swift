import HTTP

/// A request that is answered with an error, in a sentence for the person who made it.
struct HTTPError: Error {
    let status: HTTPStatus
    let sentence: String
    /// The form's field that the sentence is about.
    let field: String?
    /// What is wrong, for programs: the member `code` of the problem document.
    let code: String?

    init(_ status: HTTPStatus, _ sentence: String, field: String? = nil, code: String? = nil) {
        self.status = status
        self.sentence = sentence
        self.field = field
        self.code = code
    }

    init(_ status: HTTPStatus, _ rule: RuleError, field: String? = nil) {
        self.init(status, rule.sentence, field: field)
    }

    static let notLoggedIn = HTTPError(
        .unauthorized, "Anda belum masuk, atau sesi Anda sudah berakhir.", code: "not_logged_in")
    static let notAMember = HTTPError(.forbidden, "Anda bukan anggota ruang ini.", code: "not_a_member")
    static let notThatPerson = HTTPError(
        .conflict, "Di peramban ini yang masuk sekarang orang lain, jadi pesan tidak dikirim atas namanya.",
        code: "other_viewer")
    static let noSuchRoom = HTTPError(.notFound, "Ruang itu tidak ada.", code: "no_such_room")
    static let noSuchPage = HTTPError(.notFound, "Halaman itu tidak ada.")
    static let crossSite = HTTPError(.forbidden, "Permintaan dari situs lain ditolak.", code: "cross_site")
    static let unavailable = HTTPError(
        .serviceUnavailable, "Basis data sedang tidak dapat dihubungi. Coba lagi sebentar lagi.", code: "unavailable")
    static let failed = HTTPError(.internalServerError, "Terjadi kesalahan pada server.")

    /// What was sent cannot be taken as it is: told where it was typed.
    var isAboutForm: Bool {
        status == .unprocessableContent || status == .unsupportedMediaType || status == .conflict
    }

    /// Something that cannot be, for the log; the person gets a bare 500.
    static func internalError(_ reason: String) -> InternalError { InternalError(reason: reason) }
}

/// A state that the program does not expect. It is logged, and answered by 500.
struct InternalError: Error, CustomStringConvertible {
    let reason: String
    var description: String { reason }
}
