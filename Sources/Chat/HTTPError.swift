import HTTP

/// A request that is answered with an error, in a sentence for the person who made it.
struct HTTPError: Error {
    let status: HTTPStatus
    let sentence: String
    /// The form's field that the sentence is about.
    let field: String?

    init(_ status: HTTPStatus, _ sentence: String, field: String? = nil) {
        self.status = status
        self.sentence = sentence
        self.field = field
    }

    init(_ status: HTTPStatus, _ rule: RuleError, field: String? = nil) {
        self.init(status, rule.sentence, field: field)
    }

    static let notLoggedIn = HTTPError(.unauthorized, "Anda belum masuk, atau sesi Anda sudah berakhir.")
    static let notAMember = HTTPError(.forbidden, "Anda bukan anggota ruang ini.")
    static let notThatPerson = HTTPError(
        .conflict, "Di peramban ini yang masuk sekarang orang lain, jadi pesan tidak dikirim atas namanya.")
    static let noSuchRoom = HTTPError(.notFound, "Ruang itu tidak ada.")
    static let noSuchPage = HTTPError(.notFound, "Halaman itu tidak ada.")
    static let crossSite = HTTPError(.forbidden, "Permintaan dari situs lain ditolak.")
    static let unavailable = HTTPError(
        .serviceUnavailable, "Basis data sedang tidak dapat dihubungi. Coba lagi sebentar lagi.")
    static let busy = HTTPError(.serviceUnavailable, "Server sedang sibuk. Coba lagi sebentar lagi.")
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
