import Chat
import HTTP

/// An error that a person gets in a sentence.
protocol AnsweredError: Error {
    var answer: HTTPError { get }
}

extension HTTPError: AnsweredError {
    var answer: HTTPError { self }
}

/// The one place that knows what the chat's refusals are in HTTP, and in words.
extension Refusal: AnsweredError {
    var answer: HTTPError {
        switch self {
        case .notLoggedIn:
            HTTPError(.unauthorized, "Anda belum masuk, atau sesi Anda sudah berakhir.", code: .notLoggedIn)
        case .notAMember: HTTPError(.forbidden, "Anda bukan anggota ruang ini.", code: .notAMember)
        case .noSuchRoom: HTTPError(.notFound, "Ruang itu tidak ada.", code: .noSuchRoom)
        case .busy: .busy
        case .noSuchAccount: HTTPError(.notFound, "Tidak ada pengguna dengan nama itu.", field: "username")
        case .usernameTaken: HTTPError(.conflict, "Nama pengguna itu sudah dipakai.", field: "username")
        case .invalidUsername(let problem): HTTPError(.unprocessableContent, problem.sentence, field: "username")
        case .invalidOther(let problem): HTTPError(.unprocessableContent, problem.sentence, field: "with")
        case .noSuchPerson(let name): HTTPError(.notFound, "Tidak ada pengguna bernama \(name).", field: "with")
        case .dmWithOneself:
            HTTPError(
                .unprocessableContent, "DM adalah untuk Anda dan orang lain, bukan untuk Anda sendiri.", field: "with")
        case .dmIsFull: HTTPError(.conflict, "DM ini sudah berisi dua orang.")
        case .invalidRoomName(let problem): HTTPError(.unprocessableContent, problem.sentence, field: "name")
        case .invalidContent(let problem): HTTPError(.unprocessableContent, problem.sentence, field: "content")
        case .clientIDIsUsed:
            HTTPError(.conflict, "client_id itu sudah dipakai untuk pesan lain.", field: "client_id")
        case .noSuchQuote:
            HTTPError(
                .unprocessableContent, "Pesan yang ingin Anda balas tidak ada, atau sudah dihapus.", field: "reply_to")
        case .noSuchMessage: HTTPError(.notFound, "Pesan itu tidak ada.")
        case .notOnesOwn: HTTPError(.forbidden, "Itu bukan pesan Anda.")
        case .tooLateToEdit: HTTPError(.conflict, "Pesan itu sudah terlalu lama untuk disunting.")
        case .isDeleted: HTTPError(.conflict, "Pesan itu sudah dihapus.")
        }
    }
}

extension Username.Problem {
    fileprivate var sentence: String {
        switch self {
        case .empty: "Nama pengguna harus diisi."
        case .characters: "Nama pengguna hanya boleh berisi huruf, angka, titik, garis bawah, dan tanda hubung."
        case .tooLong: "Nama pengguna paling panjang \(ChatLimits.maxUsernameLength) karakter."
        case .reserved: "Nama itu dipakai oleh Obrolan sendiri. Pilih nama lain."
        }
    }
}

extension RoomName.Problem {
    fileprivate var sentence: String {
        switch self {
        case .tooLong: "Nama ruang paling panjang \(ChatLimits.maxRoomNameLength) karakter."
        case .controls: "Nama ruang tidak boleh berisi karakter kendali."
        case .unseen: "Nama ruang harus berisi sesuatu yang terlihat."
        case .ignorable: "Nama ruang tidak boleh berisi karakter yang tidak terlihat."
        }
    }
}

extension MessageContent.Problem {
    fileprivate var sentence: String {
        switch self {
        case .tooLong(let length): "Pesan paling panjang \(ChatLimits.maxContentLength) karakter; ini \(length)."
        case .blank: "Pesan tidak boleh kosong."
        }
    }
}
